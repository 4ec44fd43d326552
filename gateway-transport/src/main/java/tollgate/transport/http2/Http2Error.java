package tollgate.transport.http2;

/**
 * What came in breaks the protocol: a stream error, or a connection error (RFC 9113 section 5.4).
 * Stackless: thrown where frames are read, caught by the connection, never seen by anybody else.
 */
final class Http2Error extends Exception {
  private static final long serialVersionUID = 1L;

  private final int streamId;
  private final ErrorCode code;

  private Http2Error(int streamId, ErrorCode code, String message) {
    super(message, null, false, false);
    this.streamId = streamId;
    this.code = code;
  }

  static Http2Error ofConnection(ErrorCode code, String message) {
    return new Http2Error(0, code, message);
  }

  static Http2Error ofStream(int streamId, ErrorCode code, String message) {
    return new Http2Error(streamId, code, message);
  }

  /** 0: the whole connection. */
  int streamId() {
    return streamId;
  }

  ErrorCode code() {
    return code;
  }
}
