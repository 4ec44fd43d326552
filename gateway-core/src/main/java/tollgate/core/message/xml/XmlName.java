package tollgate.core.message.xml;

import static java.util.Objects.requireNonNull;

/**
 * The name of an element or attribute. Immutable.
 *
 * @param prefix empty for none
 * @param uri the namespace; empty for none, which no prefix can have
 */
public record XmlName(String prefix, String uri, String localName) {
  public XmlName {
    requireNonNull(uri, "uri");
    if (!prefix.isEmpty() && (uri.isEmpty() || !XmlCharacters.isNcName(prefix))) {
      throw new IllegalArgumentException(prefix + " (expected: a prefix, and a namespace for it)");
    }
    if (!XmlCharacters.isNcName(localName)) {
      throw new IllegalArgumentException(localName + " (expected: a name of XML without colon)");
    }
  }

  /** A name in no namespace. */
  public static XmlName of(String localName) {
    return new XmlName("", "", localName);
  }

  static XmlName of(XmlDocument document, int node) {
    return new XmlName(document.prefix(node), document.namespace(node), document.localName(node));
  }

  /** Whether they are one name, whatever their prefixes. */
  boolean isSame(XmlName other) {
    return uri.equals(other.uri) && localName.equals(other.localName);
  }

  XmlName with(String otherPrefix) {
    return new XmlName(otherPrefix, uri, localName);
  }
}
