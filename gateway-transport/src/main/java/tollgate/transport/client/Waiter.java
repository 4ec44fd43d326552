package tollgate.transport.client;

import org.jspecify.annotations.Nullable;
import tollgate.core.port.UpstreamConnector.Cancellation;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.time.Alarm;
import tollgate.core.upstream.AttemptTimeouts;

/**
 * An exchange that waits for a connection, linked into its pool's queue. Event loop only.
 *
 * <p>It either has a connection being opened for it, which then watches the time, or waits for a
 * permit to open one and watches the time itself. Where connections carry many requests it may ride
 * along: wait for one that is being opened for another, and watch the time itself. It takes
 * whichever connection is there first.
 */
final class Waiter extends Alarm implements Cancellation {
  private final LoopPool pool;
  final AttemptTimeouts timeouts;
  final UpstreamEvents events;
  final long sinceNanos;

  /** Being opened for this one; null while there is no permit, and where it rides along. */
  @Nullable PooledConnection dialled;

  boolean isRiding;

  boolean isQueued;
  @Nullable Waiter older;
  @Nullable Waiter younger;

  Waiter(LoopPool pool, AttemptTimeouts timeouts, UpstreamEvents events, long sinceNanos) {
    this.pool = pool;
    this.timeouts = timeouts;
    this.events = events;
    this.sinceNanos = sinceNanos;
  }

  @Override
  protected void onAlarm() {
    pool.onWaitOver(this);
  }

  @Override
  public void cancel() {
    pool.onCancelled(this);
  }
}
