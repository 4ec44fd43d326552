package tollgate.transport.client;

import java.util.ArrayList;
import java.util.List;
import tollgate.core.upstream.Target;
import tollgate.transport.loop.EventLoops;

/**
 * All connections to one target: what the loops share of it, its addresses and how many connections
 * there may be, and a {@link LoopPool} for each. Made without I/O. It outlives the upstream it was
 * made for where the next generation has the same target with the same settings. Any thread.
 */
public final class TargetPool implements AutoCloseable {
  private final PoolSettings settings;
  private final EventLoops loops;
  private final Target target;
  private final HostName host;
  private final Permits permits;
  private final ConnectTimes connectTimes = new ConnectTimes();
  private final List<LoopPool> byLoop;
  private volatile boolean isRetired;
  private volatile boolean isClosed;

  private TargetPool(PoolSettings settings, Target target, EventLoops loops, HostName host) {
    this.settings = settings;
    this.target = target;
    this.loops = loops;
    this.host = host;
    this.permits = new Permits(settings.maxConnections(), loops.count());
    var pools = new ArrayList<LoopPool>();
    for (int i = 0; i < loops.count(); i++) {
      pools.add(new LoopPool(this, loops.loop(i)));
    }
    this.byLoop = List.copyOf(pools);
  }

  /**
   * Opens nothing and asks no name server.
   *
   * @param target of which place and weight in the list may differ from one generation to another
   */
  public static TargetPool create(
      Target target, PoolSettings settings, EventLoops loops, NameResolver names) {
    if (target.isTls() && settings.tls() == null) {
      throw new IllegalArgumentException("tls: is missing for " + target.label());
    }
    return new TargetPool(settings, target, loops, names.host(target.host()));
  }

  /**
   * The serving generation has no use for it: what is idle closes now, what is busy when it has
   * finished.
   */
  public void retire() {
    isRetired = true;
    closeIdle();
  }

  /** The serving generation uses it. */
  public void serve() {
    isRetired = false;
  }

  /** No generation has it any more: as {@link #retire}, and nothing is opened from here on. */
  @Override
  public void close() {
    isClosed = true;
    closeIdle();
  }

  private void closeIdle() {
    for (LoopPool pool : byLoop) {
      pool.loop().execute(pool::closeIdle);
    }
  }

  boolean isClosed() {
    return isClosed;
  }

  /** Whether no connection is to be kept for later. */
  boolean isEnding() {
    return isRetired || isClosed;
  }

  PoolSettings settings() {
    return settings;
  }

  EventLoops loops() {
    return loops;
  }

  ConnectTimes connectTimes() {
    return connectTimes;
  }

  Target target() {
    return target;
  }

  HostName host() {
    return host;
  }

  Permits permits() {
    return permits;
  }

  LoopPool on(int loop) {
    return byLoop.get(loop);
  }

  int loopCount() {
    return byLoop.size();
  }

  /**
   * Gives a permit back: to the loop that has waited longest for one, else to be taken by anybody.
   * A waiting loop is handed the permit itself, so that no newcomer can take it on the way.
   */
  void releasePermit() {
    while (true) {
      int loop = permits.longestWaiting();
      if (loop >= 0) {
        LoopPool pool = byLoop.get(loop);
        pool.loop().execute(pool::onPermitGranted);
        return;
      }
      permits.release();
      if (!permits.isAnyWaiting() || !permits.tryAcquire()) {
        return; // nobody began to wait in between, or who did has taken it
      }
    }
  }
}
