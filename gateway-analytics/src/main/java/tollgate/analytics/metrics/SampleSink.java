package tollgate.analytics.metrics;

/** Takes the samples of one family during a scrape. The scraping thread only. */
@FunctionalInterface
public interface SampleSink {
  /**
   * @param labelValues as many as {@link Metric#labels}, in that order; no two samples of a family
   *     have the same
   * @throws IllegalArgumentException if there are more or fewer
   */
  void put(double value, String... labelValues);

  /** As {@link #put(double, String...)}; exact up to 2^53. */
  default void put(long value, String... labelValues) {
    put((double) value, labelValues);
  }
}
