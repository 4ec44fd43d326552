package tollgate.core.message.scan;

/**
 * What a JSON payload may be. Immutable. Lengths are in characters (code points) of what is meant:
 * an escape is one, and so is a pair of them that means one.
 *
 * @param depth objects and arrays within each other
 * @param members of one object
 * @param totalMembers members of all objects and elements of all arrays together
 * @param arrayLength elements of one array
 * @param nameLength of a member's name
 * @param stringLength of a string
 * @param numberLength digits, sign, point and exponent as they are written
 * @param exponent of a number, without its sign
 * @param duplicateNames whether an object may have two members of one name
 * @param bytes of the payload
 */
public record JsonLimits(
    int depth,
    int members,
    int totalMembers,
    int arrayLength,
    int nameLength,
    int stringLength,
    int numberLength,
    int exponent,
    boolean duplicateNames,
    long bytes) {
  public static final int MAX_DEPTH = 10_000;

  public static final JsonLimits DEFAULT =
      new JsonLimits(32, 1_000, 100_000, 10_000, 256, 1 << 20, 400, 999, false, 10L * 1024 * 1024);

  public JsonLimits {
    XmlLimits.check("depth", depth, MAX_DEPTH);
    XmlLimits.check("members", members, Integer.MAX_VALUE);
    XmlLimits.check("totalMembers", totalMembers, Integer.MAX_VALUE);
    XmlLimits.check("arrayLength", arrayLength, Integer.MAX_VALUE);
    XmlLimits.check("nameLength", nameLength, Integer.MAX_VALUE);
    XmlLimits.check("stringLength", stringLength, Integer.MAX_VALUE);
    XmlLimits.check("numberLength", numberLength, Integer.MAX_VALUE);
    XmlLimits.check("exponent", exponent, Integer.MAX_VALUE / 16);
    XmlLimits.check("bytes", bytes, Long.MAX_VALUE);
  }
}
