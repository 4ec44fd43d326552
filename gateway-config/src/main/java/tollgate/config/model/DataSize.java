package tollgate.config.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes. Immutable.
 *
 * @param bytes not negative
 */
public record DataSize(long bytes) implements Comparable<DataSize> {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,15})([A-Za-z]*)");
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 0)");
    }
  }

  public static DataSize ofBytes(long bytes) {
    return new DataSize(bytes);
  }

  public static DataSize ofKibibytes(long count) {
    return new DataSize(Math.multiplyExact(count, 1024L));
  }

  public static DataSize ofMebibytes(long count) {
    return new DataSize(Math.multiplyExact(count, 1024L * 1024));
  }

  /**
   * Reads {@code 512B}, {@code 8KiB}, {@code 10MiB}, {@code 2GiB} or {@code 1TiB}.
   *
   * @throws IllegalArgumentException when the text is anything else; the message says what was
   *     expected
   */
  public static DataSize parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is not a size (expected e.g. 10MiB)");
    }
    String unit = matcher.group(2);
    if (unit.isEmpty()) {
      throw new IllegalArgumentException("has no unit (expected e.g. " + text + "KiB)");
    }
    long factor = 1;
    for (String known : UNITS) {
      if (known.equals(unit)) {
        return scaled(Long.parseLong(matcher.group(1)), factor);
      }
      factor *= 1024;
    }
    throw new IllegalArgumentException(
        "has the unknown unit " + unit + " (expected one of B, KiB, MiB, GiB, TiB)");
  }

  private static DataSize scaled(long count, long factor) {
    if (count > Long.MAX_VALUE / factor) {
      throw new IllegalArgumentException("is too large (expected: below 8388608TiB)");
    }
    return new DataSize(count * factor);
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** As {@link #parse} reads it, in the largest unit that divides it. */
  @Override
  public String toString() {
    long count = bytes;
    int unit = 0;
    while (count != 0 && count % 1024 == 0 && unit < UNITS.length - 1) {
      count /= 1024;
      unit++;
    }
    return count + UNITS[unit];
  }
}
