package tollgate.handlers.validate;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Numbers as schemas compare them: exact, whatever their lexeme, up to a bound beyond which
 * arithmetic would cost more than the message is worth. Any thread.
 */
final class Numbers {
  /** More digits, or an exponent beyond plus or minus as much, are refused. */
  static final int MAX_DIGITS = 1000;

  private static final int LONG_DIGITS = 18;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Numbers() {}

  /**
   * The node of a lexeme (RFC 8259 section 6).
   *
   * @return null if it is beyond the bound
   */
  static @Nullable JsonNode node(String lexeme) {
    int length = lexeme.length();
    int start = lexeme.startsWith("-") ? 1 : 0;
    int i = start;
    while (i < length && isDigit(lexeme.charAt(i))) {
      i++;
    }
    if (i == length) {
      return integer(lexeme, length - start);
    }
    int exponentAt = exponentAt(lexeme, i);
    if (exponentAt - start > MAX_DIGITS || !isExponentGood(lexeme, exponentAt)) {
      return null;
    }
    return NODES.numberNode(new BigDecimal(lexeme));
  }

  private static @Nullable JsonNode integer(String lexeme, int digits) {
    if (digits <= LONG_DIGITS) {
      long value = Long.parseLong(lexeme);
      return (int) value == value ? NODES.numberNode((int) value) : NODES.numberNode(value);
    }
    return digits > MAX_DIGITS ? null : NODES.numberNode(new BigInteger(lexeme));
  }

  private static int exponentAt(String lexeme, int from) {
    for (int i = from; i < lexeme.length(); i++) {
      if ((lexeme.charAt(i) | 0x20) == 'e') {
        return i;
      }
    }
    return lexeme.length();
  }

  private static boolean isExponentGood(String lexeme, int at) {
    int i = at + 1;
    if (i >= lexeme.length()) {
      return true;
    }
    if (!isDigit(lexeme.charAt(i))) {
      i++;
    }
    int exponent = 0;
    for (; i < lexeme.length(); i++) {
      exponent = exponent * 10 + lexeme.charAt(i) - '0';
      if (exponent > MAX_DIGITS) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
