package tollgate.core.message.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Strings between their text in a document, Java and bytes. Any thread.
 *
 * <p>Escapes can name half of a surrogate pair alone, which no UTF-8 can say. Where such strings
 * are compared as bytes, a half is the three bytes that UTF-8 would have for it, if it had any.
 */
final class JsonText {
  private static final int SHORT = 256;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private JsonText() {}

  /** What stands between the quotes, escapes undone. */
  static String decode(byte[] text, int from, int to) {
    StringBuilder decoded = new StringBuilder(to - from);
    int plain = from;
    int at = from;
    while (at < to) {
      if (text[at] != '\\') {
        at++;
        continue;
      }
      decoded.append(new String(text, plain, at - plain, StandardCharsets.UTF_8));
      if (text[at + 1] == 'u') {
        decoded.append((char) hex(text, at + 2));
        at += 6;
      } else {
        decoded.append((char) simple(text[at + 1]));
        at += 2;
      }
      plain = at;
    }
    return decoded.append(new String(text, plain, to - plain, StandardCharsets.UTF_8)).toString();
  }

  /** The same as bytes to compare. */
  static byte[] decodedBytes(byte[] text, int from, int to) {
    byte[] decoded = new byte[to - from]; // an escape is never shorter than what it means
    int length = 0;
    int at = from;
    while (at < to) {
      if (text[at] != '\\') {
        decoded[length++] = text[at++];
      } else if (text[at + 1] != 'u') {
        decoded[length++] = (byte) simple(text[at + 1]);
        at += 2;
      } else {
        int point = hex(text, at + 2);
        at += 6;
        if (Character.isHighSurrogate((char) point)
            && at + 6 <= to
            && text[at] == '\\'
            && text[at + 1] == 'u') {
          int low = hex(text, at + 2);
          if (Character.isLowSurrogate((char) low)) {
            point = Character.toCodePoint((char) point, (char) low);
            at += 6;
          }
        }
        length = put(decoded, length, point);
      }
    }
    return Arrays.copyOf(decoded, length);
  }

  /** A Java string as bytes to compare. */
  static byte[] bytes(String string) {
    byte[] bytes = new byte[string.length() * 3];
    int length = 0;
    for (int i = 0; i < string.length(); i++) {
      int point = string.codePointAt(i);
      if (point > 0xffff) {
        i++;
      }
      length = put(bytes, length, point);
    }
    return Arrays.copyOf(bytes, length);
  }

  /** How many bytes {@link #encode} may take at most; of long strings hardly more than it will. */
  static int maxEncodedBytes(String string) {
    if (string.length() <= SHORT) {
      return string.length() * 6 + 2;
    }
    long bytes = 2;
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c < ' ' || Character.isSurrogate(c)) {
        bytes += 6;
      } else if (c < 0x80) {
        bytes += c == '"' || c == '\\' ? 2 : 1;
      } else {
        bytes += 3;
      }
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  /**
   * Writes a string with its quotes, escaped only where JSON or UTF-8 needs it; gives the index
   * behind it.
   */
  static int encode(String string, byte[] out, int from) {
    int at = from;
    out[at++] = '"';
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c >= 0x80) {
        int point = string.codePointAt(i);
        if (point > 0xffff) {
          i++;
        }
        at = Character.isSurrogate(c) && point <= 0xffff ? hex(out, at, c) : put(out, at, point);
      } else if (c < ' ' || c == '"' || c == '\\') {
        at = escape(out, at, c);
      } else {
        out[at++] = (byte) c;
      }
    }
    out[at++] = '"';
    return at;
  }

  private static int escape(byte[] out, int at, char c) {
    byte letter =
        switch (c) {
          case '"', '\\' -> (byte) c;
          case '\b' -> (byte) 'b';
          case '\t' -> (byte) 't';
          case '\n' -> (byte) 'n';
          case '\f' -> (byte) 'f';
          case '\r' -> (byte) 'r';
          default -> (byte) 0;
        };
    if (letter == 0) {
      return hex(out, at, c);
    }
    out[at] = '\\';
    out[at + 1] = letter;
    return at + 2;
  }

  private static int hex(byte[] out, int at, char c) {
    out[at] = '\\';
    out[at + 1] = 'u';
    out[at + 2] = HEX[c >> 12];
    out[at + 3] = HEX[c >> 8 & 15];
    out[at + 4] = HEX[c >> 4 & 15];
    out[at + 5] = HEX[c & 15];
    return at + 6;
  }

  private static int put(byte[] out, int from, int point) {
    int at = from;
    if (point < 0x80) {
      out[at++] = (byte) point;
      return at;
    }
    if (point < 0x800) {
      out[at++] = (byte) (0xc0 | point >> 6);
    } else {
      if (point < 0x10000) {
        out[at++] = (byte) (0xe0 | point >> 12);
      } else {
        out[at++] = (byte) (0xf0 | point >> 18);
        out[at++] = (byte) (0x80 | (point >> 12 & 0x3f));
      }
      out[at++] = (byte) (0x80 | (point >> 6 & 0x3f));
    }
    out[at++] = (byte) (0x80 | (point & 0x3f));
    return at;
  }

  private static int simple(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> letter; // " \ / stand for themselves
    };
  }

  private static int hex(byte[] text, int at) {
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      value = value << 4 | Character.digit(text[i], 16);
    }
    return value;
  }
}
