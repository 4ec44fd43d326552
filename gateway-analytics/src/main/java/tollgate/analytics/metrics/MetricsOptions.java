package tollgate.analytics.metrics;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What is configured of the metrics. Immutable.
 *
 * @param buckets upper bounds of the request and upstream duration histograms, rising
 * @param fineBuckets the same for what is usually below a millisecond: overhead, connect, loop lag
 * @param operationLabel whether there is a label {@code operation}
 * @param seriesCap most series of a family, histograms counted once per label set; {@code _none}
 *     and {@code _overflow} come on top
 * @param version label of {@code build_info}
 * @param revision label of {@code build_info}
 */
public record MetricsOptions(
    List<Duration> buckets,
    List<Duration> fineBuckets,
    boolean operationLabel,
    int seriesCap,
    String version,
    String revision) {
  /** 1 ms to 10 s. */
  public static final List<Duration> DEFAULT_BUCKETS =
      micros(
          1_000,
          2_500,
          5_000,
          10_000,
          25_000,
          50_000,
          100_000,
          250_000,
          500_000,
          1_000_000,
          2_500_000,
          5_000_000,
          10_000_000);

  /** 100 us to 1 s. */
  public static final List<Duration> DEFAULT_FINE_BUCKETS =
      micros(
          100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
          1_000_000);

  public static final int DEFAULT_SERIES_CAP = 10_000;

  public MetricsOptions {
    buckets = rising(buckets, "buckets");
    fineBuckets = rising(fineBuckets, "fineBuckets");
    if (seriesCap < 1) {
      throw new IllegalArgumentException("seriesCap: " + seriesCap + " (expected: >= 1)");
    }
    requireNonNull(version, "version");
    requireNonNull(revision, "revision");
  }

  public static MetricsOptions defaults(String version, String revision) {
    return new MetricsOptions(
        DEFAULT_BUCKETS, DEFAULT_FINE_BUCKETS, true, DEFAULT_SERIES_CAP, version, revision);
  }

  private static List<Duration> micros(long... bounds) {
    return LongStream.of(bounds).mapToObj(bound -> Duration.ofNanos(bound * 1_000)).toList();
  }

  private static List<Duration> rising(List<Duration> bounds, String what) {
    Duration last = Duration.ZERO;
    for (Duration bound : bounds) {
      if (bound.compareTo(last) <= 0) {
        throw new IllegalArgumentException(
            what + ": " + bound + " after " + last + " (expected: above 0 and rising)");
      }
      last = bound;
    }
    return List.copyOf(bounds);
  }
}
