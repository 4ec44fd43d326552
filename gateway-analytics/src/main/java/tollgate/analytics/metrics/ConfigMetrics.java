package tollgate.analytics.metrics;

import java.util.Map;

/** What became of the configuration. Any thread. */
public final class ConfigMetrics {
  private record State(
      long successes,
      long failures,
      boolean lastSuccessful,
      long generation,
      long successMillis,
      Map<String, Integer> objects) {}

  private volatile State state = new State(0, 0, false, 0, 0, Map.of());

  ConfigMetrics() {}

  /**
   * A configuration serves from now on, be it the first.
   *
   * @param objects how many there are of each kind
   */
  public synchronized void loaded(long generation, long epochMillis, Map<String, Integer> objects) {
    State was = state;
    state =
        new State(
            was.successes + 1, was.failures, true, generation, epochMillis, Map.copyOf(objects));
  }

  /** A configuration was refused; the old one goes on serving. */
  public synchronized void refused() {
    State was = state;
    state =
        new State(
            was.successes, was.failures + 1, false, was.generation, was.successMillis, was.objects);
  }

  void supplyTo(GatewayMetrics metrics) {
    metrics.supply(
        Metric.CONFIG_RELOADS,
        sink -> {
          State now = state;
          sink.put(now.successes, "success");
          sink.put(now.failures, "failure");
        });
    metrics.supply(
        Metric.CONFIG_LAST_RELOAD_SUCCESSFUL, sink -> sink.put(state.lastSuccessful ? 1 : 0));
    metrics.supply(Metric.CONFIG_LAST_SUCCESS, sink -> sink.put(state.successMillis / 1_000.0));
    metrics.supply(Metric.CONFIG_GENERATION, sink -> sink.put(state.generation));
    metrics.supply(
        Metric.CONFIG_OBJECTS,
        sink -> state.objects.forEach((kind, count) -> sink.put(count, kind)));
  }
}
