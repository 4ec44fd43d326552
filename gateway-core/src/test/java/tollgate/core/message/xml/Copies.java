package tollgate.core.message.xml;

/** Documents built again node by node: what the accessors say is all that goes over. */
final class Copies {
  private Copies() {}

  static XmlDocument rebuilt(XmlDocument document) {
    XmlBuilder builder = new XmlBuilder();
    int node = document.firstChild(XmlDocument.DOCUMENT);
    while (node != XmlDocument.NONE) {
      begin(document, node, builder);
      int child = document.isElement(node) ? document.firstChild(node) : XmlDocument.NONE;
      if (child != XmlDocument.NONE) {
        node = child;
        continue;
      }
      while (true) {
        if (document.isElement(node)) {
          builder.endElement();
        }
        int next = document.nextSibling(node);
        if (next != XmlDocument.NONE || document.parent(node) == XmlDocument.NONE) {
          node = next;
          break;
        }
        node = document.parent(node);
        if (node == XmlDocument.DOCUMENT) {
          node = XmlDocument.NONE;
          break;
        }
      }
    }
    return builder.build();
  }

  private static void begin(XmlDocument document, int node, XmlBuilder builder) {
    switch (document.kind(node)) {
      case ELEMENT -> {
        builder.startElement(
            document.prefix(node), document.namespace(node), document.localName(node));
        for (int at = document.firstNamespace(node);
            at != XmlDocument.NONE;
            at = document.nextNamespace(at)) {
          builder.namespace(document.declaredPrefix(at), document.namespace(at));
        }
        for (int at = document.firstAttribute(node);
            at != XmlDocument.NONE;
            at = document.nextAttribute(at)) {
          builder.attribute(
              document.prefix(at),
              document.namespace(at),
              document.localName(at),
              document.value(at));
        }
      }
      case TEXT -> builder.text(document.value(node));
      case CDATA -> builder.cdata(document.value(node));
      case COMMENT -> builder.comment(document.value(node));
      case INSTRUCTION -> builder.instruction(document.name(node), document.value(node));
      case DOCUMENT, ATTRIBUTE, NAMESPACE -> throw new AssertionError();
    }
  }
}
