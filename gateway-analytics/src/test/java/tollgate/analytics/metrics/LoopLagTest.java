package tollgate.analytics.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import tollgate.core.port.Loop;
import tollgate.core.time.Alarm;
import tollgate.core.time.Ticker;

final class LoopLagTest {
  @Test
  void countsWaitsAndNeverQueuesTwoProbes() {
    try (GatewayMetrics metrics = new GatewayMetrics(MetricsOptions.defaults("1", "x"), 1)) {
      QueueLoop loop = new QueueLoop();
      try (LoopLag lag = LoopLag.of(metrics, "traffic", List.of(loop))) {
        lag.probe();
        lag.probe();
        assertThat(loop.tasks).hasSize(1);
        loop.tasks.remove().run();
        lag.probe();
        loop.tasks.remove().run();
      }

      assertThat(
              Scraped.of(metrics).value("tollgate_event_loop_lag_seconds_count{group=\"traffic\"}"))
          .isEqualTo("2");
    }
  }

  private static final class QueueLoop implements Loop {
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public int index() {
      return 0;
    }

    @Override
    public boolean inEventLoop() {
      return true;
    }

    @Override
    public Ticker ticker() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ByteBufAllocator allocator() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void set(Alarm alarm, long delayNanos) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void clear(Alarm alarm) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void remove(Alarm alarm) {
      throw new UnsupportedOperationException();
    }
  }
}
