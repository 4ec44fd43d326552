package tollgate.transport.client;

import java.util.ArrayList;
import java.util.List;
import tollgate.core.upstream.Target;

/**
 * What the loops share of one target: its addresses and how many connections there may be.
 * Immutable but for these two; any thread.
 */
final class TargetPool {
  private final Target target;
  private final HostName host;
  private final Permits permits;
  private final List<LoopPool> byLoop;

  TargetPool(PooledConnector connector, Target target, HostName host) {
    this.target = target;
    this.host = host;
    int loopCount = connector.loops().count();
    this.permits = new Permits(connector.maxConnections(), loopCount);
    var pools = new ArrayList<LoopPool>();
    for (int i = 0; i < loopCount; i++) {
      pools.add(new LoopPool(connector, this, connector.loop(i)));
    }
    this.byLoop = List.copyOf(pools);
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
