package tollgate.core.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** Frames as bytes, right or wrong. */
final class Wire {
  static final int FIN = 0x80;
  static final int RSV1 = 0x40;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;

  private final boolean isMasked;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int mask = 0x8a3c5f17;

  private Wire(boolean isMasked) {
    this.isMasked = isMasked;
  }

  static Wire fromClient() {
    return new Wire(true);
  }

  static Wire fromServer() {
    return new Wire(false);
  }

  /** The shortest length. */
  Wire frame(int first, byte[] payload) {
    int length = payload.length;
    return frame(first, length < 126 ? length : length < 65536 ? 126 : 127, length, payload);
  }

  /**
   * Any length, in any way.
   *
   * @param kind the seven bits
   */
  Wire frame(int first, int kind, long length, byte[] payload) {
    out.write(first);
    out.write(kind | (isMasked ? 0x80 : 0));
    if (kind == 126) {
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
    } else if (kind == 127) {
      out.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
    mask = Integer.rotateLeft(mask, 5) + 77;
    byte[] key = ByteBuffer.allocate(4).putInt(mask).array();
    if (isMasked) {
      out.writeBytes(key);
    }
    for (int i = 0; i < payload.length; i++) {
      out.write(isMasked ? payload[i] ^ key[i & 3] : payload[i]);
    }
    return this;
  }

  Wire raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  int length() {
    return out.size();
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /** Close frame payload. */
  static byte[] closing(int code, byte... reason) {
    return ByteBuffer.allocate(2 + reason.length).putShort((short) code).put(reason).array();
  }

  /** As permessage-deflate sends it. */
  static byte[] deflated(byte[] message) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(message);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = new byte[4096];
    int count;
    do {
      count = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
      out.write(piece, 0, count);
    } while (count == piece.length);
    deflater.end();
    byte[] all = out.toByteArray();
    return java.util.Arrays.copyOf(all, all.length - 4); // RFC 7692 7.2.1
  }
}
