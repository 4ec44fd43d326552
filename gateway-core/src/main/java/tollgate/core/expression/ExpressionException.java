package tollgate.core.expression;

/** An expression that is none; the message goes on from the text that it stands in. */
public final class ExpressionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final int offset;

  /**
   * @param reason goes on from the text
   * @param offset of the character in the text, from 0
   */
  public ExpressionException(String reason, int offset) {
    super(reason + " (at character " + (offset + 1) + ")");
    this.reason = reason;
    this.offset = offset;
  }

  /** The message without the place. */
  public String reason() {
    return reason;
  }

  /** Of the character in the text, from 0. */
  public int offset() {
    return offset;
  }
}
