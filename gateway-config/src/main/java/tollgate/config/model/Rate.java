package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * So many in each such time. Immutable.
 *
 * @param count 1 to a million
 * @param per positive
 */
public record Rate(int count, Duration per) {
  public static final int MAX_COUNT = 1_000_000;

  public Rate {
    requireNonNull(per, "per");
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException("count: " + count + " (expected: 1 to " + MAX_COUNT + ")");
    }
    if (!per.isPositive()) {
      throw new IllegalArgumentException("per: " + per + " (expected: > 0)");
    }
  }
}
