package tollgate.core.message.xml;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiles XPath 1.0 by descent over its grammar (3.9). Nesting and length are bounded, so that
 * neither compiling nor evaluating can run out of stack. One expression, one thread.
 */
final class XPathCompiler {
  private static final int MAX_NESTING = 64;
  private static final int MAX_TOKENS = 1000;

  private final XPathTokens tokens;
  private final Map<String, String> namespaces;
  private int nesting;

  XPathCompiler(String expression, Map<String, String> namespaces) throws XmlPathException {
    if (expression.length() > XmlPath.MAX_LENGTH) {
      throw new XmlPathException("an expression of over 4096 characters", XmlPath.MAX_LENGTH);
    }
    this.tokens = new XPathTokens(expression);
    this.namespaces = Map.copyOf(namespaces);
    if (tokens.count() > MAX_TOKENS) {
      throw new XmlPathException("an expression of over 1000 tokens", tokens.offset(MAX_TOKENS));
    }
  }

  XPathExpression compile() throws XmlPathException {
    XPathExpression expression = or();
    if (!tokens.isAtEnd()) {
      throw tokens.problem("an operator or the end was expected");
    }
    return expression;
  }

  private XPathExpression or() throws XmlPathException {
    if (++nesting > MAX_NESTING) {
      throw tokens.problem("an expression nested over 64 deep");
    }
    XPathExpression left = and();
    while (tokens.takeOperator("or")) {
      left = new XPathExpression.Binary(XPathOperator.OR, left, and());
    }
    nesting--;
    return left;
  }

  private XPathExpression and() throws XmlPathException {
    XPathExpression left = equality();
    while (tokens.takeOperator("and")) {
      left = new XPathExpression.Binary(XPathOperator.AND, left, equality());
    }
    return left;
  }

  private XPathExpression equality() throws XmlPathException {
    XPathExpression left = relational();
    while (true) {
      if (tokens.takeOperator("=")) {
        left = new XPathExpression.Binary(XPathOperator.EQUAL, left, relational());
      } else if (tokens.takeOperator("!=")) {
        left = new XPathExpression.Binary(XPathOperator.NOT_EQUAL, left, relational());
      } else {
        return left;
      }
    }
  }

  private XPathExpression relational() throws XmlPathException {
    XPathExpression left = additive();
    while (true) {
      XPathOperator operator =
          tokens.takeOperator("<=")
              ? XPathOperator.LESS_OR_EQUAL
              : tokens.takeOperator(">=")
                  ? XPathOperator.GREATER_OR_EQUAL
                  : tokens.takeOperator("<")
                      ? XPathOperator.LESS
                      : tokens.takeOperator(">") ? XPathOperator.GREATER : null;
      if (operator == null) {
        return left;
      }
      left = new XPathExpression.Binary(operator, left, additive());
    }
  }

  private XPathExpression additive() throws XmlPathException {
    XPathExpression left = multiplicative();
    while (true) {
      if (tokens.takeOperator("+")) {
        left = new XPathExpression.Binary(XPathOperator.PLUS, left, multiplicative());
      } else if (tokens.takeOperator("-")) {
        left = new XPathExpression.Binary(XPathOperator.MINUS, left, multiplicative());
      } else {
        return left;
      }
    }
  }

  private XPathExpression multiplicative() throws XmlPathException {
    XPathExpression left = unary();
    while (true) {
      XPathOperator operator =
          tokens.takeOperator("*")
              ? XPathOperator.TIMES
              : tokens.takeOperator("div")
                  ? XPathOperator.DIVIDED
                  : tokens.takeOperator("mod") ? XPathOperator.MODULO : null;
      if (operator == null) {
        return left;
      }
      left = new XPathExpression.Binary(operator, left, unary());
    }
  }

  private XPathExpression unary() throws XmlPathException {
    int signs = 0;
    while (tokens.takeOperator("-")) {
      signs++;
    }
    XPathExpression expression = union();
    if (signs > 0) {
      // Twice negative is still a number, and -0 is not 0 to a division.
      expression = new XPathExpression.Negative(expression);
      if (signs % 2 == 0) {
        expression = new XPathExpression.Negative(expression);
      }
    }
    return expression;
  }

