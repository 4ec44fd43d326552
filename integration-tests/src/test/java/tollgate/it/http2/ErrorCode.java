package tollgate.it.http2;

/** RFC 9113 section 7. */
enum ErrorCode {
  NO_ERROR,
  PROTOCOL_ERROR,
  INTERNAL_ERROR,
  FLOW_CONTROL_ERROR,
  SETTINGS_TIMEOUT,
  STREAM_CLOSED,
  FRAME_SIZE_ERROR,
  REFUSED_STREAM,
  CANCEL,
  COMPRESSION_ERROR,
  CONNECT_ERROR,
  ENHANCE_YOUR_CALM,
  INADEQUATE_SECURITY,
  HTTP_1_1_REQUIRED,
  /** Any other. */
  UNKNOWN;

  private static final ErrorCode[] ALL = values();

  static ErrorCode of(int number) {
    return number >= 0 && number < UNKNOWN.ordinal() ? ALL[number] : UNKNOWN;
  }

  int number() {
    return ordinal();
  }
}
