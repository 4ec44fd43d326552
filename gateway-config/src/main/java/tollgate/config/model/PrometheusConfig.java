package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * What {@code /metrics} shows. Immutable.
 *
 * @param seriesLimit most series of one metric family; the rest is counted in one overflow series
 * @param buckets upper bounds of duration histograms, rising, at least one
 */
public record PrometheusConfig(Labels labels, int seriesLimit, List<Duration> buckets) {
  public static final int DEFAULT_SERIES_LIMIT = 10_000;
  public static final List<Duration> DEFAULT_BUCKETS =
      List.of(
          Duration.ofMillis(1),
          Duration.ofMillis(5),
          Duration.ofMillis(10),
          Duration.ofMillis(25),
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofMillis(250),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofMillis(2500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10));
  public static final PrometheusConfig DEFAULTS =
      new PrometheusConfig(Labels.DEFAULTS, DEFAULT_SERIES_LIMIT, DEFAULT_BUCKETS);

  /**
   * Labels that multiply series.
   *
   * @param operation whether requests are told apart by operation
   */
  public record Labels(boolean operation) {
    public static final boolean DEFAULT_OPERATION = true;
    public static final Labels DEFAULTS = new Labels(DEFAULT_OPERATION);
  }

  public PrometheusConfig {
    requireNonNull(labels, "labels");
    if (seriesLimit < 1) {
      throw new IllegalArgumentException("seriesLimit: " + seriesLimit + " (expected: >= 1)");
    }
    buckets = List.copyOf(buckets);
    if (buckets.isEmpty()) {
      throw new IllegalArgumentException("buckets: is empty (expected: at least one)");
    }
    for (int i = 1; i < buckets.size(); i++) {
      if (buckets.get(i).compareTo(buckets.get(i - 1)) <= 0) {
        throw new IllegalArgumentException(
            "buckets: do not rise at item " + i + " (expected: each above the one before)");
      }
    }
  }
}
