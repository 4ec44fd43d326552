package tollgate.core.chain;

import org.jspecify.annotations.Nullable;
import tollgate.core.handler.Body;
import tollgate.core.handler.Verdict;
import tollgate.core.port.Loop;
import tollgate.core.time.Alarm;

/**
 * The one {@link Verdict.Later} that an exchange may wait for: how long, and the body that was lent
 * for it. A decision that comes when nobody waits for it any more has an old ticket. Event loop
 * only.
 */
final class PendingDecision {
  /** The longest it may take. */
  static final long LONGEST_NANOS = 10_000_000_000L;

  private final Loop loop;
  private final Runnable onTimeout;
  private int ticket;
  private @Nullable Alarm alarm;
  private @Nullable Body lent;

  /**
   * @param onTimeout called at most once for each that is awaited
   */
  PendingDecision(Loop loop, Runnable onTimeout) {
    this.loop = loop;
    this.onTimeout = onTimeout;
  }

  /**
   * @return what the decision must show when it comes
   */
  int await() {
    Alarm timeout =
        new Alarm() {
          @Override
          protected void onAlarm() {
            onTimeout.run();
          }
        };
    alarm = timeout;
    loop.set(timeout, LONGEST_NANOS);
    return ++ticket;
  }

  boolean isAwaited(int shown) {
    return shown == ticket;
  }

  void lend(Body body) {
    lent = body;
  }

  /** Waits no longer; gives back the body that was lent. */
  @Nullable Body forget() {
    ticket++;
    Alarm timeout = alarm;
    if (timeout != null) {
      loop.remove(timeout);
      alarm = null;
    }
    Body body = lent;
    lent = null;
    return body;
  }

  /** Waits no longer, and nobody needs the body. */
  void drop() {
    Body body = forget();
    if (body != null) {
      body.close();
    }
  }
}
