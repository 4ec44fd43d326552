package tollgate.handlers.grpcweb;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import tollgate.core.http.Owned;

/** Bytes to base64 (RFC 4648 section 4). Any thread. */
final class TextEncoder {
  private static final byte[] ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(US_ASCII);

  private TextEncoder() {}

  /** All of it, padded. */
  static ByteBuf takeEncoded(@Owned ByteBuf bytes, ByteBufAllocator allocator) {
    try {
      int length = bytes.readableBytes();
      ByteBuf text = allocator.buffer((int) Math.min((length + 2L) / 3 * 4, Integer.MAX_VALUE));
      int at = bytes.readerIndex();
      int end = bytes.writerIndex();
      for (; end - at >= 3; at += 3) {
        text.writeInt(group(bytes.getUnsignedMedium(at)));
      }
      if (end - at == 2) {
        text.writeInt((group(bytes.getUnsignedShort(at) << 8) & 0xffff_ff00) | '=');
      } else if (end - at == 1) {
        text.writeInt((group(bytes.getUnsignedByte(at) << 16) & 0xffff_0000) | ('=' << 8) | '=');
      }
      return text;
    } finally {
      bytes.release();
    }
  }

  /** Four characters for 24 bits. */
  private static int group(int bits) {
    return (ALPHABET[bits >> 18] << 24)
        | (ALPHABET[(bits >> 12) & 0x3f] << 16)
        | (ALPHABET[(bits >> 6) & 0x3f] << 8)
        | ALPHABET[bits & 0x3f];
  }
}
