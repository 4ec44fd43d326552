package tollgate.core.message.xml;

/** The operators between two values (3.4, 3.5). */
enum XPathOperator {
  OR,
  AND,
  EQUAL,
  NOT_EQUAL,
  LESS,
  LESS_OR_EQUAL,
  GREATER,
  GREATER_OR_EQUAL,
  PLUS,
  MINUS,
  TIMES,
  DIVIDED,
  MODULO;

  XPathExpression.Type type() {
    return compareTo(PLUS) < 0 ? XPathExpression.Type.BOOLEAN : XPathExpression.Type.NUMBER;
  }

  XPathValue apply(Evaluation evaluation, XPathValue left, XPathValue right) {
    return switch (this) {
      // The left side is known to leave it to the right one.
      case OR, AND -> new XPathValue.Truth(right.truth());
      case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
          new XPathValue.Truth(compares(evaluation, left, right));
      case PLUS, MINUS, TIMES, DIVIDED, MODULO ->
          new XPathValue.Numeric(computed(left.number(evaluation), right.number(evaluation)));
    };
  }

  private double computed(double left, double right) {
    return switch (this) {
      case PLUS -> left + right;
      case MINUS -> left - right;
      case TIMES -> left * right;
      case DIVIDED -> left / right;
      default -> left % right;
    };
  }

  private boolean compares(Evaluation evaluation, XPathValue left, XPathValue right) {
    if (left instanceof XPathValue.Nodes(NodeSet nodes) && !(right instanceof XPathValue.Truth)) {
      for (int i = 0; i < nodes.size(); i++) {
        XPathValue text = new XPathValue.Text(evaluation.text(nodes.get(i)));
        if (compares(evaluation, text, right)) {
          return true;
        }
      }
      return false;
    }
    if (right instanceof XPathValue.Nodes(NodeSet nodes) && !(left instanceof XPathValue.Truth)) {
      for (int i = 0; i < nodes.size(); i++) {
        XPathValue text = new XPathValue.Text(evaluation.text(nodes.get(i)));
        if (compares(evaluation, left, text)) {
          return true;
        }
      }
      return false;
    }
    return switch (this) {
      case EQUAL -> equal(evaluation, left, right);
      case NOT_EQUAL -> notEqual(evaluation, left, right);
      case LESS -> numberOf(evaluation, left) < numberOf(evaluation, right);
      case LESS_OR_EQUAL -> numberOf(evaluation, left) <= numberOf(evaluation, right);
      case GREATER -> numberOf(evaluation, left) > numberOf(evaluation, right);
      default -> numberOf(evaluation, left) >= numberOf(evaluation, right);
    };
  }

  /** Nodes beside a boolean are one themselves. */
  private static double numberOf(Evaluation evaluation, XPathValue value) {
    return value instanceof XPathValue.Nodes ? (value.truth() ? 1 : 0) : value.number(evaluation);
  }

  private static boolean equal(Evaluation evaluation, XPathValue left, XPathValue right) {
    if (left instanceof XPathValue.Truth || right instanceof XPathValue.Truth) {
      return left.truth() == right.truth();
    }
    if (left instanceof XPathValue.Numeric || right instanceof XPathValue.Numeric) {
      return left.number(evaluation) == right.number(evaluation);
    }
    return left.string(evaluation).equals(right.string(evaluation));
  }

  /** Not the opposite of equal: NaN is unequal to itself, and for nodes it is another question. */
  private static boolean notEqual(Evaluation evaluation, XPathValue left, XPathValue right) {
    return !equal(evaluation, left, right);
  }
}
