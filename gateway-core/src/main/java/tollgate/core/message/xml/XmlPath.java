package tollgate.core.message.xml;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import tollgate.core.message.MalformedPayloadException;

/**
 * An XPath 1.0 expression, compiled once and evaluated over the nodes of documents as they are. It
 * knows the functions of the recommendation and no others: none that loads a document, none of an
 * extension. There are no variables, and no namespace axis. Immutable.
 *
 * <p>An evaluation may take {@link #MAX_STEPS} steps, so that no expression over no document holds
 * a thread for long.
 *
 * <p>Text and CDATA sections that are neighbours are one text node, as XPath has it: the result is
 * the first of them.
 *
 * @see <a href="https://www.w3.org/TR/1999/REC-xpath-19991116/">XPath 1.0</a>
 */
public final class XmlPath {
  /** Nodes looked at and, by sixteen, characters put together, in one evaluation. */
  public static final int MAX_STEPS = 10_000_000;

  /** The longest expression that is compiled. */
  public static final int MAX_LENGTH = 4096;

  private final String expression;
  private final XPathExpression compiled;

  private XmlPath(String expression, XPathExpression compiled) {
    this.expression = expression;
    this.compiled = compiled;
  }

  /**
   * @param namespaces what the prefixes in the expression stand for; {@code xml} is known, and a
   *     name without a prefix is in no namespace
   * @throws XmlPathException with the place of the first mistake
   */
  public static XmlPath compile(String expression, Map<String, String> namespaces)
      throws XmlPathException {
    requireNonNull(expression, "expression");
    return new XmlPath(expression, new XPathCompiler(expression, namespaces).compile());
  }

  /** Whether the result is a set of nodes, not a string, number or boolean. */
  public boolean selectsNodes() {
    return compiled.type() == XPathExpression.Type.NODES;
  }

  /**
   * The nodes of the result in document order; attributes behind their element.
   *
   * @throws IllegalStateException if {@link #selectsNodes} is false
   * @throws MalformedPayloadException if it takes too many steps
   */
  public int[] select(XmlDocument document) {
    return select(document, XmlDocument.DOCUMENT);
  }

  /** {@link #select(XmlDocument)} from a certain node on. */
  public int[] select(XmlDocument document, int context) {
    if (!(value(document, context) instanceof XPathValue.Nodes(NodeSet nodes))) {
      throw new IllegalStateException(expression + " selects no nodes");
    }
    return nodes.toArray();
  }

  /** The result as a string: of nodes, the text of the first; empty for none. */
  public String string(XmlDocument document) {
    return string(document, XmlDocument.DOCUMENT);
  }

  /** {@link #string(XmlDocument)} from a certain node on. */
  public String string(XmlDocument document, int context) {
    Evaluation evaluation = new Evaluation(document, MAX_STEPS);
    return compiled.value(evaluation, context, 1, 1).string(evaluation);
  }

  /** The result as a number; NaN for what is none. */
  public double number(XmlDocument document) {
    Evaluation evaluation = new Evaluation(document, MAX_STEPS);
    return compiled.value(evaluation, XmlDocument.DOCUMENT, 1, 1).number(evaluation);
  }

  /** The result as a boolean: of nodes, whether there are any. */
  public boolean test(XmlDocument document) {
    return value(document, XmlDocument.DOCUMENT).truth();
  }

  /** As it was given. */
  @Override
  public String toString() {
    return expression;
  }

  private XPathValue value(XmlDocument document, int context) {
    return compiled.value(new Evaluation(document, MAX_STEPS), context, 1, 1);
  }
}
