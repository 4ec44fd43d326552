package tollgate.config.model;

import static java.util.Objects.requireNonNull;

/**
 * {@code hash} of an upstream: what of a request decides about its target. Immutable.
 *
 * @param name of the header, cookie or parameter; empty with the other sources
 */
public record HashConfig(Source source, String name) {
  /** Where the key is taken from. */
  public enum Source {
    HEADER("header"),
    COOKIE("cookie"),
    QUERY("query"),
    CLIENT_IP("client-ip"),
    PATH("path");

    private final String word;

    Source(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }

    /** Whether it takes a name. */
    public boolean isNamed() {
      return this == HEADER || this == COOKIE || this == QUERY;
    }
  }

  public HashConfig {
    requireNonNull(source, "source");
    requireNonNull(name, "name");
    if (source.isNamed() == name.isEmpty()) {
      throw new IllegalArgumentException(source + ": name " + name);
    }
  }
}
