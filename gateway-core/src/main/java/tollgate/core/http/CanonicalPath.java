package tollgate.core.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The one spelling of a request path that routing, policy and backend all see. Any thread.
 *
 * <p>Kept or made: escapes of unreserved characters are decoded, other escapes are upper-cased (RFC
 * 3986 section 6.2.2), and the four characters that browsers leave raw although no URI may hold
 * them ({@code [ ] | ^}) are escaped.
 *
 * <p>Refused, because some decoder behind us would read another path than we do: broken escapes;
 * {@code /}, {@code \} and controls in an escape; {@code \}, {@code ;}, controls, space and
 * non-ASCII bytes as they are; empty, {@code .} and {@code ..} segments however they are written;
 * escapes that are not UTF-8; and what a second decoding would turn into something else.
 */
public final class CanonicalPath {
  private static final byte REFUSED = 0;

  /** pchar without the semicolon, RFC 3986 section 3.3; the dot too. */
  private static final byte PLAIN = 1;

  private static final byte SLASH = 2;
  private static final byte ESCAPE = 3;
  private static final byte ENCODED = 4;

  private static final byte[] KIND = new byte[256];
  private static final boolean[] UNRESERVED = new boolean[256];
  private static final byte[] HEX = new byte[256];
  private static final byte[] DIGITS = "0123456789ABCDEF".getBytes(ISO_8859_1);

  static {
    Arrays.fill(HEX, (byte) -1);
    for (int i = 0; i < 16; i++) {
      HEX[DIGITS[i]] = (byte) i;
      HEX[Tokens.lower(DIGITS[i])] = (byte) i;
    }
    for (int c = 0; c < 128; c++) {
      boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      UNRESERVED[c] = isLetter || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
      if (UNRESERVED[c] || "!$&'()*+,=:@".indexOf(c) >= 0) {
        KIND[c] = PLAIN;
      }
    }
    KIND['/'] = SLASH;
    KIND['%'] = ESCAPE;
    for (char c : "[]|^".toCharArray()) {
      KIND[c] = ENCODED;
    }
  }

  private CanonicalPath() {}

  /**
   * @param source as received, without query
   * @return starts with a slash; null if the path must be refused
   */
  public static @Nullable String of(byte[] source, int offset, int length) {
    if (length == 0 || source[offset] != '/') {
      return null;
    }
    int end = offset + length;
    int segment = offset + 1;
    for (int i = offset + 1; i < end; i++) {
      switch (KIND[source[i] & 0xff]) {
        case PLAIN -> {}
        case SLASH -> {
          if (isBadSegment(source, segment, i)) {
            return null;
          }
          segment = i + 1;
        }
        case REFUSED -> {
          return null;
        }
        default -> {
          return rewritten(source, offset, end);
        }
      }
    }
    return isDots(source, segment, end) ? null : new String(source, offset, length, ISO_8859_1);
  }

  /** As {@link #of(byte[], int, int)}; each character is one byte. */
  public static @Nullable String of(String path) {
    // What has no byte becomes a question mark, which no path may hold.
    byte[] bytes = path.getBytes(ISO_8859_1);
    String canonical = of(bytes, 0, bytes.length);
    return path.equals(canonical) ? path : canonical;
  }

