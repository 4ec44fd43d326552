package tollgate.core.message.xml;

import org.jspecify.annotations.Nullable;
import org.xml.sax.ContentHandler;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/** Walks a document once and tells it as SAX events. One thread, one use. */
final class Emission implements Locator {
  private final XmlDocument document;
  private final ContentHandler handler;
  private final AttributesImpl attributes = new AttributesImpl();

  /** The offset the last event is about, and the last one whose line was counted. */
  private int offset;

  private int countedOffset;
  private int countedLine = 1;

  Emission(XmlDocument document, ContentHandler handler) {
    this.document = document;
    this.handler = handler;
  }

  void run() throws SAXException {
    handler.setDocumentLocator(this);
    handler.startDocument();
    int node = document.firstChild(XmlDocument.DOCUMENT);
    while (node != XmlDocument.NONE) {
      offset = document.start(node);
      begin(node);
      int child = document.isElement(node) ? document.firstChild(node) : XmlDocument.NONE;
      node = child == XmlDocument.NONE ? endAndGoOn(node) : child;
    }
    handler.endDocument();
  }

  private void begin(int node) throws SAXException {
    switch (document.kind(node)) {
      case ELEMENT -> start(node);
      case TEXT, CDATA -> {
        char[] text = document.value(node).toCharArray();
        handler.characters(text, 0, text.length);
      }
      case INSTRUCTION -> handler.processingInstruction(document.name(node), document.value(node));
      case COMMENT, DOCUMENT, ATTRIBUTE, NAMESPACE -> {}
    }
  }

  /** Ends the node and every element it is the last child of; the node behind, or none. */
  private int endAndGoOn(int from) throws SAXException {
    int node = from;
    while (node != XmlDocument.DOCUMENT) {
      offset = document.end(node);
      if (document.isElement(node)) {
        end(node);
      }
      int sibling = document.nextSibling(node);
      if (sibling != XmlDocument.NONE) {
        return sibling;
      }
      node = document.parent(node);
    }
    return XmlDocument.NONE;
  }

  private void start(int element) throws SAXException {
    attributes.clear();
    for (int at = document.firstNamespace(element);
        at != XmlDocument.NONE;
        at = document.nextNamespace(at)) {
      handler.startPrefixMapping(document.declaredPrefix(at), document.namespace(at));
    }
    for (int at = document.firstAttribute(element);
        at != XmlDocument.NONE;
        at = document.nextAttribute(at)) {
      attributes.addAttribute(
          document.namespace(at),
          document.localName(at),
          document.name(at),
          "CDATA",
          document.value(at));
    }
    handler.startElement(
        document.namespace(element),
        document.localName(element),
        document.name(element),
        attributes);
  }

  private void end(int element) throws SAXException {
    handler.endElement(
        document.namespace(element), document.localName(element), document.name(element));
    for (int at = document.firstNamespace(element);
        at != XmlDocument.NONE;
        at = document.nextNamespace(at)) {
      handler.endPrefixMapping(document.declaredPrefix(at));
    }
  }

  @Override
  public @Nullable String getPublicId() {
    return null;
  }

  @Override
  public @Nullable String getSystemId() {
    return null;
  }

  /** Counted on from the line asked last, so that many errors cost one walk. */
  @Override
  public int getLineNumber() {
    byte[] bytes = document.bytes();
    if (offset < countedOffset) {
      countedOffset = 0;
      countedLine = 1;
    }
    countedLine += Position.linesBetween(bytes, countedOffset, offset);
    countedOffset = offset;
    return countedLine;
  }

  @Override
  public int getColumnNumber() {
    return Position.column(document.bytes(), offset);
  }
}
