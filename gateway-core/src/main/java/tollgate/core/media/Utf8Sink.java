package tollgate.core.media;

import java.nio.CharBuffer;
import java.util.Arrays;

/**
 * Characters to UTF-8. Halves of pairs that stand alone are no text, though the JDK's decoders of
 * UTF-32 give them. One thread.
 */
final class Utf8Sink {
  private byte[] bytes;
  private int length;
  private char high;

  Utf8Sink(int expectedBytes) {
    bytes = new byte[Math.max(16, expectedBytes)];
  }

  /** Takes all; false if half of a pair stood alone in it, or before it. */
  boolean take(CharBuffer chars) {
    ensureRoom(chars.remaining() * 3 + 4);
    while (chars.hasRemaining()) {
      char c = chars.get();
      if (Character.isLowSurrogate(c) != (high != 0)) {
        return false;
      }
      if (c < 0x80) {
        bytes[length++] = (byte) c;
      } else if (Character.isHighSurrogate(c)) {
        high = c; // the other half may stand in the next piece
      } else if (high != 0) {
        put(Character.toCodePoint(high, c));
        high = 0;
      } else {
        put(c);
      }
    }
    return true;
  }

  /** Whether no half of a pair waits for the other. */
  boolean isComplete() {
    return high == 0;
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void put(int point) {
    if (point < 0x800) {
      bytes[length++] = (byte) (0xc0 | point >> 6);
    } else {
      if (point < 0x10000) {
        bytes[length++] = (byte) (0xe0 | point >> 12);
      } else {
        bytes[length++] = (byte) (0xf0 | point >> 18);
        bytes[length++] = (byte) (0x80 | (point >> 12 & 0x3f));
      }
      bytes[length++] = (byte) (0x80 | (point >> 6 & 0x3f));
    }
    bytes[length++] = (byte) (0x80 | (point & 0x3f));
  }

  private void ensureRoom(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length + bytes.length / 2));
    }
  }
}
