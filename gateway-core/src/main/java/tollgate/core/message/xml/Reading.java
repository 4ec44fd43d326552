package tollgate.core.message.xml;

import java.nio.charset.StandardCharsets;

/**
 * Turns content as written into the characters it stands for: references resolved, line ends and
 * white space normalized. Only for bytes the parser accepted or the builder wrote. Pure.
 */
final class Reading {
  /** What is normalized. */
  enum Mode {
    /** References, and line ends to LF (XML 1.0 2.11). */
    TEXT,
    /** References, and each written white space character to a space (3.3.3). */
    ATTRIBUTE,
    /** Line ends only: CDATA sections, comments, instructions. */
    LITERAL
  }

  private Reading() {}

  static String string(byte[] bytes, int from, int end, Mode mode) {
    byte[] read = new byte[end - from];
    return new String(read, 0, read(bytes, from, end, mode, read), StandardCharsets.UTF_8);
  }

  static int read(byte[] bytes, int from, int end, Mode mode, byte[] into) {
    return read(bytes, from, end, mode, into, 0);
  }

  /** How many bytes were put into {@code into} from {@code at} on: never more than were read. */
  static int read(byte[] bytes, int from, int end, Mode mode, byte[] into, int at) {
    int out = at;
    for (int i = from; i < end; i++) {
      byte b = bytes[i];
      if (b == '\r') {
        if (i + 1 < end && bytes[i + 1] == '\n') {
          i++;
        }
        into[out++] = (byte) (mode == Mode.ATTRIBUTE ? ' ' : '\n');
      } else if (mode == Mode.ATTRIBUTE && (b == '\n' || b == '\t')) {
        into[out++] = ' ';
      } else if (b == '&' && mode != Mode.LITERAL) {
        int semicolon = i + 1;
        while (bytes[semicolon] != ';') {
          semicolon++;
        }
        out = put(reference(bytes, i + 1, semicolon), into, out);
        i = semicolon;
      } else {
        into[out++] = b;
      }
    }
    return out - at;
  }

  /**
   * The character a reference stands for, {@code &} and {@code ;} left out; -1 if it is none of the
   * five predefined entities and no character reference, or its character is not legal.
   */
  static int reference(byte[] bytes, int from, int end) {
    if (from < end && bytes[from] == '#') {
      return characterReference(bytes, from + 1, end);
    }
    int length = end - from;
    return switch (length) {
      case 2 ->
          bytes[from + 1] != 't' ? -1 : bytes[from] == 'l' ? '<' : bytes[from] == 'g' ? '>' : -1;
      case 3 -> is(bytes, from, "amp") ? '&' : -1;
      case 4 -> is(bytes, from, "quot") ? '"' : is(bytes, from, "apos") ? '\'' : -1;
      default -> -1;
    };
  }

  /** The character of two to four bytes that stands there, well-formed or not. */
  static int character(byte[] bytes, int at) {
    int b = bytes[at] & 0xff;
    if (b < 0xe0) {
      return ((b & 0x1f) << 6) | (bytes[at + 1] & 0x3f);
    }
    if (b < 0xf0) {
      return ((b & 0x0f) << 12) | ((bytes[at + 1] & 0x3f) << 6) | (bytes[at + 2] & 0x3f);
    }
    return ((b & 0x07) << 18)
        | ((bytes[at + 1] & 0x3f) << 12)
        | ((bytes[at + 2] & 0x3f) << 6)
        | (bytes[at + 3] & 0x3f);
  }

  private static int characterReference(byte[] bytes, int from, int end) {
    boolean hexadecimal = from < end && bytes[from] == 'x';
    int first = hexadecimal ? from + 1 : from;
    if (first == end) {
      return -1;
    }
    int character = 0;
    for (int i = first; i < end; i++) {
      int digit = bytes[i] < 0 ? -1 : Character.digit(bytes[i], hexadecimal ? 16 : 10);
      if (digit < 0) {
        return -1;
      }
      character = character * (hexadecimal ? 16 : 10) + digit;
      if (character > Character.MAX_CODE_POINT) {
        return -1;
      }
    }
    return XmlCharacters.isLegal(character) ? character : -1;
  }

  private static boolean is(byte[] bytes, int from, String name) {
    for (int i = 0; i < name.length(); i++) {
      if (bytes[from + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** A character in UTF-8; a reference to it is never shorter than that. */
  static int put(int c, byte[] into, int at) {
    int out = at;
    if (c < 0x80) {
      into[out++] = (byte) c;
    } else if (c < 0x800) {
      into[out++] = (byte) (0xc0 | (c >> 6));
      into[out++] = (byte) (0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      into[out++] = (byte) (0xe0 | (c >> 12));
      into[out++] = (byte) (0x80 | ((c >> 6) & 0x3f));
      into[out++] = (byte) (0x80 | (c & 0x3f));
    } else {
      into[out++] = (byte) (0xf0 | (c >> 18));
      into[out++] = (byte) (0x80 | ((c >> 12) & 0x3f));
      into[out++] = (byte) (0x80 | ((c >> 6) & 0x3f));
      into[out++] = (byte) (0x80 | (c & 0x3f));
    }
    return out;
  }
}
