package tollgate.core.message.scan;

/** Which characters names are made of (XML 1.0, fifth edition, section 2.3). Any thread. */
final class XmlNames {
  /** For ASCII: 2 where a name may begin, 1 where it may go on, 0 else; a colon is 0. */
  private static final byte[] ASCII = new byte[128];

  static {
    for (char c = 'a'; c <= 'z'; c++) {
      ASCII[c] = 2;
      ASCII[c - 32] = 2;
    }
    ASCII['_'] = 2;
    for (char c = '0'; c <= '9'; c++) {
      ASCII[c] = 1;
    }
    ASCII['-'] = 1;
    ASCII['.'] = 1;
  }

  private XmlNames() {}

  /** Of a byte; false beyond ASCII. */
  static boolean isAsciiStart(byte c) {
    return c >= 0 && ASCII[c] == 2;
  }

  /** Of a byte; false beyond ASCII. */
  static boolean isAsciiPart(byte c) {
    return c >= 0 && ASCII[c] != 0;
  }

  /** Beyond ASCII. */
  static boolean isStart(int c) {
    return (c >= 0xC0 && c <= 0x2FF && c != 0xD7 && c != 0xF7)
        || (c >= 0x370 && c <= 0x1FFF && c != 0x37E)
        || c == 0x200C
        || c == 0x200D
        || (c >= 0x2070 && c <= 0x218F)
        || (c >= 0x2C00 && c <= 0x2FEF)
        || (c >= 0x3001 && c <= 0xD7FF)
        || (c >= 0xF900 && c <= 0xFDCF)
        || (c >= 0xFDF0 && c <= 0xFFFD)
        || (c >= 0x10000 && c <= 0xEFFFF);
  }

  /** Beyond ASCII. */
  static boolean isPart(int c) {
    return isStart(c) || c == 0xB7 || (c >= 0x300 && c <= 0x36F) || c == 0x203F || c == 0x2040;
  }
}
