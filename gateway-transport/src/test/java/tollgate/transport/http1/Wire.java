package tollgate.transport.http1;

/** Messages as tests write them. */
final class Wire {
  private Wire() {}

  /** The text with a CRLF for each bar. */
  static String http(String text) {
    return text.replace("|", "\r\n");
  }
}
