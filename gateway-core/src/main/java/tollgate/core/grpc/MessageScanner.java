package tollgate.core.grpc;

import io.netty.buffer.ByteBuf;

/**
 * Follows length-prefixed messages through the chunks of a body: a flag, four bytes of length, the
 * message. Copies nothing and keeps nothing but where it is. Event loop only.
 */
public final class MessageScanner {
  private static final int PREFIX_BYTES = 5;

  /** Bit 0 says that the message is compressed; the others are reserved. */
  private static final int KNOWN_FLAGS = 1;

  private final long maxBytes;
  private int prefixBytes;
  private long length;
  private long left;

  /** What a chunk was found to be. */
  public enum Found {
    GOOD,
    /** A message is longer than allowed. */
    TOO_LARGE,
    /** A reserved flag is set. */
    BAD_FLAG
  }

  public MessageScanner(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Looks at a chunk, whose indices stay; after anything but GOOD no other may follow. */
  public Found scan(ByteBuf chunk) {
    int at = chunk.readerIndex();
    int end = chunk.writerIndex();
    while (at < end) {
      if (left > 0) {
        int skipped = (int) Math.min(left, end - at);
        at += skipped;
        left -= skipped;
        continue;
      }
      int b = chunk.getByte(at++) & 0xff;
      if (prefixBytes++ == 0) {
        if ((b & ~KNOWN_FLAGS) != 0) {
          return Found.BAD_FLAG;
        }
        length = 0;
        continue;
      }
      length = (length << 8) | b;
      if (prefixBytes == PREFIX_BYTES) {
        if (length > maxBytes) {
          return Found.TOO_LARGE;
        }
        prefixBytes = 0;
        left = length;
      }
    }
    return Found.GOOD;
  }

  /** Whether all that was seen are whole messages. */
  public boolean isBetweenMessages() {
    return prefixBytes == 0 && left == 0;
  }
}
