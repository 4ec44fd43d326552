package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Where a target listens: scheme, host, port. Immutable.
 *
 * @param host lower case name or address; IPv6 without brackets
 * @param port 1 to 65535, the scheme's own when none was written
 */
public record TargetUrl(Scheme scheme, String host, int port) {
  private static final String EXPECTED = " (expected e.g. http://orders:8080)";

  /** How to speak to the target. */
  public enum Scheme {
    HTTP("http", 80),
    HTTPS("https", 443);

    private final String word;
    private final int port;

    Scheme(String word, int port) {
      this.word = word;
      this.port = port;
    }

    /** As written in URLs. */
    public String word() {
      return word;
    }

    /** The port when none is written. */
    public int defaultPort() {
      return port;
    }
  }

  public TargetUrl {
    requireNonNull(scheme, "scheme");
    requireNonNull(host, "host");
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException(HostPort.print(host, port) + " is no target" + EXPECTED);
    }
  }

  /**
   * Reads {@code http://host}, {@code https://host:8443} or {@code http://[::1]:8080}, with nothing
   * behind but at most one slash.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static TargetUrl parse(String text) {
    int mark = text.indexOf("://");
    Scheme scheme = mark < 0 ? null : scheme(text.substring(0, mark));
    if (scheme == null) {
      throw new IllegalArgumentException("is not an http or https URL" + EXPECTED);
    }
    String authority = text.substring(mark + 3);
    if (authority.endsWith("/")) {
      authority = authority.substring(0, authority.length() - 1);
    }
    if (authority.contains("@")) {
      throw new IllegalArgumentException("holds a user name or password" + EXPECTED);
    }
    if (authority.matches(".*[/?#].*")) {
      throw new IllegalArgumentException("has a path, query or fragment" + EXPECTED);
    }
    HostPort parsed = HostPort.parse(authority);
    if (parsed == null) {
      throw new IllegalArgumentException("has no valid host and port" + EXPECTED);
    }
    int port = parsed.port() == HostPort.NO_PORT ? scheme.defaultPort() : parsed.port();
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("has a port out of range (expected: 1 to 65535)");
    }
    return new TargetUrl(scheme, parsed.host(), port);
  }

  private static @Nullable Scheme scheme(String text) {
    for (Scheme scheme : Scheme.values()) {
      if (scheme.word().equalsIgnoreCase(text)) {
        return scheme;
      }
    }
    return null;
  }

  /** Whether connections to it are encrypted. */
  public boolean isTls() {
    return scheme == Scheme.HTTPS;
  }

  /** The URL in one canonical form: lower case, the default port left out, no slash at the end. */
  @Override
  public String toString() {
    return scheme.word()
        + "://"
        + HostPort.print(host, port == scheme.defaultPort() ? HostPort.NO_PORT : port);
  }
}