  /** Whether a query may be passed on: visible ASCII without {@code #}; it is never rewritten. */
  public static boolean isQuery(byte[] source, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      byte b = source[i];
      if (b <= ' ' || b == 0x7f || b == '#') {
        return false;
      }
    }
    return true;
  }

  /** The value of a hexadecimal digit, or -1. */
  static int hex(byte b) {
    return HEX[b & 0xff];
  }

  private static @Nullable String rewritten(byte[] source, int offset, int end) {
    byte[] target = new byte[3 * (end - offset)];
    int length = 0;
    int segment = 1;
    // UTF-8 inside escapes, RFC 3629 section 4: bytes still to come and the range of the next.
    int expected = 0;
    int low = 0x80;
    int high = 0xbf;
    boolean hasEscapedPercent = false;
    for (int i = offset; i < end; i++) {
      byte b = source[i];
      byte kind = KIND[b & 0xff];
      if (kind == ESCAPE) {
        int value = i + 2 < end ? (hex(source[i + 1]) << 4) | hex(source[i + 2]) : -1;
        if (value < 0) {
          return null;
        }
        i += 2;
        if (value >= 0x80) {
          if (expected > 0) {
            if (value < low || value > high) {
              return null;
            }
            expected--;
            low = 0x80;
            high = 0xbf;
          } else {
            expected = continuationBytes(value);
            if (expected < 0) {
              return null;
            }
            low = lowestSecond(value);
            high = highestSecond(value);
          }
        } else if (expected > 0 || isRefusedEscape(value)) {
          return null;
        } else if (value == ';' && isDots(target, segment, length)) {
          return null; // "..%3B" is ".." to a server that decodes before it cuts parameters off
        } else if (UNRESERVED[value]) {
          target[length++] = (byte) value;
          continue;
        }
        hasEscapedPercent |= value == '%';
        length = escape(target, length, value);
        continue;
      }
      if (kind == REFUSED || expected > 0) {
        return null;
      }
      if (kind == ENCODED) {
        length = escape(target, length, b);
        continue;
      }
      if (kind == SLASH && length > 0) {
        if (isBadSegment(target, segment, length)) {
          return null;
        }
        segment = length + 1;
      }
      target[length++] = b;
    }
    if (expected > 0
        || isDots(target, segment, length)
        || (hasEscapedPercent && isEscapedTwice(target, length))) {
      return null;
    }
    return new String(target, 0, length, ISO_8859_1);
  }

  private static int escape(byte[] target, int length, int value) {
    target[length] = '%';
    target[length + 1] = DIGITS[value >> 4];
    target[length + 2] = DIGITS[value & 15];
    return length + 3;
  }

  /** Controls and what separates segments somewhere; the byte itself is below 0x80. */
  private static boolean isRefusedEscape(int value) {
    return value < ' ' || value == 0x7f || value == '/' || value == '\\';
  }

  /** How many bytes follow this first one of a UTF-8 character; -1 if no character begins so. */
  private static int continuationBytes(int first) {
    if (first >= 0xc2 && first <= 0xdf) {
      return 1;
    }
    if (first >= 0xe0 && first <= 0xef) {
      return 2;
    }
    return first >= 0xf0 && first <= 0xf4 ? 3 : -1;
  }

  /** Below it the character is overlong, or a control (U+0080 to U+009F). */
  private static int lowestSecond(int first) {
    return switch (first) {
      case 0xc2, 0xe0 -> 0xa0;
      case 0xf0 -> 0x90;
      default -> 0x80;
    };
  }

  /** Above it the character is a surrogate or beyond U+10FFFF. */
  private static int highestSecond(int first) {
    return switch (first) {
      case 0xed -> 0x9f;
      case 0xf4 -> 0x8f;
      default -> 0xbf;
    };
  }

  /** Empty, {@code .} or {@code ..}; the last segment may be empty and is not asked here. */
  private static boolean isBadSegment(byte[] bytes, int from, int to) {
    return from == to || isDots(bytes, from, to);
  }

  private static boolean isDots(byte[] bytes, int from, int to) {
    return switch (to - from) {
      case 1 -> bytes[from] == '.';
      case 2 -> bytes[from] == '.' && bytes[from + 1] == '.';
      default -> false;
    };
  }

  /** An escaped percent sign before two hexadecimal digits, in what is canonical else. */
  private static boolean isEscapedTwice(byte[] path, int length) {
    for (int i = 0; i + 4 < length; i++) {
      if (path[i] == '%'
          && path[i + 1] == '2'
          && path[i + 2] == '5'
          && hex(path[i + 3]) >= 0
          && hex(path[i + 4]) >= 0) {
        return true;
      }
    }
    return false;
  }
}
