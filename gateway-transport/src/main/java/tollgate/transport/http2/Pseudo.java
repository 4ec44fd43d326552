package tollgate.transport.http2;

/** The pseudo-fields there are (RFC 9113 sections 8.3.1 and 8.3.2, RFC 8441 section 4). */
enum Pseudo {
  METHOD(":method"),
  SCHEME(":scheme"),
  AUTHORITY(":authority"),
  PATH(":path"),
  STATUS(":status"),
  /** RFC 8441 section 4. */
  PROTOCOL(":protocol"),
  OTHER("");

  private final String text;

  Pseudo(String text) {
    this.text = text;
  }

  static Pseudo of(byte[] bytes, int from, int to) {
    return switch (to - from) {
      case 5 -> PATH.or(bytes, from, to);
      case 7 ->
          bytes[from + 1] == 'm'
              ? METHOD.or(bytes, from, to)
              : bytes[from + 2] == 'c' ? SCHEME.or(bytes, from, to) : STATUS.or(bytes, from, to);
      case 9 -> PROTOCOL.or(bytes, from, to);
      case 10 -> AUTHORITY.or(bytes, from, to);
      default -> OTHER;
    };
  }

  private Pseudo or(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != text.charAt(i - from)) {
        return OTHER;
      }
    }
    return this;
  }
}
