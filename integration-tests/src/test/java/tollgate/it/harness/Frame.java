package tollgate.it.harness;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One WebSocket frame as it came, unmasked. Immutable, as long as nobody writes to its payload. */
public final class Frame {
  public static final int FIN = 0x80;
  public static final int RSV1 = 0x40;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private static final int MASK = 0x37fa213d;

  private final int first;
  private final boolean isMasked;
  private final byte[] payload;

  /**
   * @param first FIN, RSV and opcode
   * @param isMasked whether it came masked
   */
  public Frame(int first, boolean isMasked, byte[] payload) {
    this.first = first;
    this.isMasked = isMasked;
    this.payload = payload;
  }

  /** As a client sends it. */
  public static byte[] masked(int first, byte[] payload) {
    return bytes(first, payload, true);
  }

  /** As a server sends it. */
  public static byte[] plain(int first, byte[] payload) {
    return bytes(first, payload, false);
  }

  /** Masked, one whole text. */
  public static byte[] text(String latin1) {
    return masked(FIN | TEXT, Bytes.of(latin1));
  }

  /** What a Close frame holds. */
  public static byte[] closing(int code, String reason) {
    return ByteBuffer.allocate(2 + reason.length())
        .putShort((short) code)
        .put(Bytes.of(reason))
        .array();
  }

  /** The next frame; null at the end of the stream, wherever it is. */
  static @Nullable Frame read(InputStream source) throws IOException {
    try {
      DataInputStream in = new DataInputStream(source);
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      boolean isMasked = (second & 0x80) != 0;
      long length = second & 0x7f;
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = in.readLong();
      }
      int mask = isMasked ? in.readInt() : 0;
      byte[] payload = new byte[Math.toIntExact(length)];
      in.readFully(payload);
      unmask(payload, mask);
      return new Frame(first, isMasked, payload);
    } catch (EOFException _) {
      return null;
    }
  }

  /** FIN, RSV and opcode. */
  public int first() {
    return first;
  }

  public boolean isMasked() {
    return isMasked;
  }

  public byte[] payload() {
    return payload;
  }

  public int opcode() {
    return first & 15;
  }

  public String text() {
    return Bytes.text(payload);
  }

  /** The code in a Close frame; 1005 if there is none, 0 if it is another frame. */
  public int closeCode() {
    if (opcode() != CLOSE) {
      return 0;
    }
    return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
  }

  /** As it came, but for the mask's value. */
  public byte[] bytes() {
    return bytes(first, payload, isMasked);
  }

  private static byte[] bytes(int first, byte[] payload, boolean isMasked) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 14);
    int flag = isMasked ? 0x80 : 0;
    int length = payload.length;
    out.write(first);
    if (length < 126) {
      out.write(flag | length);
    } else if (length < 65536) {
      out.write(flag | 126);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
    } else {
      out.write(flag | 127);
      out.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
    byte[] content = payload.clone();
    if (isMasked) {
      out.writeBytes(ByteBuffer.allocate(4).putInt(MASK).array());
      unmask(content, MASK);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static void unmask(byte[] payload, int mask) {
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= (byte) (mask >>> (24 - 8 * (i & 3)));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Frame frame
        && frame.first == first
        && frame.isMasked == isMasked
        && Arrays.equals(frame.payload, payload);
  }

  @Override
  public int hashCode() {
    return 31 * first + Arrays.hashCode(payload);
  }

  @Override
  public String toString() {
    return "%02x, %d bytes, close code %d".formatted(first, payload.length, closeCode());
  }
}
