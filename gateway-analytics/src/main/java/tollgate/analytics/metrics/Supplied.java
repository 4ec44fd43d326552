package tollgate.analytics.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A supplied family: its sources, and the cap. Sources may come at any time; scraped by one thread.
 */
final class Supplied {
  private final Metric metric;
  private final LabelNames labels;
  private final int cap;
  private final List<SampleSource> sources = new CopyOnWriteArrayList<>();
  private int printed;
  private long leftOut;

  Supplied(Metric metric, int cap) {
    this.metric = metric;
    this.labels = LabelNames.of(metric.labels(), true);
    this.cap = cap;
  }

  void add(SampleSource source) {
    sources.add(source);
  }

  void print(Exposition out) {
    printed = 0;
    for (SampleSource source : sources) {
      source.sample((value, values) -> print(out, value, values));
    }
  }

  int printed() {
    return printed;
  }

  long leftOut() {
    return leftOut;
  }

  private void print(Exposition out, double value, String... values) {
    byte[] text = labels.text(values).getBytes(UTF_8);
    if (printed == cap) {
      leftOut++;
      return;
    }
    if (printed++ == 0) {
      out.family(metric);
    }
    out.sample(text, value);
  }
}
