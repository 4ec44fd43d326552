package tollgate.config.model;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host and perhaps a port, as bind addresses and URLs write them. Immutable.
 *
 * @param host lower case; IPv6 without brackets
 * @param port {@link #NO_PORT} when none was written; may be above 65535
 */
record HostPort(String host, int port) {
  static final int NO_PORT = -1;

  private static final Pattern TEXT =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]{2,45})]|([A-Za-z0-9_.-]{1,253}))(?::(\\d{1,5}))?");
  private static final Pattern NAME =
      Pattern.compile(
          "(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*");
  private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");

  /** Null when the text is neither {@code host} nor {@code host:port}. */
  static @Nullable HostPort parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String address = matcher.group(1);
    String name = matcher.group(2);
    String port = matcher.group(3);
    String host =
        address != null
            ? address.toLowerCase(Locale.ROOT)
            : String.valueOf(name).toLowerCase(Locale.ROOT);
    boolean good = address != null ? isAddress(host) : isName(host);
    return good ? new HostPort(host, port == null ? NO_PORT : Integer.parseInt(port)) : null;
  }

  /**
   * Whether the text is a DNS name (underscores allowed, no trailing dot) or a dotted IPv4 address,
   * in lower case.
   */
  static boolean isName(String host) {
    if (NUMERIC.matcher(host).matches()) {
      return isAddress(host); // 1.2.3 and 1.2.3.400 are neither names nor addresses
    }
    return host.length() <= 253 && NAME.matcher(host).matches();
  }

  static String print(String host, int port) {
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == NO_PORT ? shown : shown + ":" + port;
  }

  private static boolean isAddress(String text) {
    if (text.indexOf(':') < 0 && !text.matches("\\d{1,3}(?:\\.\\d{1,3}){3}")) {
      return false;
    }
    try {
      return !InetAddress.ofLiteral(text).getHostAddress().isEmpty();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
