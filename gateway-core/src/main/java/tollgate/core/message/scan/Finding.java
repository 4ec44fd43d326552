package tollgate.core.message.scan;

import static java.util.Objects.requireNonNull;

/**
 * Why a scanner refuses a payload. Immutable. The same for a payload however it is cut.
 *
 * @param offset of the byte it is about, 0 for the first
 * @param reason short, e.g. {@code more than 20 levels}; holds nothing of the payload
 */
public record Finding(Kind kind, long offset, String reason) {
  /** What is wrong; each but the first two is a limit. */
  public enum Kind {
    /** Not well-formed. */
    MALFORMED,
    /** In an encoding that is not checked here. */
    UNSUPPORTED,
    SIZE,
    DEPTH,
    MEMBERS,
    TOTAL_MEMBERS,
    ARRAY_LENGTH,
    NAME_LENGTH,
    STRING_LENGTH,
    NUMBER_LENGTH,
    EXPONENT,
    DUPLICATE_NAME,
    DTD,
    ELEMENTS,
    CHILDREN,
    ATTRIBUTES,
    NAMESPACES,
    ATTRIBUTE_LENGTH,
    TEXT_LENGTH
  }

  public Finding {
    requireNonNull(kind, "kind");
    requireNonNull(reason, "reason");
  }

  /** Whether the payload may be well-formed, but is more than is allowed. */
  public boolean isLimit() {
    return kind != Kind.MALFORMED && kind != Kind.UNSUPPORTED;
  }

  /** The reason and where, e.g. {@code more than 20 levels at byte 34}. */
  public String text() {
    return reason + " at byte " + offset;
  }
}
