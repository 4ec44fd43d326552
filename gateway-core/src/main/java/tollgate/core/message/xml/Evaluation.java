package tollgate.core.message.xml;

import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;

/** One run of an expression over one document: axes, and the count of steps. One thread. */
final class Evaluation {
  final XmlDocument document;
  private int stepsLeft;

  Evaluation(XmlDocument document, int maxSteps) {
    this.document = document;
    this.stepsLeft = maxSteps;
  }

  /** The string value of a node (5); neighbouring text as one. */
  String text(int node) {
    String text;
    if (document.isText(node)) {
      int end = runEnd(node);
      text = document.value(node);
      for (int at = document.following(node); at < end; at = document.following(at)) {
        text = text.concat(document.value(at));
        spend(text.length() >> 4);
      }
    } else {
      text = document.value(node);
      if (document.isElement(node)) {
        spend((document.behind(node) - node) >> 2);
      }
    }
    spend(text.length() >> 4);
    return text;
  }

  void spend(int steps) {
    stepsLeft -= steps + 1;
    if (stepsLeft < 0) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX, "a document that an XPath takes too many steps over");
    }
  }

  /** Adds the nodes on the axis that pass the test, nearest first. */
  void walk(XPathStep.Axis axis, int node, XPathStep.NodeTest test, NodeSet into) {
    switch (axis) {
      case SELF -> add(node, test, into);
      case PARENT -> {
        if (document.parent(node) != XmlDocument.NONE) {
          add(document.parent(node), test, into);
        }
      }
      case ANCESTOR -> ancestors(document.parent(node), test, into);
      case ANCESTOR_OR_SELF -> ancestors(node, test, into);
      case CHILD -> children(document.firstChild(node), XmlDocument.NONE, test, into);
      case DESCENDANT -> descendants(node, test, into);
      case DESCENDANT_OR_SELF -> {
        add(node, test, into);
        descendants(node, test, into);
      }
      case ATTRIBUTE -> attributes(node, test, into);
      case FOLLOWING_SIBLING -> {
        if (!isAttribute(node)) {
          children(siblingBehind(node), XmlDocument.NONE, test, into);
        }
      }
      case PRECEDING_SIBLING -> {
        if (!isAttribute(node) && document.parent(node) != XmlDocument.NONE) {
          int from = into.size();
          children(document.firstChild(document.parent(node)), node, test, into);
          into.reverse(from);
        }
      }
      case FOLLOWING -> {
        int from = isAttribute(node) ? behindTag(document.parent(node)) : behind(node);
        range(from, document.limit(), XmlDocument.NONE, test, into);
      }
      case PRECEDING -> {
        int before = isAttribute(node) ? document.parent(node) : node;
        int from = into.size();
        range(0, before, before, test, into);
        into.reverse(from);
      }
    }
  }

  private void add(int node, XPathStep.NodeTest test, NodeSet into) {
    spend(0);
    if (test.passes(document, node)) {
      into.add(node);
    }
  }

  private void ancestors(int from, XPathStep.NodeTest test, NodeSet into) {
    for (int at = from; at != XmlDocument.NONE; at = document.parent(at)) {
      add(at, test, into);
    }
  }

  private void children(int first, int until, XPathStep.NodeTest test, NodeSet into) {
    for (int at = first; at != XmlDocument.NONE && at != until; at = siblingBehind(at)) {
      if (isNode(at)) {
        add(at, test, into);
      }
    }
  }

  private void descendants(int node, XPathStep.NodeTest test, NodeSet into) {
    if (document.kind(node) == XmlKind.DOCUMENT || document.isElement(node)) {
      range(document.following(node), document.behind(node), XmlDocument.NONE, test, into);
    }
  }

  private void attributes(int node, XPathStep.NodeTest test, NodeSet into) {
    if (document.isElement(node)) {
      for (int at = document.firstAttribute(node);
          at != XmlDocument.NONE;
          at = document.nextAttribute(at)) {
        add(at, test, into);
      }
    }
  }

  /** In document order, without attributes and what is an ancestor of {@code notAbove}. */
  private void range(int from, int end, int notAbove, XPathStep.NodeTest test, NodeSet into) {
    int at = from;
    while (at < end) {
      XmlKind kind = document.kind(at);
      boolean isText = kind == XmlKind.TEXT || kind == XmlKind.CDATA;
      boolean isAbove = notAbove != XmlDocument.NONE && document.behind(at) > notAbove;
      if (kind != XmlKind.ATTRIBUTE && kind != XmlKind.NAMESPACE && !isAbove && isNode(at)) {
        add(at, test, into);
      } else {
        spend(0);
      }
      at = isText ? runEnd(at) : document.following(at);
    }
  }

  /** False for text without a character: an empty CDATA section alone is no node. */
  private boolean isNode(int node) {
    if (!document.isText(node)) {
      return true;
    }
    int end = runEnd(node);
    for (int at = node; at < end; at = document.following(at)) {
      if (document.valueEnd(at) > document.valueStart(at)) {
        return true;
      }
    }
    return false;
  }

  private int siblingBehind(int node) {
    if (!document.isText(node)) {
      return document.nextSibling(node);
    }
    int end = runEnd(node);
    return end < document.behind(document.parent(node)) ? end : XmlDocument.NONE;
  }

  private int behind(int node) {
    return document.isText(node) ? runEnd(node) : document.behind(node);
  }

  /** Behind the text and its neighbours of text. */
  private int runEnd(int text) {
    return document.textRunEnd(text);
  }

  private int behindTag(int element) {
    int at = document.following(element);
    int end = document.behind(element);
    while (at < end && isAttribute(at)) {
      at = document.following(at);
    }
    return at;
  }

  private boolean isAttribute(int node) {
    XmlKind kind = document.kind(node);
    return kind == XmlKind.ATTRIBUTE || kind == XmlKind.NAMESPACE;
  }
}
