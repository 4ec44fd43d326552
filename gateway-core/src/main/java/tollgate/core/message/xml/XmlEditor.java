package tollgate.core.message.xml;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;

/**
 * Collects changes to the nodes of one document and makes a new document with all of them; the
 * first is left as it is. Every element and attribute that is not renamed keeps its namespace
 * wherever it comes to stand: declarations are added where they are needed, and a prefix is made up
 * where the one asked for means something else. One thread.
 *
 * <p>What is written anew is equal to the original under canonicalization but for the changes;
 * quotes and white space inside tags are not kept.
 */
public final class XmlEditor {
  /** Where something is put in relation to a node. */
  public enum Where {
    /** Before it, with the same parent. */
    BEFORE,
    /** Behind it, with the same parent. */
    AFTER,
    /** As the first child of an element. */
    FIRST,
    /** As the last child of an element. */
    LAST
  }

  /** Something to write at a place. */
  private sealed interface Addition {}

  private record Subtree(XmlDocument document, int node) implements Addition {}

  private record Element(XmlName name, String text) implements Addition {}

  private record Attribute(XmlName name, String value) {}

  private final XmlDocument document;
  private final Set<Integer> removed = new HashSet<>();
  private final Map<Integer, String> texts = new HashMap<>();
  private final Map<Integer, XmlName> names = new HashMap<>();
  private final Map<Integer, List<Attribute>> attributes = new HashMap<>();
  private final Map<Where, Map<Integer, List<Addition>>> additions = new HashMap<>();

  /** Changes to that document; none yet. */
  public XmlEditor(XmlDocument document) {
    this.document = requireNonNull(document, "document");
  }

  /**
   * Replaces what an element holds, or the value of an attribute, text with its neighbours, or
   * comment.
   */
  public XmlEditor setText(int node, String value) {
    texts.put(node, value);
    if (document.isText(node)) {
      int end = document.textRunEnd(node);
      for (int at = document.following(node); at < end; at = document.following(at)) {
        removed.add(at);
      }
    }
    return this;
  }

  /** Gives an element an attribute, in place of the one it has by that name if it does. */
  public XmlEditor setAttribute(int element, XmlName name, String value) {
    int present = document.attribute(element, name.uri(), name.localName());
    if (present != XmlDocument.NONE) {
      return setText(present, value);
    }
    List<Attribute> added = attributes.computeIfAbsent(element, _ -> new ArrayList<>(1));
    added.removeIf(attribute -> attribute.name.isSame(name));
    added.add(new Attribute(name, value));
    return this;
  }

  /** Leaves out a node and all in it; text with its neighbours. */
  public XmlEditor remove(int node) {
    removed.add(node);
    if (document.isText(node)) {
      int end = document.textRunEnd(node);
      for (int at = node; at < end; at = document.following(at)) {
        removed.add(at);
      }
    }
    return this;
  }

  /** Gives an element or attribute another name. */
  public XmlEditor rename(int node, XmlName name) {
    if (!document.isElement(node) && document.kind(node) != XmlKind.ATTRIBUTE) {
      throw failed("a name for what has none");
    }
    names.put(node, name);
    return this;
  }

  /** Adds a new element with text in it, or none if that is empty. */
  public XmlEditor insert(int target, Where where, XmlName name, String text) {
    return add(target, where, new Element(name, text));
  }

  /** Adds a copy of a node, of this document or another. */
  public XmlEditor insert(int target, Where where, XmlDocument from, int node) {
    if (from.kind(node) == XmlKind.ATTRIBUTE || from.kind(node) == XmlKind.NAMESPACE) {
      throw failed("an attribute put where only other nodes stand");
    }
    return add(target, where, new Subtree(from, node == XmlDocument.DOCUMENT ? from.root() : node));
  }

  /**
   * Takes a node as it was before all changes to another place; an attribute to another element,
   * whatever {@code where} says.
   *
   * @throws MalformedPayloadException if the place is inside of the node
   */
  public XmlEditor move(int node, int target, Where where) {
    for (int at = target; at != XmlDocument.NONE; at = document.parent(at)) {
      if (at == node) {
        throw failed("a node moved into itself");
      }
    }
    if (document.kind(node) == XmlKind.ATTRIBUTE) {
      XmlName name =
          new XmlName(document.prefix(node), document.namespace(node), document.localName(node));
      setAttribute(target, name, document.value(node));
    } else {
      insert(target, where, document, node);
    }
    return remove(node);
  }

  /**
   * The document with all changes.
   *
   * @throws MalformedPayloadException if that is none: the root element removed, two attributes of
   *     one name, characters that XML cannot hold
   */
  public XmlDocument edited() {
    try {
      return write();
    } catch (IllegalArgumentException e) {
      throw failed(String.valueOf(e.getMessage()));
    }
  }

  private XmlEditor add(int target, Where where, Addition addition) {
    boolean isInside = where == Where.FIRST || where == Where.LAST;
    if (isInside ? !document.isElement(target) : document.parent(target) == XmlDocument.NONE) {
      throw failed("a place that holds no nodes");
    }
    additions
        .computeIfAbsent(where, _ -> new HashMap<>())
        .computeIfAbsent(target, _ -> new ArrayList<>(1))
        .add(addition);
    return this;
  }

  private XmlDocument write() {
    XmlBuilder builder = new XmlBuilder();
    if (document.prologEnd() > 0) {
      builder.declaration();
    }
    int node = document.firstChild(XmlDocument.DOCUMENT);
    while (node != XmlDocument.NONE) {
      write(Where.BEFORE, node, builder);
      boolean entered = !removed.contains(node) && begin(node, builder);
      int child = entered ? document.firstChild(node) : XmlDocument.NONE;
      node = child == XmlDocument.NONE ? end(node, builder) : child;
    }
    return builder.build();
  }

