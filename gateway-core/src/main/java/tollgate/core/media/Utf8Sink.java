package tollgate.core.media;

import java.nio.CharBuffer;
import java.util.Arrays;

/** Characters to UTF-8. A decoder gave them, so that halves of pairs come together. One thread. */
final class Utf8Sink {
  private byte[] bytes;
  private int length;
  private char high;

  Utf8Sink(int expectedBytes) {
    bytes = new byte[Math.max(16, expectedBytes)];
  }

  void take(CharBuffer chars) {
    ensureRoom(chars.remaining() * 3 + 4);
    while (chars.hasRemaining()) {
      char c = chars.get();
      if (c < 0x80) {
        bytes[length++] = (byte) c;
      } else if (Character.isHighSurrogate(c)) {
        high = c; // the other half may stand in the next piece
      } else {
        put(Character.isLowSurrogate(c) ? Character.toCodePoint(high, c) : c);
      }
    }
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
