package tollgate.transport.http2;

/**
 * A header block that is not to be read on: COMPRESSION_ERROR, which ends the connection (RFC 9113
 * section 4.3), since both sides would have different tables from now on. Stackless.
 */
final class HpackException extends Exception {
  private static final long serialVersionUID = 1L;

  HpackException(String message) {
    super(message, null, false, false);
  }
}
