package tollgate.core.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.ThreadLocalRandom;

/** Frames that the gateway sends itself. Any thread. */
public final class Frames {
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;
  private static final int MASKED = 0x80;

  private Frames() {}

  /**
   * A Close frame.
   *
   * @param reason ASCII, at most 123 characters
   * @param isFromClient whether it goes to a server, which wants it masked (RFC 6455 section 5.1)
   */
  public static ByteBuf close(
      ByteBufAllocator allocator, int code, String reason, boolean isFromClient) {
    byte[] text = reason.getBytes(UTF_8);
    ByteBuf frame = allocator.buffer(8 + text.length);
    frame.writeByte(CLOSE);
    frame.writeByte((isFromClient ? MASKED : 0) | (2 + text.length));
    // The mask keeps scripts from choosing the bytes on the wire; these are ours.
    int mask = isFromClient ? ThreadLocalRandom.current().nextInt() : 0;
    if (isFromClient) {
      frame.writeInt(mask);
    }
    frame.writeShort(code ^ (mask >>> 16));
    for (int i = 0; i < text.length; i++) {
      frame.writeByte(text[i] ^ (mask >>> (24 - 8 * ((i + 2) & 3))));
    }
    return frame;
  }

  /** An empty ping to a client. */
  public static ByteBuf ping(ByteBufAllocator allocator) {
    return allocator.buffer(2).writeByte(PING).writeByte(0);
  }
}
