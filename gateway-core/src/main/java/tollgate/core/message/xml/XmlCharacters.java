package tollgate.core.message.xml;

/**
 * Which characters XML 1.0 (fifth edition) and Namespaces in XML allow where. Pure.
 *
 * @see <a href="https://www.w3.org/TR/xml/">XML 1.0</a>
 */
public final class XmlCharacters {
  private static final byte NAME_START = 1;
  private static final byte NAME = 2;
  private static final byte[] ASCII = ascii();

  private XmlCharacters() {}

  /** Whether the character may stand in a document at all (2.2). */
  public static boolean isLegal(int character) {
    return character >= 0x20
        ? character <= 0xd7ff
            || (character >= 0xe000 && character <= 0xfffd)
            || (character >= 0x10000 && character <= 0x10ffff)
        : character == '\t' || character == '\n' || character == '\r';
  }

  /** The index of the first character that no document may hold, or -1. */
  public static int firstIllegal(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0xd800
          && c <= 0xdbff
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (!isLegal(c)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether the text is a name without a colon (Namespaces 3, NCName). */
  public static boolean isNcName(CharSequence text) {
    int length = text.length();
    if (length == 0) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      int c = text.charAt(i);
      boolean first = i == 0;
      if (Character.isHighSurrogate((char) c) && i + 1 < length) {
        c = Character.codePointAt(text, i);
        i++;
      }
      if (!(first ? isNameStart(c) : isName(c))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a name without a colon may begin so (2.3, the colon left out). */
  public static boolean isNameStart(int c) {
    if (c < 0x80) {
      return c >= 0 && ASCII[c] == NAME_START;
    }
    return (c >= 0xc0 && c <= 0x2ff && c != 0xd7 && c != 0xf7)
        || (c >= 0x370 && c <= 0x1fff && c != 0x37e)
        || c == 0x200c
        || c == 0x200d
        || (c >= 0x2070 && c <= 0x218f)
        || (c >= 0x2c00 && c <= 0x2fef)
        || (c >= 0x3001 && c <= 0xd7ff)
        || (c >= 0xf900 && c <= 0xfdcf)
        || (c >= 0xfdf0 && c <= 0xfffd)
        || (c >= 0x10000 && c <= 0xeffff);
  }

  /** Whether a name without a colon may go on so (2.3, the colon left out). */
  public static boolean isName(int c) {
    if (c < 0x80) {
      return c >= 0 && ASCII[c] != 0;
    }
    return isNameStart(c) || c == 0xb7 || (c >= 0x300 && c <= 0x36f) || c == 0x203f || c == 0x2040;
  }

  /** Whether it is one of XML's four white space characters (2.3). */
  static boolean isSpace(int c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
  }

  private static byte[] ascii() {
    byte[] classes = new byte[128];
    for (int c = 'a'; c <= 'z'; c++) {
      classes[c] = NAME_START;
      classes[c - 'a' + 'A'] = NAME_START;
    }
    classes['_'] = NAME_START;
    for (int c = '0'; c <= '9'; c++) {
      classes[c] = NAME;
    }
    classes['-'] = NAME;
    classes['.'] = NAME;
    return classes;
  }
}
