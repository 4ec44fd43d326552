package tollgate.core.message.scan;

/**
 * What an XML payload may be; document types are never allowed. Immutable. Lengths are in bytes as
 * they are written.
 *
 * @param depth elements within each other
 * @param elements in all
 * @param children elements, CDATA sections, comments and instructions right within one element
 * @param attributes of one element, with the declarations of namespaces
 * @param namespaces declared and in force at one place
 * @param nameLength of an element, attribute or instruction, with its prefix
 * @param attributeLength of one attribute's value
 * @param textLength of one text, CDATA section, comment or instruction
 * @param bytes of the payload
 */
public record XmlLimits(
    int depth,
    int elements,
    int children,
    int attributes,
    int namespaces,
    int nameLength,
    int attributeLength,
    int textLength,
    long bytes) {
  public static final int MAX_DEPTH = 10_000;

  /** Each is compared with each other of its element. */
  public static final int MAX_ATTRIBUTES = 1_000;

  /** Each prefix is looked for among them. */
  public static final int MAX_NAMESPACES = 1_000;

  /** Names of open elements are kept. */
  public static final int MAX_NAME_LENGTH = 64 * 1024;

  public static final XmlLimits DEFAULT =
      new XmlLimits(64, 100_000, 10_000, 100, 64, 256, 64 * 1024, 1 << 20, 10L * 1024 * 1024);

  public XmlLimits {
    check("depth", depth, MAX_DEPTH);
    check("elements", elements, Integer.MAX_VALUE);
    check("children", children, Integer.MAX_VALUE);
    check("attributes", attributes, MAX_ATTRIBUTES);
    check("namespaces", namespaces, MAX_NAMESPACES);
    check("nameLength", nameLength, MAX_NAME_LENGTH);
    check("attributeLength", attributeLength, Integer.MAX_VALUE);
    check("textLength", textLength, Integer.MAX_VALUE);
    check("bytes", bytes, Long.MAX_VALUE);
  }

  static void check(String name, long value, long max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + max + ")");
    }
  }
}
