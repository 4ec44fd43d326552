package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * A host name, or all names below one. Immutable.
 *
 * @param name lower case, without the {@code *.} of a wildcard, without a trailing dot
 */
public record HostPattern(String name, boolean wildcard) {
  public HostPattern {
    requireNonNull(name, "name");
    if (!HostPort.isName(name) && HostPort.parse("[" + name + "]") == null) {
      throw new IllegalArgumentException(
          "name: is not a host name (expected e.g. api.example.com)");
    }
  }

  /**
   * Reads {@code api.example.com}, {@code *.example.com}, {@code 192.0.2.1} or {@code
   * [2001:db8::1]}; case does not matter.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static HostPattern parse(String text) {
    boolean wildcard = text.startsWith("*.");
    HostPort parsed = HostPort.parse(wildcard ? text.substring(2) : text);
    boolean bad =
        parsed == null
            || parsed.port() != HostPort.NO_PORT
            || (wildcard && !parsed.host().matches(".*[a-z].*"));
    if (bad || parsed == null) {
      throw new IllegalArgumentException(
          "is not a host name (expected e.g. api.example.com or *.example.com)");
    }
    return new HostPattern(parsed.host().toLowerCase(Locale.ROOT), wildcard);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    String shown = HostPort.print(name, HostPort.NO_PORT);
    return wildcard ? "*." + shown : shown;
  }
}
