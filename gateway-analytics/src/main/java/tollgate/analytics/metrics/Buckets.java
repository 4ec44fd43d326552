package tollgate.analytics.metrics;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/** The upper bounds of a histogram, the last one infinite. Immutable. */
final class Buckets {
  private final long[] nanos;
  private final byte[][] suffixes;

  private Buckets(long[] nanos, byte[][] suffixes) {
    this.nanos = nanos;
    this.suffixes = suffixes;
  }

  static Buckets of(List<Duration> bounds) {
    long[] nanos = new long[bounds.size()];
    byte[][] suffixes = new byte[bounds.size() + 1][];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = bounds.get(i).toNanos();
      suffixes[i] = suffix(text(nanos[i]));
    }
    suffixes[nanos.length] = suffix("+Inf");
    return new Buckets(nanos, suffixes);
  }

  /** How many, the infinite one included. */
  int count() {
    return suffixes.length;
  }

  /**
   * What follows the other labels: {@code ,le="0.1"} and the closing brace. The same in both
   * formats, so that a series survives their change.
   */
  byte[] suffix(int bucket) {
    return suffixes[bucket];
  }

  /** The first bucket that holds {@code value}. */
  int find(long value) {
    int i = 0;
    while (i < nanos.length && value > nanos[i]) {
      i++;
    }
    return i;
  }

  private static byte[] suffix(String bound) {
    return (",le=\"" + bound + "\"} ").getBytes(US_ASCII);
  }

  // OpenMetrics 1.0, "Considerations: Canonical Numbers": at least one digit after the point.
  private static String text(long nanos) {
    BigDecimal seconds = BigDecimal.valueOf(nanos, 9).stripTrailingZeros();
    return (seconds.scale() < 1 ? seconds.setScale(1) : seconds).toPlainString();
  }
}
