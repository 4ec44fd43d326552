package tollgate.handlers.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.Quoted;
import tollgate.core.message.xml.XmlBuilder;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlEditor;
import tollgate.core.message.xml.XmlName;

/**
 * Where an XPath of plain names, such as {@code /order/customer/@id}, makes what it does not find.
 * Immutable; any thread.
 *
 * @param elements from the root element down
 * @param attribute of the last of them; null if the path ends with an element
 */
record XmlPlace(List<XmlName> elements, @Nullable XmlName attribute) {
  private static final Pattern NAME = Pattern.compile("(?:([^\\s:/@]+):)?([^\\s:/@]+)");
  private static final Pattern STEPS =
      Pattern.compile(
          "(?:/(?:[\\p{L}_][\\w.\\-]*:)?[\\p{L}_][\\w.\\-]*)+(/@[\\p{L}_][\\w.:\\-]*)?");

  /** Nothing is made. */
  private static final XmlPlace NONE = new XmlPlace(List.of(), null);

  XmlPlace {
    elements = List.copyOf(elements);
  }

  static XmlPlace of(String xpath, Map<String, String> namespaces) {
    if (!STEPS.matcher(xpath).matches()) {
      return NONE;
    }
    int at = xpath.indexOf("/@");
    List<XmlName> elements = new ArrayList<>();
    for (String step : (at < 0 ? xpath : xpath.substring(0, at)).substring(1).split("/", -1)) {
      elements.add(name(step, namespaces));
    }
    return new XmlPlace(elements, at < 0 ? null : name(xpath.substring(at + 2), namespaces));
  }

  /**
   * @throws IllegalArgumentException if it is no name of XML, or its prefix is not declared
   */
  static XmlName name(String name, Map<String, String> namespaces) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw new IllegalArgumentException(Quoted.of(name) + " is no name of XML");
    }
    String prefix = parts.group(1);
    String local = String.valueOf(parts.group(2));
    String uri = prefix == null ? "" : namespaces.get(prefix);
    if (uri == null) {
      throw new IllegalArgumentException(
          Quoted.of(name) + " has a prefix that is not declared (expected: in namespaces)");
    }
    try {
      return new XmlName(prefix == null ? "" : prefix, uri, local);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(Quoted.of(name) + " is no name of XML", e);
    }
  }

  /**
   * Adds what is missing on the way, with that text at its end; nothing where the root element is
   * another.
   */
  void make(XmlDocument document, String text, XmlEditor editor) {
    if (elements.isEmpty() || !isNamed(document, document.root(), elements.getFirst())) {
      return;
    }
    int node = document.root();
    int found = 1;
    while (found < elements.size()) {
      int child = child(document, node, elements.get(found));
      if (child == XmlDocument.NONE) {
        break;
      }
      node = child;
      found++;
    }
    if (found < elements.size()) {
      XmlDocument made = made(elements.subList(found, elements.size()), text);
      editor.insert(node, XmlEditor.Where.LAST, made, made.root());
    } else if (attribute != null) {
      editor.setAttribute(node, attribute, text);
    }
  }

  private XmlDocument made(List<XmlName> missing, String text) {
    XmlBuilder builder = new XmlBuilder(64);
    for (XmlName name : missing) {
      builder.startElement(name.prefix(), name.uri(), name.localName());
    }
    if (attribute != null) {
      builder.attribute(attribute.prefix(), attribute.uri(), attribute.localName(), text);
    } else if (!text.isEmpty()) {
      builder.text(text);
    }
    missing.forEach(_ -> builder.endElement());
    return builder.build();
  }

  private static int child(XmlDocument document, int parent, XmlName name) {
    int child = document.firstElement(parent);
    while (child != XmlDocument.NONE && !isNamed(document, child, name)) {
      child = document.nextElement(child);
    }
    return child;
  }

  private static boolean isNamed(XmlDocument document, int element, XmlName name) {
    return document.isNamed(element, name.uri(), name.localName());
  }
}
