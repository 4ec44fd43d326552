package tollgate.core.message;

/**
 * What a payload may be at most, so that building one is bounded in time and memory. Immutable.
 *
 * @param bytes of the body once its content codings are undone; at most {@link #MAX_BYTES}
 * @param depth how deep objects, arrays and elements may stand in one another
 * @param nodes values and member names of JSON; elements, attributes and texts of XML
 * @param members of one object, or fields of one form
 * @param arrayLength elements of one array
 * @param nameBytes of one name, as UTF-8
 * @param stringBytes of one string, text or attribute value, as UTF-8 and as it is written
 * @param numberBytes of one number
 * @param attributes of one element, namespace declarations among them
 * @param children of one element
 * @param parts of one multipart body
 */
public record PayloadLimits(
    int bytes,
    int depth,
    int nodes,
    int members,
    int arrayLength,
    int nameBytes,
    int stringBytes,
    int numberBytes,
    int attributes,
    int children,
    int parts) {
  /** Offsets into a body have 28 bits in the tapes. */
  public static final int MAX_BYTES = (1 << 28) - 1;

  public static final PayloadLimits DEFAULT =
      new PayloadLimits(
          64 << 20,
          512,
          10_000_000,
          100_000,
          1_000_000,
          8192,
          16 << 20,
          1024,
          1024,
          1_000_000,
          1024);

  /** Nothing but what the model itself can hold; for what was measured before. */
  public static final PayloadLimits NONE =
      new PayloadLimits(
          MAX_BYTES, MAX_BYTES, MAX_BYTES, MAX_BYTES, MAX_BYTES, MAX_BYTES, MAX_BYTES, MAX_BYTES,
          MAX_BYTES, MAX_BYTES, MAX_BYTES);

  public PayloadLimits {
    check("bytes", bytes);
    check("depth", depth);
    check("nodes", nodes);
    check("members", members);
    check("arrayLength", arrayLength);
    check("nameBytes", nameBytes);
    check("stringBytes", stringBytes);
    check("numberBytes", numberBytes);
    check("attributes", attributes);
    check("children", children);
    check("parts", parts);
  }

  private static void check(String name, int value) {
    if (value < 1 || value > MAX_BYTES) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: 1 to " + MAX_BYTES + ")");
    }
  }
}
