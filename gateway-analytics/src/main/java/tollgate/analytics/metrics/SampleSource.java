package tollgate.analytics.metrics;

/** Tells the current samples of one family; asked at each scrape, on the scraping thread. */
@FunctionalInterface
public interface SampleSource {
  void sample(SampleSink sink);
}
