package tollgate.core.message.xml;

import java.math.BigDecimal;

/**
 * What an expression of XPath 1.0 evaluates to, and how the kinds turn into each other (4.2-4.4).
 */
sealed interface XPathValue {
  /** Nodes in document order. */
  record Nodes(NodeSet nodes) implements XPathValue {}

  /** A string. */
  record Text(String text) implements XPathValue {}

  /** A number. */
  record Numeric(double value) implements XPathValue {}

  /** A boolean. */
  record Truth(boolean value) implements XPathValue {}

  default String string(Evaluation evaluation) {
    return switch (this) {
      case Nodes nodes -> nodes.nodes.size() == 0 ? "" : evaluation.text(nodes.nodes.get(0));
      case Text text -> text.text;
      case Numeric number -> format(number.value);
      case Truth truth -> Boolean.toString(truth.value);
    };
  }

  default double number(Evaluation evaluation) {
    return switch (this) {
      case Nodes nodes -> parse(nodes.string(evaluation));
      case Text text -> parse(text.text);
      case Numeric number -> number.value;
      case Truth truth -> truth.value ? 1 : 0;
    };
  }

  default boolean truth() {
    return switch (this) {
      case Nodes nodes -> nodes.nodes.size() > 0;
      case Text text -> !text.text.isEmpty();
      case Numeric number -> number.value != 0 && !Double.isNaN(number.value);
      case Truth truth -> truth.value;
    };
  }

  /** A number as XPath writes it: never with an exponent (4.2). */
  static String format(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }

  /** A string as a number: digits with a point and a minus, white space around; else NaN (4.4). */
  static double parse(String text) {
    int from = 0;
    int end = text.length();
    while (from < end && XmlCharacters.isSpace(text.charAt(from))) {
      from++;
    }
    while (end > from && XmlCharacters.isSpace(text.charAt(end - 1))) {
      end--;
    }
    int digits = 0;
    int points = 0;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.' && points == 0) {
        points++;
      } else if (c != '-' || i > from) {
        return Double.NaN;
      }
    }
    return digits == 0 ? Double.NaN : Double.parseDouble(text.substring(from, end));
  }
}
