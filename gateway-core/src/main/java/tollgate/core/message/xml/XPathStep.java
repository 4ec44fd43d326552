package tollgate.core.message.xml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a location path. Immutable.
 *
 * @param predicates in their order
 */
record XPathStep(Axis axis, NodeTest test, List<XPathExpression> predicates) {
  /** The axes of XPath 1.0 less the one of namespaces. */
  enum Axis {
    CHILD,
    DESCENDANT,
    PARENT,
    ANCESTOR,
    FOLLOWING_SIBLING,
    PRECEDING_SIBLING,
    FOLLOWING,
    PRECEDING,
    ATTRIBUTE,
    SELF,
    DESCENDANT_OR_SELF,
    ANCESTOR_OR_SELF
  }

  /** Which nodes of an axis are meant. */
  sealed interface NodeTest {
    boolean passes(XmlDocument document, int node);
  }

  /**
   * A name, of elements or on the attribute axis of attributes.
   *
   * @param uri null for any
   * @param localName null for any
   */
  record Name(XmlKind kind, @Nullable String uri, @Nullable String localName) implements NodeTest {
    @Override
    public boolean passes(XmlDocument document, int node) {
      return document.kind(node) == kind
          && (localName() == null || document.isLocally(node, localName()))
          && (uri() == null || document.namespace(node).equals(uri()));
    }
  }

  /** {@code node()}. */
  enum Any implements NodeTest {
    ANY;

    @Override
    public boolean passes(XmlDocument document, int node) {
      return true;
    }
  }

  /** {@code text()}. */
  enum Text implements NodeTest {
    TEXT;

    @Override
    public boolean passes(XmlDocument document, int node) {
      return document.isText(node);
    }
  }

  /** {@code comment()}. */
  enum Comment implements NodeTest {
    COMMENT;

    @Override
    public boolean passes(XmlDocument document, int node) {
      return document.kind(node) == XmlKind.COMMENT;
    }
  }

  /**
   * {@code processing-instruction()}.
   *
   * @param target null for any
   */
  record Instruction(@Nullable String target) implements NodeTest {
    @Override
    public boolean passes(XmlDocument document, int node) {
      return document.kind(node) == XmlKind.INSTRUCTION
          && (target() == null || document.name(node).equals(target()));
    }
  }

  XPathStep {
    predicates = List.copyOf(predicates);
  }

  /** The nodes this step leads to from those, in document order. */
  NodeSet from(Evaluation evaluation, NodeSet contexts) {
    NodeSet all = new NodeSet();
    NodeSet found = new NodeSet();
    for (int i = 0; i < contexts.size(); i++) {
      if (predicates.isEmpty()) {
        evaluation.walk(axis, contexts.get(i), test, all);
      } else {
        found.truncate(0);
        evaluation.walk(axis, contexts.get(i), test, found);
        for (XPathExpression predicate : predicates) {
          filter(evaluation, found, predicate);
        }
        all.addAll(found, 0);
      }
    }
    return all.ordered();
  }

  /** Keeps the nodes for which the predicate holds; a number is a position (2.4). */
  static void filter(Evaluation evaluation, NodeSet nodes, XPathExpression predicate) {
    int size = nodes.size();
    int kept = 0;
    for (int i = 0; i < size; i++) {
      int node = nodes.get(i);
      evaluation.spend(0);
      XPathValue value = predicate.value(evaluation, node, i + 1, size);
      boolean holds =
          value instanceof XPathValue.Numeric number ? number.value() == i + 1 : value.truth();
      if (holds) {
        nodes.set(kept++, node);
      }
    }
    nodes.truncate(kept);
  }
}
