package tollgate.analytics.metrics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tollgate.core.port.Loop;

/**
 * Measures how long a task waits for its event loop, by handing each loop one now and then. A loop
 * that has not run its task yet gets no second one; the wait is counted when it ends. Any thread.
 */
public final class LoopLag implements AutoCloseable {
  private final List<Probe> probes;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("tollgate-loop-lag").factory());

  private LoopLag(List<Probe> probes) {
    this.probes = probes;
  }

  /** Begins to measure; ends with {@link #close}. */
  public static LoopLag start(
      GatewayMetrics metrics, String group, List<? extends Loop> loops, Duration every) {
    LoopLag lag = of(metrics, group, loops);
    long nanos = every.toNanos();
    // The future would tell of an exception only; a loop that is shut down refuses tasks.
    var _ = lag.clock.scheduleAtFixedRate(lag::probe, nanos, nanos, TimeUnit.NANOSECONDS);
    return lag;
  }

  static LoopLag of(GatewayMetrics metrics, String group, List<? extends Loop> loops) {
    return new LoopLag(loops.stream().map(loop -> new Probe(metrics, group, loop)).toList());
  }

  /** Hands every loop its task. */
  void probe() {
    for (Probe probe : probes) {
      probe.send();
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private static final class Probe implements Runnable {
    private final GatewayMetrics metrics;
    private final String group;
    private final Loop loop;
    private volatile boolean isUnderWay;
    private volatile long sentNanos;

    Probe(GatewayMetrics metrics, String group, Loop loop) {
      this.metrics = metrics;
      this.group = group;
      this.loop = loop;
    }

    void send() {
      if (!isUnderWay) {
        isUnderWay = true;
        sentNanos = System.nanoTime();
        loop.execute(this);
      }
    }

    @Override
    public void run() {
      metrics.lagged(loop.index(), group, System.nanoTime() - sentNanos);
      isUnderWay = false;
    }
  }
}
