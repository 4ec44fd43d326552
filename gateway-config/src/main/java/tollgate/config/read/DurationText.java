package tollgate.config.read;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the configuration writes them: {@code 250ms 30s 5m 1h 1day 1week}. Any thread. */
public final class DurationText {
  static final String PATTERN = "[0-9]{1,12}(?:ms|s|m|h|day|week)";

  private static final Pattern TEXT = Pattern.compile("(\\d{1,12})([A-Za-z]*)");
  private static final Map<String, Long> UNIT_MILLIS =
      Map.of(
          "ms",
          1L,
          "s",
          1000L,
          "m",
          60_000L,
          "h",
          3_600_000L,
          "day",
          86_400_000L,
          "week",
          604_800_000L);
  private static final String[] LARGEST_FIRST = {"week", "day", "h", "m", "s", "ms"};

  private DurationText() {}

  /**
   * Reads one whole number with one unit.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static Duration parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "is not a duration (expected a whole number with a unit, e.g. 250ms or 30s)");
    }
    String unit = matcher.group(2);
    if (unit.isEmpty()) {
      throw new IllegalArgumentException("has no unit (expected e.g. " + matcher.group(1) + "s)");
    }
    Long millis = UNIT_MILLIS.get(unit);
    if (millis == null) {
      throw new IllegalArgumentException(
          "has the unknown unit " + unit + " (expected one of ms, s, m, h, day, week)");
    }
    return Duration.ofMillis(Math.multiplyExact(Long.parseLong(matcher.group(1)), millis));
  }

  /**
   * A duration of whole milliseconds as {@link #parse} reads it, in the largest unit that divides
   * it.
   */
  public static String print(Duration duration) {
    long millis = duration.toMillis();
    for (String unit : LARGEST_FIRST) {
      long size = UNIT_MILLIS.getOrDefault(unit, 1L);
      if (millis != 0 && millis % size == 0) {
        return millis / size + unit;
      }
    }
    return "0s";
  }
}
