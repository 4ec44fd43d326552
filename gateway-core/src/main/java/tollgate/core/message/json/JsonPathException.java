package tollgate.core.message.json;

/** A JSONPath or JSON Pointer that is none, with the place in it. */
public final class JsonPathException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final int offset;

  /**
   * @param offset of the character in the expression, from 0
   */
  public JsonPathException(String reason, int offset) {
    super(reason + " at character " + (offset + 1));
    this.reason = reason;
    this.offset = offset;
  }

  /** The message without the place. */
  public String reason() {
    return reason;
  }

  /** Of the character in the expression, from 0. */
  public int offset() {
    return offset;
  }
}
