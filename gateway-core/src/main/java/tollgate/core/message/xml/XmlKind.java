package tollgate.core.message.xml;

/** What a node of an {@link XmlDocument} is. */
public enum XmlKind {
  /** The whole: parent of the root element and of comments and instructions beside it. */
  DOCUMENT,
  ELEMENT,
  /** An attribute that is no namespace declaration. */
  ATTRIBUTE,
  /** A namespace declaration as written on its element. */
  NAMESPACE,
  /** Characters between markup, never empty. Two of them are never neighbours. */
  TEXT,
  /** A CDATA section, possibly empty; its characters count as text. */
  CDATA,
  COMMENT,
  /** A processing instruction; the XML declaration is none. */
  INSTRUCTION;

  private static final XmlKind[] KINDS = values();

  static XmlKind of(int ordinal) {
    return KINDS[ordinal];
  }
}
