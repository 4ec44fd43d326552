package tollgate.it.http2;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * One frame as it stands on the wire, right or wrong (RFC 9113 section 4.1). Immutable, as long as
 * nobody writes to its payload.
 *
 * @param type one of the constants here, or any other byte
 * @param flags one byte
 * @param stream with the reserved bit, if a test sets it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(int type, int flags, int stream, byte[] payload) {
  static final int DATA = 0x0;
  static final int HEADERS = 0x1;
  static final int PRIORITY = 0x2;
  static final int RST_STREAM = 0x3;
  static final int SETTINGS = 0x4;
  static final int PUSH_PROMISE = 0x5;
  static final int PING = 0x6;
  static final int GOAWAY = 0x7;
  static final int WINDOW_UPDATE = 0x8;
  static final int CONTINUATION = 0x9;

  static final int ACK = 0x1;
  static final int END_STREAM = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int WITH_PRIORITY = 0x20;

  static final int HEADER_TABLE_SIZE = 0x1;
  static final int ENABLE_PUSH = 0x2;
  static final int MAX_CONCURRENT_STREAMS = 0x3;
  static final int INITIAL_WINDOW_SIZE = 0x4;
  static final int MAX_FRAME_SIZE = 0x5;
  static final int MAX_HEADER_LIST_SIZE = 0x6;
  static final int ENABLE_CONNECT_PROTOCOL = 0x8;

  static final int HEAD_LENGTH = 9;
  private static final byte[] NOTHING = {};
  private static final String[] NAMES = {
    "DATA",
    "HEADERS",
    "PRIORITY",
    "RST_STREAM",
    "SETTINGS",
    "PUSH_PROMISE",
    "PING",
    "GOAWAY",
    "WINDOW_UPDATE",
    "CONTINUATION"
  };

  static Frame of(int type, int flags, int stream, byte... payload) {
    return new Frame(type, flags, stream, payload);
  }

  /** The end of a request or a part of it. */
  static Frame data(int stream, boolean isLast, byte... payload) {
    return of(DATA, isLast ? END_STREAM : 0, stream, payload);
  }

  static Frame data(int stream, boolean isLast, String payload) {
    return data(stream, isLast, payload.getBytes(StandardCharsets.ISO_8859_1));
  }

  static Frame paddedData(int stream, boolean isLast, byte[] content, int padLength) {
    return of(
        DATA, PADDED | (isLast ? END_STREAM : 0), stream, padded(NOTHING, content, padLength));
  }

  /** A whole block. */
  static Frame headers(int stream, boolean isLast, byte[] block) {
    return of(HEADERS, END_HEADERS | (isLast ? END_STREAM : 0), stream, block);
  }

  /** The beginning of a block. */
  static Frame openHeaders(int stream, boolean isLast, byte[] fragment) {
    return of(HEADERS, isLast ? END_STREAM : 0, stream, fragment);
  }

  static Frame continuation(int stream, boolean isLastOfBlock, byte... fragment) {
    return of(CONTINUATION, isLastOfBlock ? END_HEADERS : 0, stream, fragment);
  }

  /** The fields of priority that RFC 9113 section 5.3.2 deprecates. */
  static byte[] dependency(int on, boolean isExclusive, int weight) {
    return ByteBuffer.allocate(5)
        .putInt(isExclusive ? on | 0x8000_0000 : on)
        .put((byte) (weight - 1))
        .array();
  }

  static Frame priority(int stream, int on, boolean isExclusive, int weight) {
    return of(PRIORITY, 0, stream, dependency(on, isExclusive, weight));
  }

  static Frame reset(int stream, int code) {
    return of(RST_STREAM, 0, stream, int32(code));
  }

  /** Identifiers and values by turns. */
  static Frame settings(int... pairs) {
    ByteBuffer payload = ByteBuffer.allocate(pairs.length * 3);
    for (int i = 0; i < pairs.length; i += 2) {
      payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
    }
    return of(SETTINGS, 0, 0, payload.array());
  }

  static Frame settingsAck() {
    return of(SETTINGS, ACK, 0);
  }

  static Frame ping(long opaque) {
    return of(PING, 0, 0, ByteBuffer.allocate(8).putLong(opaque).array());
  }

  static Frame goAway(int lastStream, int code, byte... debug) {
    return of(GOAWAY, 0, 0, joined(int32(lastStream), int32(code), debug));
  }

  static Frame windowUpdate(int stream, int increment) {
    return of(WINDOW_UPDATE, 0, stream, int32(increment));
  }

  /**
   * With the field of the length of padding and the padding itself.
   *
   * @param before what stands between the two, such as a dependency
   */
  static byte[] padded(byte[] before, byte[] content, int padLength) {
    return joined(new byte[] {(byte) padLength}, before, content, new byte[padLength]);
  }

  static byte[] int32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] bytes(Frame... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Frame frame : frames) {
      all.writeBytes(frame.bytes());
    }
    return all.toByteArray();
  }

  byte[] bytes() {
    return joined(head(payload.length), payload);
  }

  /** The nine octets alone, with any length. */
  byte[] head(int length) {
    return ByteBuffer.allocate(HEAD_LENGTH)
        .put((byte) (length >> 16))
        .putShort((short) length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .array();
  }

  boolean is(int wantedType) {
    return type == wantedType;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Four octets of the payload. */
  int intAt(int at) {
    return ByteBuffer.wrap(payload).getInt(at);
  }

  /** Of RST_STREAM and GOAWAY. */
  ErrorCode code() {
    return ErrorCode.of(intAt(is(GOAWAY) ? 4 : 0));
  }

  /** What is left without padding and priority. */
  byte[] content() {
    int from = has(PADDED) ? 1 : 0;
    int padLength = has(PADDED) ? payload[0] & 0xff : 0;
    if (is(HEADERS) && has(WITH_PRIORITY)) {
      from += 5;
    }
    byte[] content = new byte[payload.length - from - padLength];
    System.arraycopy(payload, from, content, 0, content.length);
    return content;
  }

  @Override
  public String toString() {
    String name = type < NAMES.length ? NAMES[type] : "type " + type;
    String text = name + "(stream " + stream + ", flags " + flags;
    if ((is(RST_STREAM) && payload.length == 4) || (is(GOAWAY) && payload.length >= 8)) {
      String debug =
          is(GOAWAY) ? new String(payload, 8, payload.length - 8, StandardCharsets.ISO_8859_1) : "";
      return text + ", " + code() + (debug.isEmpty() ? "" : ", \"" + debug + "\"") + ")";
    }
    int shown = Math.min(payload.length, 24);
    return text
        + ", "
        + payload.length
        + " octets "
        + HexFormat.of().formatHex(payload, 0, shown)
        + ")";
  }
}
