package tollgate.analytics.metrics;

/** The kind of a family as Prometheus names it. */
public enum MetricType {
  COUNTER("counter"),
  GAUGE("gauge"),
  HISTOGRAM("histogram");

  private final String word;

  MetricType(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }
}
