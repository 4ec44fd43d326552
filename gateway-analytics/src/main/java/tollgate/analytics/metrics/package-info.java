/**
 * Metrics for Prometheus. Hot families are counted in cells that one event loop alone writes; a
 * scrape sums them on its own thread. The rest comes from sources that are asked at each scrape.
 * {@link tollgate.analytics.metrics.Metric} lists every family.
 */
package tollgate.analytics.metrics;
