package tollgate.core.message.typed;

import org.jspecify.annotations.Nullable;

/** Numbers as XML Schema writes them, to numbers as JSON writes them. Any thread. */
final class XsdNumber {
  private XsdNumber() {}

  /**
   * The same number with the same digits, but for what JSON does not allow: a plus sign, zeros in
   * front, nothing before or behind the point. Null if it is no decimal number.
   */
  static @Nullable String json(String text) {
    int at = 0;
    int length = text.length();
    StringBuilder out = new StringBuilder(length + 2);
    if (at < length && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
      if (text.charAt(at++) == '-') {
        out.append('-');
      }
    }
    int whole = digits(text, at);
    int first = at;
    while (first < whole - 1 && text.charAt(first) == '0') {
      first++;
    }
    out.append(text, first, whole);
    boolean hasDigits = whole > at;
    if (!hasDigits) {
      out.append('0');
    }
    at = whole;
    if (at < length && text.charAt(at) == '.') {
      int end = digits(text, at + 1);
      if (end > at + 1) {
        out.append(text, at, end);
        hasDigits = true;
      }
      at = end;
    }
    if (!hasDigits) {
      return null;
    }
    if (at < length && (text.charAt(at) | 0x20) == 'e') {
      int sign = at + 1;
      if (sign < length && (text.charAt(sign) == '+' || text.charAt(sign) == '-')) {
        sign++;
      }
      int end = digits(text, sign);
      if (end == sign) {
        return null;
      }
      out.append(text, at, end);
      at = end;
    }
    return at == length ? out.toString() : null;
  }

  /** The index behind the digits. */
  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
