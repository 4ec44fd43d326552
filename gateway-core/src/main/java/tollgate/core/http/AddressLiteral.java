package tollgate.core.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as text, read strictly and without ever asking a name service: dotted quads of four
 * decimal numbers without leading zeros (RFC 3986 section 3.2.2) and IPv6 in all forms of RFC 4291
 * section 2.2, no zones. Any thread.
 */
public final class AddressLiteral {
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  private AddressLiteral() {}

  /**
   * @return an IPv4 address also for one mapped into IPv6; null if the text is no address literal
   */
  public static @Nullable InetAddress parse(String text) {
    byte[] bytes = bytes(text);
    return bytes == null ? null : address(bytes);
  }

  /**
   * As {@link #parse}, with an optional port as proxies write it: {@code 192.0.2.1:80}, {@code
   * [2001:db8::1]:80}, {@code [2001:db8::1]}. A bare IPv6 address has none.
   */
  public static @Nullable InetAddress parseWithPort(String text) {
    String address = withoutPort(text);
    return address == null ? null : parse(address);
  }

  /** What is left of such a text without port and brackets; null if port or brackets are broken. */
  static @Nullable String withoutPort(String text) {
    if (!text.isEmpty() && text.charAt(0) == '[') {
      int close = text.indexOf(']');
      boolean isIpv6 = close > 0 && text.lastIndexOf(':', close) > 0;
      return isIpv6 && isPortSuffix(text, close + 1) ? text.substring(1, close) : null;
    }
    int colon = text.indexOf(':');
    if (colon < 0 || text.indexOf(':', colon + 1) >= 0) {
      return text;
    }
    return isPortSuffix(text, colon) ? text.substring(0, colon) : null;
  }

  /** 4 or 16 bytes, or null if the text is no address literal. */
  static byte @Nullable [] bytes(String text) {
    return text.indexOf(':') < 0 ? ipv4(text, 0, text.length()) : ipv6(text, 0, text.length());
  }

  static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError("only thrown for other lengths than 4 and 16", e);
    }
  }

  private static boolean isPortSuffix(String text, int from) {
    return from == text.length()
        || (text.charAt(from) == ':' && Authority.portNumber(text, from + 1, text.length()) > 0);
  }

  static byte @Nullable [] ipv4(String text, int from, int to) {
    byte[] bytes = new byte[IPV4_BYTES];
    int at = from;
    for (int part = 0; part < IPV4_BYTES; part++) {
      if (part > 0 && (at >= to || text.charAt(at++) != '.')) {
        return null;
      }
      int start = at;
      int value = 0;
      while (at < to && at - start < 3 && isDigit(text.charAt(at))) {
        value = value * 10 + text.charAt(at++) - '0';
      }
      if (at == start || value > 255 || (at - start > 1 && text.charAt(start) == '0')) {
        return null;
      }
      bytes[part] = (byte) value;
    }
    return at == to ? bytes : null;
  }

  static byte @Nullable [] ipv6(String text, int from, int to) {
    byte[] bytes = new byte[IPV6_BYTES];
    int length = 0;
    int gap = -1;
    int at = from;
    if (text.startsWith("::", from)) {
      gap = 0;
      at += 2;
    }
    while (at < to) {
      if (length == IPV6_BYTES) {
        return null;
      }
      int start = at;
      int value = 0;
      while (at < to && at - start < 4 && Character.digit(text.charAt(at), 16) >= 0) {
        if (text.charAt(at) > 'f') {
          return null; // a digit of another script
        }
        value = (value << 4) | Character.digit(text.charAt(at++), 16);
      }
      if (at < to && text.charAt(at) == '.') {
        byte[] last = ipv4(text, start, to);
        if (last == null || length > IPV6_BYTES - IPV4_BYTES) {
          return null;
        }
        System.arraycopy(last, 0, bytes, length, IPV4_BYTES);
        length += IPV4_BYTES;
        at = to;
        break;
      }
      if (at == start) {
        return null;
      }
      bytes[length++] = (byte) (value >> 8);
      bytes[length++] = (byte) value;
      if (at == to) {
        break;
      }
      if (text.charAt(at++) != ':' || at == to) {
        return null;
      }
      if (text.charAt(at) == ':') {
        if (gap >= 0) {
          return null;
        }
        gap = length;
        at++;
      }
    }
    return spread(bytes, length, gap);
  }

  /** Moves what stands behind the {@code ::} to the end. */
  private static byte @Nullable [] spread(byte[] bytes, int length, int gap) {
    if (gap < 0) {
      return length == IPV6_BYTES ? bytes : null;
    }
    if (length == IPV6_BYTES) {
      return null; // RFC 4291 section 2.2: "::" stands for one group at least
    }
    int tail = length - gap;
    System.arraycopy(bytes, gap, bytes, IPV6_BYTES - tail, tail);
    Arrays.fill(bytes, gap, IPV6_BYTES - tail, (byte) 0);
    return bytes;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
