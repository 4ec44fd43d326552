package tollgate.core.message.json;

import org.jspecify.annotations.Nullable;

/**
 * The value of a number's lexeme as 0.DIGITS times ten to a power: compared without ever computing
 * it, so that {@code 1e999999} costs what its eight characters cost. Immutable.
 *
 * <p>Powers beyond ten to the eighteenth are taken for that.
 */
final class JsonNumber implements Comparable<JsonNumber> {
  private static final long MOST = 1_000_000_000_000_000_000L;

  private final int sign;

  /** Without zeros at either end; empty for zero. */
  private final String digits;

  private final long power;

  private JsonNumber(int sign, String digits, long power) {
    this.sign = sign;
    this.digits = digits;
    this.power = power;
  }

  /** Of a number as JSON writes it. */
  static JsonNumber of(String lexeme) {
    int from = lexeme.charAt(0) == '-' ? 1 : 0;
    int mantissaEnd = from;
    int point = -1;
    while (mantissaEnd < lexeme.length() && (lexeme.charAt(mantissaEnd) | 0x20) != 'e') {
      if (lexeme.charAt(mantissaEnd) == '.') {
        point = mantissaEnd;
      }
      mantissaEnd++;
    }
    String whole = lexeme.substring(from, point < 0 ? mantissaEnd : point);
    String all = point < 0 ? whole : whole + lexeme.substring(point + 1, mantissaEnd);
    int first = 0;
    while (first < all.length() && all.charAt(first) == '0') {
      first++;
    }
    int last = all.length();
    while (last > first && all.charAt(last - 1) == '0') {
      last--;
    }
    if (first == last) {
      return new JsonNumber(0, "", 0);
    }
    long power = whole.length() - first + exponent(lexeme, mantissaEnd + 1);
    return new JsonNumber(from == 1 ? -1 : 1, all.substring(first, last), power);
  }

  private static long exponent(String lexeme, int from) {
    if (from >= lexeme.length()) {
      return 0;
    }
    boolean isNegative = lexeme.charAt(from) == '-';
    boolean isSigned = isNegative || lexeme.charAt(from) == '+';
    long value = 0;
    for (int i = isSigned ? from + 1 : from; i < lexeme.length(); i++) {
      value = Math.min(MOST, value * 10 + (lexeme.charAt(i) - '0'));
      if (value == MOST) {
        break;
      }
    }
    return isNegative ? -value : value;
  }

  @Override
  public int compareTo(JsonNumber other) {
    if (sign != other.sign) {
      return Integer.compare(sign, other.sign);
    }
    // No zero stands at the end of the digits: of two that begin alike the longer is larger.
    int larger =
        power != other.power ? Long.compare(power, other.power) : digits.compareTo(other.digits);
    return sign < 0 ? -Integer.signum(larger) : Integer.signum(larger);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonNumber number && compareTo(number) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * digits.hashCode() + Long.hashCode(power)) + sign;
  }
}
