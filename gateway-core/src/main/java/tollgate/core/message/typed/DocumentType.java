package tollgate.core.message.typed;

import static java.util.Objects.requireNonNull;

import tollgate.core.message.typed.TypeTree.Name;

/**
 * What a whole message is. Immutable.
 *
 * @param content of the root element; where {@code isElements}, the elements that can be the root
 * @param root how the root element is written; read whatever it is called
 * @param isElements whether the JSON is an object with the root element as its one member
 * @param saysXml whether the schema says how anything stands in XML
 */
public record DocumentType(TypeTree content, Name root, boolean isElements, boolean saysXml) {
  /** Of which nothing is known. */
  public static final DocumentType UNKNOWN =
      new DocumentType(TypeTree.Any.ANY, Name.of("root"), true, false);

  public DocumentType {
    requireNonNull(content, "content");
    requireNonNull(root, "root");
  }
}
