package tollgate.transport.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/** What a client begins an HTTP/2 connection with (RFC 9113 section 3.4). Any thread. */
public final class Preface {
  private static final byte[] BYTES = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  private Preface() {}

  public static int length() {
    return BYTES.length;
  }

  public static byte at(int index) {
    return BYTES[index];
  }

  /** Not to be changed. */
  public static byte[] bytes() {
    return BYTES;
  }

  /** Whether what has come begins as the preface does, as far as it goes. */
  public static boolean mayBegin(Input in) {
    if (in.isEmpty()) {
      return false;
    }
    ByteBuf bytes = in.bytes();
    int from = bytes.readerIndex();
    int length = Math.min(bytes.readableBytes(), BYTES.length);
    for (int i = 0; i < length; i++) {
      if (bytes.getByte(from + i) != BYTES[i]) {
        return false;
      }
    }
    return true;
  }

  /** Given that {@link #mayBegin}. */
  public static boolean isWhole(Input in) {
    return in.readableBytes() >= BYTES.length;
  }
}
