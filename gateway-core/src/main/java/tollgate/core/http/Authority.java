package tollgate.core.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * Host and optional port, as in Host, {@code :authority} and absolute-form targets (RFC 9110
 * section 7.2, RFC 3986 section 3.2). Any thread.
 *
 * <p>Narrower than the grammar: a registered name holds letters, digits, {@code -}, {@code .},
 * {@code _} and {@code ~} only. No name that can be looked up holds more, and the rest (escapes,
 * {@code ,} {@code ;} {@code *} and so on) is how two parsers are made to see two hosts.
 */
public final class Authority {
  private static final int MAX_HOST_LENGTH = 255;
  private static final int MAX_PORT = 65535;
  private static final boolean[] NAME = new boolean[256];

  static {
    for (int c = 0; c < 128; c++) {
      NAME[c] = Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0;
    }
  }

  private Authority() {}

  /** Whether the range is a host with an optional port from 1 to 65535, and nothing else. */
  public static boolean isValid(byte[] source, int offset, int length) {
    int end = offset + length;
    if (length > 0 && source[offset] == '[') {
      return isBracketed(new String(source, offset, length, ISO_8859_1));
    }
    int at = offset;
    while (at < end && NAME[source[at] & 0xff]) {
      if (source[at] == '.' && (at == offset || source[at - 1] == '.')) {
        return false; // an empty label
      }
      at++;
    }
    if (at == offset || at - offset > MAX_HOST_LENGTH) {
      return false;
    }
    return at == end || (source[at] == ':' && isPort(source, at + 1, end));
  }

  public static boolean isValid(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    return isValid(bytes, 0, bytes.length);
  }

  /**
   * @return lower-cased, port and trailing dot as they came; null if it is not valid
   */
  public static @Nullable String canonical(byte[] source, int offset, int length) {
    return isValid(source, offset, length)
        ? lowerCased(new String(source, offset, length, ISO_8859_1))
        : null;
  }

  /** As {@link #canonical(byte[], int, int)}. */
  public static @Nullable String canonical(String text) {
    return isValid(text) ? lowerCased(text) : null;
  }

  /**
   * The host that routing compares.
   *
   * @param authority valid and lower-cased, or empty
   * @return without port and without one trailing dot; IPv6 in brackets
   */
  public static String host(String authority) {
    int end = hostEnd(authority);
    if (end > 1 && authority.charAt(end - 1) == '.') {
      end--;
    }
    return authority.substring(0, end);
  }

  /**
   * @param authority valid, or empty
   * @param otherwise returned if it names no port
   */
  public static int port(String authority, int otherwise) {
    int end = hostEnd(authority);
    return end == authority.length()
        ? otherwise
        : portNumber(authority, end + 1, authority.length());
  }

  /**
   * Whether two valid, lower-cased authorities are one: port left out or the default one, trailing
   * dot or not.
   */
  public static boolean isSame(String one, String other, int defaultPort) {
    return one.equals(other)
        || (port(one, defaultPort) == port(other, defaultPort) && host(one).equals(host(other)));
  }

  /** 1 to 65535, decimal without leading zeros; -1 for anything else. */
  static int portNumber(CharSequence text, int from, int to) {
    if (from >= to || to - from > 5 || text.charAt(from) == '0') {
      return -1;
    }
    int port = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      port = port * 10 + digit;
    }
    return port <= MAX_PORT ? port : -1;
  }

  private static boolean isPort(byte[] source, int from, int end) {
    return end - from <= 5
        && portNumber(new String(source, from, end - from, ISO_8859_1), 0, end - from) > 0;
  }

  private static boolean isBracketed(String text) {
    int close = text.indexOf(']');
    if (close < 0 || AddressLiteral.ipv6(text, 1, close) == null) {
      return false; // RFC 3986's IPvFuture too: there is none
    }
    return close + 1 == text.length()
        || (text.charAt(close + 1) == ':' && portNumber(text, close + 2, text.length()) > 0);
  }

  private static int hostEnd(String authority) {
    if (!authority.isEmpty() && authority.charAt(0) == '[') {
      return authority.indexOf(']') + 1;
    }
    int colon = authority.indexOf(':');
    return colon < 0 ? authority.length() : colon;
  }

  private static String lowerCased(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        byte[] bytes = text.getBytes(ISO_8859_1);
        for (int k = i; k < bytes.length; k++) {
          bytes[k] = Tokens.lower(bytes[k]);
        }
        return new String(bytes, ISO_8859_1);
      }
    }
    return text;
  }
}