  private XPathExpression union() throws XmlPathException {
    int from = tokens.offset();
    XPathExpression left = path();
    while (tokens.takeOperator("|")) {
      requireNodes(left, from);
      from = tokens.offset();
      XPathExpression right = path();
      requireNodes(right, from);
      left = new XPathExpression.Union(left, right);
    }
    return left;
  }

  private XPathExpression path() throws XmlPathException {
    if (tokens.isPrimary()) {
      return filtered();
    }
    List<XPathStep> steps = new ArrayList<>();
    XPathExpression start = null;
    if (tokens.take("//")) {
      start = new XPathExpression.Top();
      steps.add(everywhere());
      steps(steps);
    } else if (tokens.take("/")) {
      start = new XPathExpression.Top();
      if (tokens.isStep()) {
        steps(steps);
      }
    } else {
      steps(steps);
    }
    return new XPathExpression.Path(start, shortened(steps));
  }

  /** A primary expression, with predicates and steps behind it. */
  private XPathExpression filtered() throws XmlPathException {
    int from = tokens.offset();
    XPathExpression expression = primary();
    List<XPathExpression> predicates = predicates();
    if (!predicates.isEmpty()) {
      requireNodes(expression, from);
      expression = new XPathExpression.Filter(expression, predicates);
    }
    List<XPathStep> steps = new ArrayList<>();
    if (tokens.take("//")) {
      steps.add(everywhere());
    } else if (!tokens.take("/")) {
      return expression;
    }
    requireNodes(expression, from);
    steps(steps);
    return new XPathExpression.Path(expression, shortened(steps));
  }

  private XPathExpression primary() throws XmlPathException {
    XPathTokens.Token token = tokens.next();
    return switch (token.kind()) {
      case LITERAL -> new XPathExpression.Constant(new XPathValue.Text(token.text()));
      case NUMBER ->
          new XPathExpression.Constant(new XPathValue.Numeric(Double.parseDouble(token.text())));
      case NAME -> call(token);
      case SYMBOL -> {
        if (token.text().equals("$")) {
          throw new XmlPathException("a variable, and there are none", token.offset());
        }
        XPathExpression inner = or();
        tokens.require(")");
        yield inner;
      }
    };
  }

  private XPathExpression call(XPathTokens.Token name) throws XmlPathException {
    XPathFunction function = XPathFunction.named(name.text());
    if (function == null) {
      throw new XmlPathException("a function that XPath 1.0 does not have", name.offset());
    }
    tokens.require("(");
    List<XPathExpression> arguments = new ArrayList<>();
    if (!tokens.take(")")) {
      do {
        int from = tokens.offset();
        XPathExpression argument = or();
        if (function.takesNodes()) {
          requireNodes(argument, from);
        }
        arguments.add(argument);
      } while (tokens.take(","));
      tokens.require(")");
    }
    if (!function.takes(arguments.size())) {
      throw new XmlPathException(
          "the wrong number of arguments for " + function.written(), name.offset());
    }
    return new XPathExpression.Call(function, arguments);
  }

  private void steps(List<XPathStep> steps) throws XmlPathException {
    while (true) {
      steps.add(step());
      if (tokens.take("//")) {
        steps.add(everywhere());
      } else if (!tokens.take("/")) {
        return;
      }
    }
  }

  private XPathStep step() throws XmlPathException {
    if (tokens.take(".")) {
      return new XPathStep(XPathStep.Axis.SELF, XPathStep.Any.ANY, List.of());
    }
    if (tokens.take("..")) {
      return new XPathStep(XPathStep.Axis.PARENT, XPathStep.Any.ANY, List.of());
    }
    XPathStep.Axis axis = XPathStep.Axis.CHILD;
    if (tokens.take("@")) {
      axis = XPathStep.Axis.ATTRIBUTE;
    } else if (tokens.isAxis()) {
      axis = axis(tokens.next());
      tokens.require("::");
    }
    return new XPathStep(axis, test(axis), predicates());
  }

