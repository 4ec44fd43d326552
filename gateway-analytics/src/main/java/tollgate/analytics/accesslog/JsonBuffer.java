package tollgate.analytics.accesslog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * JSON text in a reusable byte array. What it writes is ASCII: every control character, DEL and
 * everything beyond is a {@code \\u} escape, so that no terminal, no line reader and no encoding
 * guess can be led astray by what a client sent. One thread.
 */
final class JsonBuffer {
  /** Of a text value, before escaping. */
  static final int MAX_TEXT = 1_024;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final int INITIAL_BYTES = 1 << 17;
  private static final int MAX_ESCAPED = 6;
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Cuts off what stands after {@code length}. */
  void truncate(int length) {
    this.length = length;
  }

  /** A copy of what stands behind {@code start}. */
  byte[] from(int start) {
    return Arrays.copyOfRange(bytes, start, length);
  }

  void raw(byte[] ascii) {
    ensure(ascii.length);
    System.arraycopy(ascii, 0, bytes, length, ascii.length);
    length += ascii.length;
  }

  void raw(char ascii) {
    ensure(1);
    bytes[length++] = (byte) ascii;
  }

  /** Not negative. */
  void number(long number) {
    int digits = 1;
    for (long power = 10; power <= number && digits < 18; power *= 10) {
      digits++;
    }
    digits(number, digits == 18 && number >= 1_000_000_000_000_000_000L ? 19 : digits);
  }

  /** Milliseconds with exactly three decimals, rounded. */
  void millis(long nanos) {
    long micros = (nanos + 500) / 1_000;
    number(micros / 1_000);
    raw('.');
    ensure(3);
    digits(micros % 1_000, 3);
  }

  /** {@code value}, not negative, with leading zeros. */
  void digits(long value, int digits) {
    ensure(digits);
    int at = length + digits;
    long rest = value;
    for (; rest > Integer.MAX_VALUE; rest /= 10) {
      bytes[--at] = (byte) ('0' + rest % 10);
    }
    // Of an int, which divides several times faster; most are.
    for (int r = (int) rest; at > length; r /= 10) {
      bytes[--at] = (byte) ('0' + r % 10);
    }
    length += digits;
  }

  /** A quoted string of Unicode characters, cut at {@link #MAX_TEXT}. */
  void text(String text) {
    quoted(text, Math.min(text.length(), MAX_TEXT), false);
  }

  /**
   * A quoted string of what came in on the wire, each character one byte: read as UTF-8; a byte
   * that is not UTF-8 becomes the character of its number. Cut at {@link #MAX_TEXT} bytes.
   *
   * @param end exclusive
   */
  void wire(String octets, int end) {
    quoted(octets, Math.min(end, MAX_TEXT), true);
  }

  /** A quoted string that is known to hold nothing but ASCII that needs no escape. */
  void plain(String ascii) {
    plain(ascii, 0, ascii.length());
  }

  /** As {@link #plain(String)}, of the characters {@code start} to {@code end} - 1. */
  void plain(String ascii, int start, int end) {
    ensure(end - start + 2);
    bytes[length++] = '"';
    copy(ascii, start, end);
    length += end - start;
    bytes[length++] = '"';
  }

  private void quoted(String text, int end, boolean isWire) {
    ensure(end * MAX_ESCAPED + 2);
    bytes[length++] = '"';
    if (isWire) {
      copy(text, 0, end);
      if (isPlain(length, length + end)) {
        length += end;
        bytes[length++] = '"';
        return;
      }
    }
    int i = 0;
    while (i < end) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7f) {
        if (c == '"' || c == '\\') {
          bytes[length++] = '\\';
        }
        bytes[length++] = (byte) c;
        i++;
      } else if (isWire && c >= 0xc2 && c <= 0xf4) {
        i += sequence(text, i, end);
      } else {
        escape(c);
        i++;
      }
    }
    bytes[length++] = '"';
  }

  /** The low byte of each character to what comes next. */
  @SuppressWarnings("deprecation") // its one flaw is wanted here: characters are octets
  private void copy(String octets, int start, int end) {
    octets.getBytes(start, end, bytes, length);
  }

  /** Whether all of it is ASCII that needs no escape; eight bytes at a time. */
  private boolean isPlain(int from, int to) {
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      long eight = (long) LONGS.get(bytes, at);
      long control = eight - ' ' * ONES;
      long found =
          zeros(eight ^ '"' * ONES) | zeros(eight ^ '\\' * ONES) | zeros(eight ^ 0x7f * ONES);
      if (((eight | control | found) & HIGH_BITS) != 0) {
        return false;
      }
    }
    for (; at < to; at++) {
      byte b = bytes[at];
      if (b < ' ' || b == '"' || b == '\\' || b == 0x7f) {
        return false;
      }
    }
    return true;
  }

  /** The high bit of a byte that is zero; where none is, none. */
  private static long zeros(long eight) {
    return (eight - ONES) & ~eight;
  }

  /** One UTF-8 sequence or, if it is none, its first byte; returns how much it took. */
  private int sequence(String octets, int at, int end) {
    int first = octets.charAt(at);
    int size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (at + size > end) {
      if (end == MAX_TEXT && isSequenceSoFar(octets, at, end)) {
        return end - at; // cut in the middle of a character: leave it out
      }
      escape((char) first);
      return 1;
    }
    int codePoint = first & (0x7f >> size);
    for (int i = 1; i < size; i++) {
      int next = octets.charAt(at + i);
      if ((next & ~0x3f) != 0x80) {
        escape((char) first);
        return 1;
      }
      codePoint = codePoint << 6 | (next & 0x3f);
    }
    if (!isCanonical(codePoint, size)) {
      escape((char) first);
      return 1;
    }
    if (codePoint > 0xffff) {
      escape(Character.highSurrogate(codePoint));
      escape(Character.lowSurrogate(codePoint));
    } else {
      escape((char) codePoint);
    }
    return size;
  }

  private static boolean isSequenceSoFar(String octets, int at, int end) {
    for (int i = at + 1; i < end; i++) {
      if ((octets.charAt(i) & ~0x3f) != 0x80) {
        return false;
      }
    }
    return true;
  }

  // RFC 3629 section 3: no overlong form, no surrogate, nothing beyond U+10FFFF.
  private static boolean isCanonical(int codePoint, int size) {
    return switch (size) {
      case 2 -> codePoint >= 0x80;
      case 3 -> codePoint >= 0x800 && (codePoint < 0xd800 || codePoint > 0xdfff);
      default -> codePoint >= 0x10000 && codePoint <= 0x10ffff;
    };
  }

  private void escape(char c) {
    bytes[length++] = '\\';
    bytes[length++] = 'u';
    bytes[length++] = HEX[c >> 12];
    bytes[length++] = HEX[c >> 8 & 15];
    bytes[length++] = HEX[c >> 4 & 15];
    bytes[length++] = HEX[c & 15];
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
