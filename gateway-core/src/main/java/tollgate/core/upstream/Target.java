package tollgate.core.upstream;

import static java.util.Objects.requireNonNull;

/**
 * One place an upstream's requests may go. Immutable; its health lives in {@link Upstream}.
 *
 * @param index position in the upstream's list
 * @param scheme {@code http} or {@code https}
 * @param host name or address literal (IPv6 without brackets)
 * @param port 1 to 65535
 * @param authority as sent in Host: the port only if it is not the scheme's own, IPv6 in brackets
 * @param label as metrics and log name it: {@code host:port}
 * @param weight 1 to 1000
 */
public record Target(
    int index, String scheme, String host, int port, String authority, String label, int weight) {
  public Target {
    requireNonNull(host, "host");
    if (weight < 1) {
      throw new IllegalArgumentException("weight: " + weight + " (expected: >= 1)");
    }
  }

  public static Target of(int index, String scheme, String host, int port, int weight) {
    String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    boolean isDefault = port == (scheme.equals("https") ? 443 : 80);
    return new Target(
        index,
        scheme,
        host,
        port,
        isDefault ? literal : literal + ":" + port,
        literal + ":" + port,
        weight);
  }

  public boolean isTls() {
    return scheme.equals("https");
  }
}
