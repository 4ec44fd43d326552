package tollgate.core.port;

import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Target;

/**
 * The connections to the targets of one upstream: a pool per event loop behind it. Made without
 * I/O; {@link #connect} on the event loop of the exchange, {@link #close} from any thread when the
 * last snapshot that uses it ends.
 */
public interface UpstreamConnector extends AutoCloseable {
  /**
   * Finds an idle connection to {@code target} on {@code loop} or opens one, then calls {@link
   * UpstreamEvents#onConnected} or {@link UpstreamEvents#onFailure}.
   *
   * @return gives up the wait: after it, no event follows. Has no effect once connected.
   */
  Cancellation connect(Loop loop, Target target, AttemptTimeouts timeouts, UpstreamEvents events);

  @Override
  void close();

  /** Ends a wait. Event loop only. */
  @FunctionalInterface
  interface Cancellation {
    Cancellation NOTHING = () -> {};

    void cancel();
  }
}
