package tollgate.analytics.metrics;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/** The upper bounds of a histogram, the last one infinite. Immutable. */
final class Buckets {
  private final long[] nanos;
  private final String[] texts;

  private Buckets(long[] nanos, String[] texts) {
    this.nanos = nanos;
    this.texts = texts;
  }

  static Buckets of(List<Duration> bounds) {
    long[] nanos = new long[bounds.size()];
    String[] texts = new String[bounds.size() + 1];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = bounds.get(i).toNanos();
      texts[i] = text(nanos[i]);
    }
    texts[nanos.length] = "+Inf";
    return new Buckets(nanos, texts);
  }

  /** How many, the infinite one included. */
  int count() {
    return texts.length;
  }

  /** As in label {@code le}: the same in both formats, so that a series survives their change. */
  String text(int bucket) {
    return texts[bucket];
  }

  /** The first bucket that holds {@code value}. */
  int find(long value) {
    int i = 0;
    while (i < nanos.length && value > nanos[i]) {
      i++;
    }
    return i;
  }

  // OpenMetrics 1.0, "Considerations: Canonical Numbers": at least one digit after the point.
  private static String text(long nanos) {
    BigDecimal seconds = BigDecimal.valueOf(nanos, 9).stripTrailingZeros();
    return (seconds.scale() < 1 ? seconds.setScale(1) : seconds).toPlainString();
  }
}
