package tollgate.config.model;

import static java.util.Objects.requireNonNull;

/**
 * A local address to listen on. Immutable.
 *
 * @param host an address or name; IPv6 without brackets
 * @param port 0 to 65535; 0 lets the system choose a free one
 */
public record BindAddress(String host, int port) {
  public BindAddress {
    requireNonNull(host, "host");
    if (host.isEmpty()) {
      throw new IllegalArgumentException("host: is empty (expected e.g. 0.0.0.0)");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
    }
  }

  /**
   * Reads {@code 0.0.0.0:8280}, {@code localhost:8280} or {@code [::1]:8280}.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static BindAddress parse(String text) {
    HostPort parsed = HostPort.parse(text);
    if (parsed == null || parsed.port() == HostPort.NO_PORT) {
      throw new IllegalArgumentException(
          "is not an address to listen on (expected e.g. 0.0.0.0:8280 or [::]:8280)");
    }
    if (parsed.port() > 65535) {
      throw new IllegalArgumentException("has a port out of range (expected: 0 to 65535)");
    }
    return new BindAddress(parsed.host(), parsed.port());
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return HostPort.print(host, port);
  }
}
