package tollgate.core.websocket;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Whether bytes are UTF-8 (RFC 3629), however they are chopped: no overlong forms, no surrogates,
 * nothing beyond U+10FFFF. Told at the first byte that cannot be right. One thread.
 */
final class Utf8 {
  private static final long HIGH_BITS = 0x8080808080808080L;

  /** From so many bytes on a view pays. */
  private static final int VIEWED = 64;

  /** Continuation bytes still to come, and what the next of them may be. */
  private int missing;

  private int low = 0x80;
  private int high = 0xbf;

  /**
   * Reads bytes {@code from} to {@code to}, each exclusive-or'd with the byte of {@code mask} that
   * is its turn.
   *
   * @param mask 0 for none
   * @param maskAt which byte of the mask the first one's is, 0 to 3
   * @return false if it is no UTF-8
   */
  boolean accepts(ByteBuf bytes, int from, int to, int mask, int maskAt) {
    int rotated = Integer.rotateLeft(mask, 8 * maskAt);
    long wide = (rotated & 0xffffffffL) << 32 | (rotated & 0xffffffffL);
    int at = from;
    if (missing == 0 && to - from >= VIEWED && bytes.nioBufferCount() == 1) {
      // The view checks its bounds for less than the buffer does.
      ByteBuffer view = bytes.internalNioBuffer(from, to - from);
      at += ascii(view, view.position(), view.limit(), wide);
    }
    while (at < to) {
      if (missing == 0) {
        // Steps of eight keep the mask's turn.
        while (to - at >= 8 && ((bytes.getLong(at) ^ wide) & HIGH_BITS) == 0) {
          at += 8;
        }
      }
      int end = Math.min(to, at + 8);
      for (; at < end; at++) {
        int turn = (at - from) & 3;
        if (!accepts((bytes.getByte(at) ^ (rotated >>> (24 - 8 * turn))) & 0xff)) {
          return false;
        }
      }
    }
    return true;
  }

  /** How many bytes from the first on are ASCII, in steps of 32. */
  private static int ascii(ByteBuffer bytes, int from, int to, long mask) {
    int at = from;
    for (; to - at >= 32; at += 32) {
      long all =
          (bytes.getLong(at) ^ mask)
              | (bytes.getLong(at + 8) ^ mask)
              | (bytes.getLong(at + 16) ^ mask)
              | (bytes.getLong(at + 24) ^ mask);
      if ((all & HIGH_BITS) != 0) {
        break;
      }
    }
    return at - from;
  }

  /** Whether no character is begun. */
  boolean isComplete() {
    return missing == 0;
  }

  void reset() {
    missing = 0;
    low = 0x80;
    high = 0xbf;
  }

  private boolean accepts(int b) {
    if (missing > 0) {
      if (b < low || b > high) {
        return false;
      }
      missing--;
      low = 0x80;
      high = 0xbf;
      return true;
    }
    if (b < 0x80) {
      return true;
    }
    if (b < 0xc2 || b > 0xf4) {
      return false;
    }
    if (b < 0xe0) {
      missing = 1;
    } else if (b < 0xf0) {
      missing = 2;
      low = b == 0xe0 ? 0xa0 : 0x80;
      high = b == 0xed ? 0x9f : 0xbf;
    } else {
      missing = 3;
      low = b == 0xf0 ? 0x90 : 0x80;
      high = b == 0xf4 ? 0x8f : 0xbf;
    }
    return true;
  }
}