  /** Writes the node, or its beginning; true if its children come next. */
  private boolean begin(int node, XmlBuilder builder) {
    if (!document.isElement(node)) {
      String text = texts.get(node);
      copy(document, node, text == null ? document.value(node) : text, builder);
      return false;
    }
    start(node, builder);
    write(Where.FIRST, node, builder);
    String text = texts.get(node);
    if (text != null) {
      builder.text(text);
    }
    return text == null;
  }

  /** Ends the node and those it is the last child of; the node behind, or none. */
  private int end(int from, XmlBuilder builder) {
    int node = from;
    while (node != XmlDocument.DOCUMENT) {
      if (document.isElement(node) && !removed.contains(node)) {
        write(Where.LAST, node, builder);
        builder.endElement();
      }
      write(Where.AFTER, node, builder);
      int sibling = document.nextSibling(node);
      if (sibling != XmlDocument.NONE) {
        return sibling;
      }
      node = document.parent(node);
    }
    return XmlDocument.NONE;
  }

  private void start(int element, XmlBuilder builder) {
    XmlName renamed = names.get(element);
    XmlName name = renamed == null ? XmlName.of(document, element) : fitting(element, renamed);
    builder.startElement(name.prefix(), name.uri(), name.localName());
    for (int at = document.firstNamespace(element);
        at != XmlDocument.NONE;
        at = document.nextNamespace(at)) {
      builder.namespace(document.declaredPrefix(at), document.namespace(at));
    }
    for (int at = document.firstAttribute(element);
        at != XmlDocument.NONE;
        at = document.nextAttribute(at)) {
      if (!removed.contains(at)) {
        attribute(element, at, name, builder);
      }
    }
    for (Attribute added : attributes.getOrDefault(element, List.of())) {
      XmlName fit = fitting(element, name, added.name);
      builder.attribute(fit.prefix(), fit.uri(), fit.localName(), added.value);
    }
  }

  private void attribute(int element, int attribute, XmlName elementName, XmlBuilder builder) {
    XmlName renamed = names.get(attribute);
    XmlName name =
        renamed == null ? XmlName.of(document, attribute) : fitting(element, elementName, renamed);
    String text = texts.get(attribute);
    builder.attribute(
        name.prefix(),
        name.uri(),
        name.localName(),
        text == null ? document.value(attribute) : text);
  }

  /** The name of an attribute, with a prefix that is free for its namespace on this element. */
  private XmlName fitting(int element, XmlName elementName, XmlName name) {
    if (name.uri().isEmpty()) {
      return name;
    }
    boolean isTaken =
        name.prefix().isEmpty()
            || (elementName.prefix().equals(name.prefix())
                && !elementName.uri().equals(name.uri()));
    return isTaken ? name.with(free(element, elementName.prefix())) : fitting(element, name);
  }

  /** The name with its prefix, or with another if the tag uses that one otherwise. */
  private XmlName fitting(int element, XmlName name) {
    int end = document.behind(element);
    for (int at = document.following(element);
        at < end && isOnTag(at);
        at = document.following(at)) {
      if (usedPrefix(at).equals(name.prefix())
          && !(document.kind(at) == XmlKind.ATTRIBUTE && name.prefix().isEmpty())
          && !document.namespace(at).equals(name.uri())) {
        if (name.uri().isEmpty()) {
          throw failed("an element without a namespace that declares one for its content");
        }
        return name.with(free(element, ""));
      }
    }
    return name;
  }

  private String free(int element, String taken) {
    Set<String> used = new HashSet<>();
    used.add(taken);
    used.add(document.prefix(element));
    int end = document.behind(element);
    for (int at = document.following(element);
        at < end && isOnTag(at);
        at = document.following(at)) {
      used.add(usedPrefix(at));
    }
    for (Attribute added : attributes.getOrDefault(element, List.of())) {
      used.add(added.name.prefix());
    }
    int number = 1;
    while (used.contains("ns" + number)) {
      number++;
    }
    return "ns" + number;
  }

  private String usedPrefix(int onTag) {
    return document.kind(onTag) == XmlKind.NAMESPACE
        ? document.declaredPrefix(onTag)
        : document.prefix(onTag);
  }

  private boolean isOnTag(int node) {
    XmlKind kind = document.kind(node);
    return kind == XmlKind.ATTRIBUTE || kind == XmlKind.NAMESPACE;
  }

  private void write(Where where, int target, XmlBuilder builder) {
    for (Addition addition :
        additions.getOrDefault(where, Map.of()).getOrDefault(target, List.of())) {
      switch (addition) {
        case Subtree(XmlDocument from, int node) -> builder.copy(from, node);
        case Element(XmlName name, String text) ->
            builder
                .startElement(name.prefix(), name.uri(), name.localName())
                .text(text)
                .endElement();
      }
    }
  }

  /** A node that is neither element nor attribute. */
  static void copy(XmlDocument from, int node, String value, XmlBuilder builder) {
    switch (from.kind(node)) {
      case TEXT -> builder.text(value);
      case CDATA -> builder.cdata(value);
      case COMMENT -> builder.comment(value);
      case INSTRUCTION -> builder.instruction(from.name(node), value);
      case DOCUMENT, ELEMENT, ATTRIBUTE, NAMESPACE -> throw new AssertionError();
    }
  }

  private static MalformedPayloadException failed(@Nullable String reason) {
    return new MalformedPayloadException(
        Kind.MALFORMED, "a document that cannot be edited so: " + reason);
  }
}
