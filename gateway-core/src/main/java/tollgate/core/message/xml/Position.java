package tollgate.core.message.xml;

import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;

/** Lines and columns of a byte in UTF-8, counted when an error needs them. Pure. */
final class Position {
  private Position() {}

  /** From 1; a line ends with LF, CR LF or CR. */
  static int line(byte[] bytes, int offset) {
    return 1 + linesBetween(bytes, 0, offset);
  }

  /** How many lines end in those bytes. */
  static int linesBetween(byte[] bytes, int from, int end) {
    int lines = 0;
    for (int i = from; i < end; i++) {
      if (isLineEnd(bytes, i)) {
        lines++;
      }
    }
    return lines;
  }

  /** From 1, in characters (code points); a byte order mark is none. */
  static int column(byte[] bytes, int offset) {
    int start = 0;
    for (int i = offset - 1; i >= 0; i--) {
      if (isLineEnd(bytes, i)) {
        start = i + 1;
        break;
      }
    }
    if (start == 0 && hasMark(bytes)) {
      start = Math.min(3, offset);
    }
    int column = 1;
    for (int i = start; i < offset; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        column++;
      }
    }
    return column;
  }

  /** A refusal that names the place. */
  static MalformedPayloadException refusal(Kind kind, String reason, byte[] bytes, int offset) {
    return new MalformedPayloadException(
        kind, reason, line(bytes, offset), column(bytes, offset), offset(bytes, offset));
  }

  /** The offset without a byte order mark. */
  static int offset(byte[] bytes, int offset) {
    return hasMark(bytes) ? Math.max(0, offset - 3) : offset;
  }

  private static boolean hasMark(byte[] bytes) {
    return bytes.length >= 3
        && bytes[0] == (byte) 0xef
        && bytes[1] == (byte) 0xbb
        && bytes[2] == (byte) 0xbf;
  }

  private static boolean isLineEnd(byte[] bytes, int at) {
    return bytes[at] == '\n'
        || (bytes[at] == '\r' && (at + 1 == bytes.length || bytes[at + 1] != '\n'));
  }
}
