package tollgate.transport.client;

import java.util.Arrays;
import java.util.List;
import tollgate.core.port.Loop;
import tollgate.core.port.UpstreamConnector;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Target;
import tollgate.transport.loop.EventLoops;

/**
 * The connections of one upstream: a {@link TargetPool} for each of its targets. Made without I/O.
 * {@link #connect} on the exchange's loop; the rest from any thread.
 */
public final class PooledConnector implements UpstreamConnector {
  private final List<TargetPool> targets;

  /**
   * @param targets in the order of the upstream's; may be those of other connectors too
   */
  public PooledConnector(List<TargetPool> targets) {
    this.targets = List.copyOf(targets);
  }

  /** With pools of its own; opens nothing and asks no name server. */
  public static PooledConnector create(
      List<Target> targets, PoolSettings settings, EventLoops loops, NameResolver names) {
    return new PooledConnector(
        targets.stream().map(target -> TargetPool.create(target, settings, loops, names)).toList());
  }

  public List<TargetPool> targets() {
    return targets;
  }

  @Override
  public Cancellation connect(
      Loop loop, Target target, AttemptTimeouts timeouts, UpstreamEvents events) {
    assert loop.inEventLoop() : "not on the event loop";
    return targets.get(target.index()).on(loop.index()).connect(timeouts, events);
  }

  /** What there is now; the parts are read one after the other. */
  public PoolSnapshot snapshot() {
    int active = 0;
    int idle = 0;
    int pending = 0;
    long opened = 0;
    long failed = 0;
    long connectNanos = 0;
    long[] connectCounts = new long[PoolSnapshot.connectBoundsSeconds().size() + 1];
    for (TargetPool target : targets) {
      for (int i = 0; i < target.loopCount(); i++) {
        PoolCounts counts = target.on(i).counts();
        active += counts.open() - counts.idle();
        idle += counts.idle();
        pending += counts.pending();
        opened += counts.opened();
        failed += counts.failed();
      }
      connectNanos += target.connectTimes().sumNanos();
      List<Long> times = target.connectTimes().counts();
      for (int i = 0; i < connectCounts.length; i++) {
        connectCounts[i] += times.get(i);
      }
    }
    return new PoolSnapshot(
        Math.max(0, active),
        idle,
        pending,
        opened,
        failed,
        connectNanos,
        Arrays.stream(connectCounts).boxed().toList());
  }

  /** Closes its pools: what is idle at once, what is busy when it has finished. */
  @Override
  public void close() {
    targets.forEach(TargetPool::close);
  }
}
