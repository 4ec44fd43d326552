package tollgate.core.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import tollgate.core.media.MediaType;

/** Bodies through the built-in formats. */
public final class TestBodies {
  private TestBodies() {}

  /** The payload of a body; the same from a heap, a direct and a composite buffer, or it throws. */
  public static Payload build(String format, MediaType type, PayloadLimits limits, byte[] body) {
    MessageBuilder builder = format(format).builder();
    ByteBuf direct = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(3).writeBytes(body);
    CompositeByteBuf pieces = PooledByteBufAllocator.DEFAULT.compositeBuffer();
    try {
      direct.skipBytes(3);
      pieces.addComponent(true, direct.retainedSlice(3, body.length / 2));
      pieces.addComponent(
          true, direct.retainedSlice(3 + body.length / 2, body.length - body.length / 2));
      Payload payload = builder.build(Unpooled.wrappedBuffer(body), type, limits);
      String text = payload.json().toString();
      for (ByteBuf other : new ByteBuf[] {direct, pieces}) {
        if (!builder.build(other, type, limits).json().toString().equals(text)
            || other.readableBytes() != body.length) {
          throw new AssertionError("another payload from another buffer");
        }
      }
      return payload;
    } finally {
      pieces.release();
      direct.release();
    }
  }

  /** As the format writes it, read as UTF-8. */
  public static String write(String format, Payload payload) {
    MessageFormatter formatter = format(format).formatter();
    ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(1);
    try {
      formatter.format(payload, formatter.type(payload), out);
      return out.toString(StandardCharsets.UTF_8);
    } finally {
      out.release();
    }
  }

  static MessageFormat format(String name) {
    MessageFormat format = MessageFormats.builtIn().named(name);
    if (format == null) {
      throw new AssertionError(name);
    }
    return format;
  }
}
