package tollgate.core.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * One path being rewritten into its canonical form: the slow half of {@link CanonicalPath}, for
 * paths that hold an escape or a byte that needs one. One use.
 *
 * <p>Invariants between bytes: what is in {@code target} up to {@code length} is canonical; its
 * last segment begins at {@code segment}; {@code pending} more escapes must follow at once to
 * complete a UTF-8 character, the next of them from {@code low} to {@code high}.
 */
final class PathRewrite {
  private static final byte[] DIGITS = "0123456789ABCDEF".getBytes(ISO_8859_1);

  private final byte[] source;
  private final int end;
  private final byte[] target;
  private int at;
  private int length;
  private int segment = 1;
  private int pending;
  private int low;
  private int high;
  private boolean hasEscapedPercent;

  PathRewrite(byte[] source, int offset, int end) {
    this.source = source;
    this.at = offset;
    this.end = end;
    this.target = new byte[3 * (end - offset)];
  }

  /** Null if the path must be refused. */
  @Nullable String canonical() {
    while (at < end) {
      byte b = source[at];
      boolean isGood =
          switch (CanonicalPath.kind(b)) {
            case CanonicalPath.PLAIN -> pending == 0 && append(b);
            case CanonicalPath.SLASH -> pending == 0 && slash();
            case CanonicalPath.ENCODED -> pending == 0 && escape(b);
            case CanonicalPath.ESCAPE -> escaped();
            default -> false;
          };
      if (!isGood) {
        return null;
      }
      at++;
    }
    boolean isGood =
        pending == 0
            && !CanonicalPath.isDots(target, segment, length)
            && !(hasEscapedPercent && isEscapedTwice());
    return isGood ? new String(target, 0, length, ISO_8859_1) : null;
  }

  private boolean append(byte b) {
    target[length++] = b;
    return true;
  }

  private boolean slash() {
    if (length > 0 && CanonicalPath.isBadSegment(target, segment, length)) {
      return false;
    }
    segment = length + 1;
    return append((byte) '/');
  }

  private boolean escape(int value) {
    target[length++] = '%';
    target[length++] = DIGITS[value >> 4];
    target[length++] = DIGITS[value & 15];
    return true;
  }

  /** Reads an escape and leaves {@code at} on its last digit. */
  private boolean escaped() {
    int value = at + 2 < end ? (hex(source[at + 1]) << 4) | hex(source[at + 2]) : -1;
    at += 2;
    if (value < 0) {
      return false;
    }
    if (value >= 0x80) {
      return (pending > 0 ? continues(value) : begins(value)) && escape(value);
    }
    if (pending > 0 || isRefused(value)) {
      return false;
    }
    if (CanonicalPath.isUnreserved(value)) {
      return append((byte) value);
    }
    hasEscapedPercent |= value == '%';
    return escape(value);
  }

  /** Controls, and what separates segments somewhere. */
  private boolean isRefused(int value) {
    return value < ' '
        || value == 0x7f
        || value == '/'
        || value == '\\'
        // "..;" is ".." to a server that decodes before it cuts parameters off
        || (value == ';' && CanonicalPath.isDots(target, segment, length));
  }

  /** The first byte of a character, RFC 3629 section 4. */
  private boolean begins(int first) {
    if (first < 0xc2 || first > 0xf4) {
      return false;
    }
    pending = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    // Below: overlong, or a control (U+0080 to U+009F). Above: a surrogate, or beyond U+10FFFF.
    low = first == 0xc2 || first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    return true;
  }

  private boolean continues(int value) {
    boolean isGood = value >= low && value <= high;
    pending--;
    low = 0x80;
    high = 0xbf;
    return isGood;
  }

  /** An escaped percent sign before two hexadecimal digits: a second decoding would read more. */
  private boolean isEscapedTwice() {
    for (int i = 0; i + 4 < length; i++) {
      if (target[i] == '%'
          && target[i + 1] == '2'
          && target[i + 2] == '5'
          && hex(target[i + 3]) >= 0
          && hex(target[i + 4]) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** The value of a digit, or a negative number that stays negative beside any other. */
  private static int hex(byte b) {
    return b < 0 ? -1 : Character.digit((char) b, 16);
  }
}
