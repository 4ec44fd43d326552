package tollgate.core.coding;

/** The bytes are none of the coding. Without a stack trace: it is the peer's doing. */
final class MalformedCodingException extends Exception {
  private static final long serialVersionUID = 1;

  MalformedCodingException(String reason) {
    super(reason, null, false, false);
  }
}
