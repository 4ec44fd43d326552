package tollgate.core.coding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;

/**
 * A deflate stream, in the frame of zlib (RFC 1950) or bare (RFC 1951): what the first two bytes
 * say. One thread at a time.
 */
final class DeflateDecoder extends Inflating {
  private int first = -1;
  private boolean isKnown;

  DeflateDecoder(ByteBufAllocator allocator) {
    super(allocator, true);
  }

  @Override
  boolean decode(ByteBuf in, Next next) throws MalformedCodingException {
    int at = in.readerIndex();
    if (!isKnown && at < in.writerIndex()) {
      if (first < 0) {
        first = in.getByte(at++) & 0xFF;
        if (at == in.writerIndex()) {
          return true;
        }
      }
      isKnown = true;
      int second = in.getByte(at) & 0xFF;
      // RFC 1950 2.2: method 8, a window of up to 32 KiB, and a check that makes it divisible
      if ((first & 0x8F) == 8 && ((first << 8) | second) % 31 == 0) {
        expectFrame();
      }
      if (inflate(ByteBuffer.wrap(new byte[] {(byte) first}), next) < 0) {
        return false;
      }
    }
    if (at == in.writerIndex()) {
      return true;
    }
    int used = inflate(bytes(in, at), next);
    if (used < 0) {
      return false;
    }
    if (at + used < in.writerIndex()) {
      throw new MalformedCodingException("goes on behind its end");
    }
    return true;
  }

  @Override
  boolean isFinished() {
    return isInflated();
  }
}
