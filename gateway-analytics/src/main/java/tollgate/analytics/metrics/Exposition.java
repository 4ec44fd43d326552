package tollgate.analytics.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes one scrape. One thread.
 *
 * <p>OpenMetrics names a counter's family without {@code _total}, knows exemplars and ends with
 * {@code # EOF}; else the two formats are the same here.
 */
final class Exposition {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final String TOTAL = "_total";
  private static final byte[] BUCKET = "_bucket{".getBytes(UTF_8);
  private static final byte[] SUM = "_sum{".getBytes(UTF_8);
  private static final byte[] COUNT = "_count{".getBytes(UTF_8);
  private static final byte[] EXEMPLAR = " # {trace_id=\"".getBytes(UTF_8);

  private final TextBuffer out;
  private final boolean openMetrics;
  private byte[] name = new byte[0];

  Exposition(ExpositionFormat format, int expectedBytes) {
    this.out = new TextBuffer(expectedBytes);
    this.openMetrics = format == ExpositionFormat.OPENMETRICS;
  }

  /** Begins a family; its samples follow. */
  void family(Metric metric) {
    String sampleName = metric.familyName();
    name = sampleName.getBytes(UTF_8);
    String family =
        openMetrics && metric.type() == MetricType.COUNTER
            ? sampleName.substring(0, sampleName.length() - TOTAL.length())
            : sampleName;
    out.add("# HELP ").add(family).add(' ').add(metric.help()).add('\n');
    out.add("# TYPE ").add(family).add(' ').add(metric.type().word()).add('\n');
  }

  /**
   * @param labels what stands between the braces; empty for none
   */
  void sample(byte[] labels, long value) {
    begin(labels);
    out.add(value).add('\n');
  }

  void sample(byte[] labels, double value) {
    begin(labels);
    out.add(value).add('\n');
  }

  void sample(Series<CounterCell> series) {
    sample(series.labels(), total(series));
  }

  static long total(Series<CounterCell> series) {
    long sum = 0;
    for (int loop = 0; loop < series.loops(); loop++) {
      CounterCell cell = series.peek(loop);
      sum += cell == null ? 0 : cell.value();
    }
    return sum;
  }

  static long observations(Series<HistogramCell> series, Buckets buckets) {
    long sum = 0;
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      sum += count(series, bucket);
    }
    return sum;
  }

  void histogram(Series<HistogramCell> series, Buckets buckets) {
    long total = 0;
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      total += count(series, bucket);
      out.add(name).add(BUCKET).add(series.labels()).add(buckets.suffix(bucket)).add(total);
      if (openMetrics) {
        exemplar(newest(series, bucket));
      }
      out.add('\n');
    }
    out.add(name)
        .add(SUM)
        .add(series.labels())
        .add("} ")
        .add(sum(series) / NANOS_PER_SECOND)
        .add('\n');
    out.add(name).add(COUNT).add(series.labels()).add("} ").add(total).add('\n');
  }

  /** Whole families that somebody else wrote in this format. */
  void foreign(String text) {
    String end = "# EOF\n";
    out.add(text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text);
  }

  ByteBuf take() {
    if (openMetrics) {
      out.add("# EOF\n");
    }
    return out.take();
  }

  private void begin(byte[] labels) {
    out.add(name);
    if (labels.length > 0) {
      out.add('{').add(labels).add('}');
    }
    out.add(' ');
  }

  private void exemplar(@Nullable Exemplar exemplar) {
    if (exemplar != null) {
      out.add(EXEMPLAR).add(exemplar.traceId()).add("\"} ").addSeconds(exemplar.nanos());
      out.add(' ').addSeconds(exemplar.epochMillis() * 1_000_000);
    }
  }

  private static long count(Series<HistogramCell> series, int bucket) {
    long sum = 0;
    for (int loop = 0; loop < series.loops(); loop++) {
      HistogramCell cell = series.peek(loop);
      sum += cell == null ? 0 : cell.count(bucket);
    }
    return sum;
  }

  private static double sum(Series<HistogramCell> series) {
    double sum = 0;
    for (int loop = 0; loop < series.loops(); loop++) {
      HistogramCell cell = series.peek(loop);
      sum += cell == null ? 0 : cell.sum();
    }
    return sum;
  }

  private static @Nullable Exemplar newest(Series<HistogramCell> series, int bucket) {
    Exemplar newest = null;
    for (int loop = 0; loop < series.loops(); loop++) {
      HistogramCell cell = series.peek(loop);
      Exemplar exemplar = cell == null ? null : cell.exemplar(bucket);
      if (exemplar != null && (newest == null || exemplar.epochMillis() > newest.epochMillis())) {
        newest = exemplar;
      }
    }
    return newest;
  }
}