  private static XPathStep.Axis axis(XPathTokens.Token name) throws XmlPathException {
    for (XPathStep.Axis axis : XPathStep.Axis.values()) {
      if (axis.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name.text())) {
        return axis;
      }
    }
    throw new XmlPathException(
        name.text().equals("namespace")
            ? "the axis of namespaces, which is not supported"
            : "an unknown axis",
        name.offset());
  }

  private XPathStep.NodeTest test(XPathStep.Axis axis) throws XmlPathException {
    XmlKind kind = axis == XPathStep.Axis.ATTRIBUTE ? XmlKind.ATTRIBUTE : XmlKind.ELEMENT;
    if (tokens.take("*")) {
      return new XPathStep.Name(kind, null, null);
    }
    if (!tokens.isName()) {
      throw tokens.problem("a step was expected");
    }
    XPathTokens.Token name = tokens.next();
    if (tokens.take("(")) {
      return nodeType(name);
    }
    int colon = name.text().indexOf(':');
    if (colon < 0) {
      return new XPathStep.Name(kind, "", name.text());
    }
    String uri = namespace(name.text().substring(0, colon), name.offset());
    String local = name.text().substring(colon + 1);
    return new XPathStep.Name(kind, uri, local.equals("*") ? null : local);
  }

  private String namespace(String prefix, int offset) throws XmlPathException {
    String uri = prefix.equals("xml") ? XmlDocument.XML_URI : namespaces.get(prefix);
    if (uri == null) {
      throw new XmlPathException("a prefix that is not declared: " + prefix, offset);
    }
    return uri;
  }

  private XPathStep.NodeTest nodeType(XPathTokens.Token name) throws XmlPathException {
    String target = null;
    if (name.text().equals("processing-instruction")) {
      target = tokens.takeLiteral();
    }
    tokens.require(")");
    return switch (name.text()) {
      case "node" -> XPathStep.Any.ANY;
      case "text" -> XPathStep.Text.TEXT;
      case "comment" -> XPathStep.Comment.COMMENT;
      case "processing-instruction" -> new XPathStep.Instruction(target);
      default -> throw new XmlPathException("an unknown type of nodes", name.offset());
    };
  }

  private List<XPathExpression> predicates() throws XmlPathException {
    List<XPathExpression> predicates = new ArrayList<>();
    while (tokens.take("[")) {
      predicates.add(or());
      tokens.require("]");
    }
    return predicates;
  }

  /** What {@code //} stands for. */
  private static XPathStep everywhere() {
    return new XPathStep(XPathStep.Axis.DESCENDANT_OR_SELF, XPathStep.Any.ANY, List.of());
  }

  /**
   * Takes {@code //a} as one step over the descendants instead of one over all nodes and one over
   * the children of each: the same nodes, unless a predicate asks for positions among siblings.
   */
  private static List<XPathStep> shortened(List<XPathStep> steps) {
    List<XPathStep> made = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      XPathStep step = steps.get(i);
      XPathStep next = i + 1 < steps.size() ? steps.get(i + 1) : null;
      if (next != null && isEverywhere(step) && isShortened(next)) {
        made.add(new XPathStep(XPathStep.Axis.DESCENDANT, next.test(), next.predicates()));
        i++;
      } else {
        made.add(step);
      }
    }
    return made;
  }

  private static boolean isEverywhere(XPathStep step) {
    return step.axis() == XPathStep.Axis.DESCENDANT_OR_SELF
        && step.test() == XPathStep.Any.ANY
        && step.predicates().isEmpty();
  }

  private static boolean isShortened(XPathStep step) {
    return step.axis() == XPathStep.Axis.CHILD
        && step.predicates().stream()
            .noneMatch(predicate ->
                predicate.isPositional() || predicate.type() == XPathExpression.Type.NUMBER);
  }

  private static void requireNodes(@Nullable XPathExpression expression, int offset)
      throws XmlPathException {
    if (expression != null && expression.type() != XPathExpression.Type.NODES) {
      throw new XmlPathException("nodes were expected, and this is none", offset);
    }
  }
}
