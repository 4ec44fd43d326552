package tollgate.transport.http2;

/** Numbers of the wire (RFC 9113 sections 4 and 6). */
final class Frame {
  static final int HEADER_BYTES = 9;

  /** The largest payload that may be sent before a peer allows more; what we take, too. */
  static final int MAX_PAYLOAD = 16 * 1024;

  static final int LARGEST_MAX_PAYLOAD = (1 << 24) - 1;

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 0x1;
  static final int ACK = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int WITH_PRIORITY = 0x20;

  static final int SETTING_HEADER_TABLE_SIZE = 1;
  static final int SETTING_ENABLE_PUSH = 2;
  static final int SETTING_MAX_CONCURRENT_STREAMS = 3;
  static final int SETTING_INITIAL_WINDOW_SIZE = 4;
  static final int SETTING_MAX_FRAME_SIZE = 5;
  static final int SETTING_MAX_HEADER_LIST_SIZE = 6;
  static final int SETTING_ENABLE_CONNECT_PROTOCOL = 8; // RFC 8441

  static final int DEFAULT_WINDOW = 65_535;

  private Frame() {}
}
