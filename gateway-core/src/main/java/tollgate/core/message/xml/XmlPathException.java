package tollgate.core.message.xml;

/** An XPath that does not compile. Its message says what is wrong and at which character. */
public final class XmlPathException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final int offset;

  XmlPathException(String reason, int offset) {
    super(reason + " at character " + (offset + 1), null, false, false);
    this.reason = reason;
    this.offset = offset;
  }

  /** What is wrong, without the place. */
  public String reason() {
    return reason;
  }

  /** The index in the expression, from 0. */
  public int offset() {
    return offset;
  }
}
