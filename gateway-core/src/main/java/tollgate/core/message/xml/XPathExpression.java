package tollgate.core.message.xml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled expression of XPath 1.0. Immutable; as deep as the text was nested. */
sealed interface XPathExpression {
  /** What an expression evaluates to, known beforehand since there are no variables. */
  enum Type {
    NODES,
    STRING,
    NUMBER,
    BOOLEAN
  }

  Type type();

  /** The value at a context node, its position and the size of the context, from 1. */
  XPathValue value(Evaluation evaluation, int node, int position, int size);

  /** Whether the value depends on the position or the size of the context. */
  boolean isPositional();

  /** A literal or a number. */
  record Constant(XPathValue constant) implements XPathExpression {
    @Override
    public Type type() {
      return constant instanceof XPathValue.Numeric ? Type.NUMBER : Type.STRING;
    }

    @Override
    public XPathValue value(Evaluation evaluation, int node, int position, int size) {
      return constant;
    }

    @Override
    public boolean isPositional() {
      return false;
    }
  }

  /** {@code -a}. */
  record Negative(XPathExpression of) implements XPathExpression {
    @Override
    public Type type() {
      return Type.NUMBER;
    }

    @Override
    public XPathValue value(Evaluation evaluation, int node, int position, int size) {
      return new XPathValue.Numeric(-of.value(evaluation, node, position, size).number(evaluation));
    }

    @Override
    public boolean isPositional() {
      return of.isPositional();
    }
  }

  /** {@code a | b}. */
  record Union(XPathExpression left, XPathExpression right) implements XPathExpression {
    @Override
    public Type type() {
      return Type.NODES;
    }

    @Override
    public XPathValue value(Evaluation evaluation, int node, int position, int size) {
      NodeSet all = new NodeSet();
      all.addAll(nodes(left, evaluation, node, position, size), 0);
      all.addAll(nodes(right, evaluation, node, position, size), 0);
      return new XPathValue.Nodes(all.ordered());
    }

    @Override
    public boolean isPositional() {
      return left.isPositional() || right.isPositional();
    }
  }

  /** {@code a[b]} where {@code a} is no step. */
  record Filter(XPathExpression of, List<XPathExpression> predicates) implements XPathExpression {
    public Filter {
      predicates = List.copyOf(predicates);
    }

    @Override
    public Type type() {
      return Type.NODES;
    }

    @Override
    public XPathValue value(Evaluation evaluation, int node, int position, int size) {
      NodeSet kept = new NodeSet();
      kept.addAll(nodes(of, evaluation, node, position, size), 0);
      for (XPathExpression predicate : predicates) {
        XPathStep.filter(evaluation, kept, predicate);
      }
      return new XPathValue.Nodes(kept);
    }

    @Override
    public boolean isPositional() {
      return of.isPositional();
    }
  }

  /**
   * A location path.
   *
   * @param start where it begins; null for the context node
   */
  record Path(@Nullable XPathExpression start, List<XPathStep> steps) implements XPathExpression {
    public Path {
      steps = List.copyOf(steps);
    }

    @Override
    public Type type() {
      return Type.NODES;
    }

    @Override
    public XPathValue value(Evaluation evaluation, int node, int position, int size) {
      NodeSet nodes;
      XPathExpression from = start();
      if (from == null) {
        nodes = new NodeSet();
        nodes.add(node);
      } else {
        nodes = nodes(from, evaluation, node, position, size);
      }
      for (XPathStep step : steps) {
        nodes = step.from(evaluation, nodes);
      }
      return new XPathValue.Nodes(nodes);
    }

    @Override
    public boolean isPositional() {
      XPathExpression from = start();
      return from != null && from.isPositional();
    }
  }

  /** The document node: where an absolute path begins. */
  record Top() implements XPathExpression {
    @Override
    public Type type() {
      return Type.NODES;
    }

    @Override
    public XPathValue value(Evaluation evaluation, int node, int position, int size) {
      NodeSet top = new NodeSet();
      top.add(XmlDocument.DOCUMENT);
      return new XPathValue.Nodes(top);
    }

    @Override
    public boolean isPositional() {
      return false;
    }
  }

  /** A call of a function. */
  record Call(XPathFunction function, List<XPathExpression> arguments) implements XPathExpression {
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public Type type() {
      return function.type();
    }

    @Override
    public XPathValue value(Evaluation evaluation, int node, int position, int size) {
      return switch (function) {
        case POSITION -> new XPathValue.Numeric(position);
        case LAST -> new XPathValue.Numeric(size);
        default -> {
          XPathValue[] values = new XPathValue[arguments.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = arguments.get(i).value(evaluation, node, position, size);
          }
          yield function.call(evaluation, node, values);
        }
      };
    }

    @Override
    public boolean isPositional() {
      return function == XPathFunction.POSITION
          || function == XPathFunction.LAST
          || arguments.stream().anyMatch(XPathExpression::isPositional);
    }
  }

  /** Two expressions and an operator between them. */
  record Binary(XPathOperator operator, XPathExpression left, XPathExpression right)
      implements XPathExpression {
    @Override
    public Type type() {
      return operator.type();
    }

    @Override
    public XPathValue value(Evaluation evaluation, int node, int position, int size) {
      XPathValue first = left.value(evaluation, node, position, size);
      if (operator == XPathOperator.AND && !first.truth()) {
        return new XPathValue.Truth(false);
      }
      if (operator == XPathOperator.OR && first.truth()) {
        return new XPathValue.Truth(true);
      }
      return operator.apply(evaluation, first, right.value(evaluation, node, position, size));
    }

    @Override
    public boolean isPositional() {
      return left.isPositional() || right.isPositional();
    }
  }

  private static NodeSet nodes(
      XPathExpression of, Evaluation evaluation, int node, int position, int size) {
    if (of.value(evaluation, node, position, size) instanceof XPathValue.Nodes(NodeSet nodes)) {
      return nodes;
    }
    throw new AssertionError("the compiler lets only nodes come here");
  }
}
