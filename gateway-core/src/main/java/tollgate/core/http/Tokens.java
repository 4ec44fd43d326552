package tollgate.core.http;

/** Character classes of RFC 9110 section 5.6 as tables. Any thread. */
public final class Tokens {
  private static final boolean[] TOKEN = new boolean[256];
  private static final byte[] LOWER = new byte[256];

  static {
    for (char c = 'a'; c <= 'z'; c++) {
      TOKEN[c] = true;
      TOKEN[c - 32] = true;
    }
    for (char c = '0'; c <= '9'; c++) {
      TOKEN[c] = true;
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      TOKEN[c] = true;
    }
    for (int i = 0; i < 256; i++) {
      LOWER[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 32 : i);
    }
  }

  private Tokens() {}

  /** tchar, RFC 9110 section 5.6.2. */
  public static boolean isTokenByte(byte b) {
    return TOKEN[b & 0xff];
  }

  /** At least one tchar and nothing else. */
  public static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 255 || !TOKEN[c]) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** ASCII lower case; other bytes unchanged. */
  public static byte lower(byte b) {
    return LOWER[b & 0xff];
  }

  /**
   * Whether a field value may be sent: visible ASCII, space, tab and obs-text (RFC 9110 section
   * 5.5), each character one byte; CR, LF, NUL, other controls and characters beyond U+00FF are
   * not.
   */
  public static boolean isFieldValue(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
        return false;
      }
    }
    return true;
  }
}
