package tollgate.transport.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.port.Loop;
import tollgate.core.port.UpstreamConnector;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Target;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.loop.NettyLoop;
import tollgate.transport.tls.ClientTls;

/**
 * The connections of one upstream: for each target and event loop a {@link LoopPool}, behind {@link
 * Permits} per target. Made without I/O. {@link #connect} on the exchange's loop; the rest from any
 * thread.
 */
public final class PooledConnector implements UpstreamConnector {
  private final PoolSettings settings;
  private final EventLoops loops;
  private final List<TargetPool> targets;
  private final ConnectTimes connectTimes = new ConnectTimes();
  private volatile boolean isClosed;

  private PooledConnector(PoolSettings settings, EventLoops loops, NameResolver names) {
    this.settings = settings;
    this.loops = loops;
    var made = new ArrayList<TargetPool>();
    for (Target target : settings.targets()) {
      made.add(new TargetPool(this, target, names.host(target.host())));
    }
    this.targets = List.copyOf(made);
  }

  /** Opens nothing and asks no name server. */
  public static PooledConnector create(
      PoolSettings settings, EventLoops loops, NameResolver names) {
    return new PooledConnector(settings, loops, names);
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
    for (TargetPool target : targets) {
      for (int i = 0; i < loops.count(); i++) {
        PoolCounts counts = target.on(i).counts();
        active += counts.open() - counts.idle();
        idle += counts.idle();
        pending += counts.pending();
        opened += counts.opened();
        failed += counts.failed();
      }
    }
    return new PoolSnapshot(
        Math.max(0, active),
        idle,
        pending,
        opened,
        failed,
        connectTimes.sumNanos(),
        connectTimes.counts());
  }

  /** Closes what is idle; what is busy finishes and is closed then; who waits is told. */
  @Override
  public void close() {
    isClosed = true;
    for (TargetPool target : targets) {
      for (int i = 0; i < loops.count(); i++) {
        LoopPool pool = target.on(i);
        loops.loop(i).execute(pool::onConnectorClosed);
      }
    }
  }

  boolean isClosed() {
    return isClosed;
  }

  EventLoops loops() {
    return loops;
  }

  Duration maxIdle() {
    return settings.maxIdle();
  }

  int maxConnections() {
    return settings.maxConnections();
  }

  int maxPendingPerLoop() {
    return (settings.maxPending() + loops.count() - 1) / loops.count();
  }

  @Nullable ClientTls tls() {
    return settings.tls();
  }

  ConnectTimes connectTimes() {
    return connectTimes;
  }

  NettyLoop loop(int index) {
    return loops.loop(index);
  }
}
