package tollgate.core.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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
  static final byte REFUSED = 0;

  /** pchar without the semicolon, RFC 3986 section 3.3; the dot too. */
  static final byte PLAIN = 1;

  static final byte SLASH = 2;
  static final byte ESCAPE = 3;
  static final byte ENCODED = 4;

  private static final byte[] KIND = new byte[256];
  private static final boolean[] UNRESERVED = new boolean[256];

  static {
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
          return new PathRewrite(source, offset, end).canonical();
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

  /** What a raw byte means in a path: one of the five constants. */
  static byte kind(byte b) {
    return KIND[b & 0xff];
  }

  /** RFC 3986 section 2.3. */
  static boolean isUnreserved(int value) {
    return UNRESERVED[value];
  }

  /** Empty, {@code .} or {@code ..}; the last segment may be empty and is not asked here. */
  static boolean isBadSegment(byte[] bytes, int from, int to) {
    return from == to || isDots(bytes, from, to);
  }

  static boolean isDots(byte[] bytes, int from, int to) {
    return switch (to - from) {
      case 1 -> bytes[from] == '.';
      case 2 -> bytes[from] == '.' && bytes[from + 1] == '.';
      default -> false;
    };
  }
}
