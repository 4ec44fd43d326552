package tollgate.handlers.grpcweb;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.ChunkFilter;
import tollgate.core.handler.Side;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;

/**
 * A body in base64 (RFC 4648 section 4) to its bytes, as it comes. Pieces that are padded for
 * themselves may follow one another, as PROTOCOL-WEB says; blanks and line ends may not. Event loop
 * only.
 */
final class TextDecoder implements ChunkFilter {
  private static final Fault NO_BASE64 =
      Fault.of(FaultCode.MALFORMED_BODY, "The body is no base64, as its content type says.");

  private static final byte NONE = -1;
  private static final byte[] VALUES = values();

  private final ByteBufAllocator allocator;
  private int bits;
  private int count;
  private int padding;

  TextDecoder(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  @Override
  public Passed chunk(@Owned ByteBuf chunk) {
    ByteBuf bytes = allocator.buffer(chunk.readableBytes() / 4 * 3 + 3);
    boolean isGood = false;
    try {
      isGood = decode(chunk, bytes);
    } finally {
      chunk.release();
      if (!isGood) {
        bytes.release();
      }
    }
    return isGood ? new Passed.Pass(bytes) : new Passed.Refuse(NO_BASE64);
  }

  @Override
  public Passed end(Trailers trailers) {
    return count == 0 ? new Passed.Pass(Unpooled.EMPTY_BUFFER) : new Passed.Refuse(NO_BASE64);
  }

  @Override
  public int heldBackBytes(Side side) {
    return 0;
  }

  private boolean decode(ByteBuf text, ByteBuf bytes) {
    int end = text.writerIndex();
    for (int at = text.readerIndex(); at < end; at++) {
      byte c = text.getByte(at);
      int value = c == '=' ? 0 : c < 0 ? NONE : VALUES[c];
      boolean isPadding = c == '=';
      if (value == NONE || (isPadding ? count < 2 : padding > 0)) {
        return false;
      }
      bits = (bits << 6) | value;
      padding += isPadding ? 1 : 0;
      if (++count == 4) {
        write(bytes);
      }
    }
    return true;
  }

  /** One group of four characters is complete. */
  private void write(ByteBuf bytes) {
    bytes.writeByte(bits >> 16);
    if (padding < 2) {
      bytes.writeByte(bits >> 8);
    }
    if (padding < 1) {
      bytes.writeByte(bits);
    }
    bits = 0;
    count = 0;
    padding = 0;
  }

  private static byte[] values() {
    byte[] values = new byte[128];
    Arrays.fill(values, NONE);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = (byte) i;
    }
    return values;
  }
}
