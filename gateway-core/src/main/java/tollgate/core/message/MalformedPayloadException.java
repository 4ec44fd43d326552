package tollgate.core.message;

import static java.util.Objects.requireNonNull;

/**
 * A body that cannot be built, or a payload that cannot be converted. It says what is wrong and
 * where, never what stands there: the text may go to clients and logs.
 *
 * <p>An exception and no value since it comes from deep inside parsers; without a stack trace since
 * it is no bug. Whoever builds a body catches it there.
 */
public final class MalformedPayloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String reason;
  private final int line;
  private final int column;
  private final int offset;

  /**
   * @param reason short, in English, without anything of the payload
   * @param line from 1; 0 where there is no place to name
   * @param column from 1, in characters
   * @param offset in bytes of the body's text as UTF-8, after a byte order mark
   */
  public MalformedPayloadException(Kind kind, String reason, int line, int column, int offset) {
    super(
        line == 0 ? reason : reason + " at line " + line + ", column " + column,
        null,
        false,
        false);
    this.kind = requireNonNull(kind, "kind");
    this.reason = requireNonNull(reason, "reason");
    this.line = line;
    this.column = column;
    this.offset = offset;
  }

  /** One that has no place. */
  public MalformedPayloadException(Kind kind, String reason) {
    this(kind, reason, 0, 0, 0);
  }

  /** Whose mistake it is. */
  public enum Kind {
    /** No text of its format: 400, or 502 for a backend's. */
    MALFORMED,

    /** Beyond a limit of ours: 413, or 502 for a backend's. */
    TOO_COMPLEX,

    /** A charset or a form of the format that is not read: 415, or 502 for a backend's. */
    UNSUPPORTED
  }

  public Kind kind() {
    return kind;
  }

  /** The message without the place. */
  public String reason() {
    return reason;
  }

  /** From 1; 0 where there is no place to name. */
  public int line() {
    return line;
  }

  /** From 1, in characters; 0 where there is no place to name. */
  public int column() {
    return column;
  }

  /** In bytes of the text as UTF-8, after a byte order mark. */
  public int offset() {
    return offset;
  }
}
