package tollgate.core.message.xml;

import java.util.TreeSet;
import org.w3c.dom.Document;
import org.w3c.dom.Node;

/**
 * A DOM as text: one line a node, neighbouring text as one, comments left out, attributes sorted.
 */
final class DomText {
  private DomText() {}

  static String of(Document document) {
    document.normalizeDocument();
    StringBuilder text = new StringBuilder();
    append(document, text);
    return text.toString();
  }

  private static void append(Node node, StringBuilder text) {
    switch (node.getNodeType()) {
      case Node.ELEMENT_NODE -> {
        text.append("<{").append(node.getNamespaceURI()).append('}').append(node.getNodeName());
        TreeSet<String> attributes = new TreeSet<>();
        for (int i = 0; i < node.getAttributes().getLength(); i++) {
          Node attribute = node.getAttributes().item(i);
          if (!attribute.getNodeName().startsWith("xmlns")) {
            attributes.add(
                "{"
                    + attribute.getNamespaceURI()
                    + "}"
                    + attribute.getNodeName()
                    + "=|"
                    + attribute.getNodeValue()
                    + "|");
          }
        }
        text.append(attributes).append("\n");
      }
      case Node.TEXT_NODE, Node.CDATA_SECTION_NODE -> text.append(node.getNodeValue());
      case Node.PROCESSING_INSTRUCTION_NODE ->
          text.append("\n?").append(node.getNodeName()).append(' ').append(node.getNodeValue());
      default -> {}
    }
    for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      append(child, text);
    }
    if (node.getNodeType() == Node.ELEMENT_NODE) {
      text.append("\n</>\n");
    }
  }
}
