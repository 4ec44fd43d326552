package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Certificates of clients on a TLS listener. Immutable.
 *
 * @param trust PEM file of authorities; null only where {@code mode} is none
 * @param crl PEM file of revocation lists, one of each authority in a client's chain; null to ask
 *     for none
 * @param depth most certificates between a client's own and a trusted one
 */
public record ClientAuthConfig(Mode mode, @Nullable Path trust, @Nullable Path crl, int depth) {
  public static final Mode DEFAULT_MODE = Mode.REQUIRED;
  public static final int DEFAULT_DEPTH = 1;
  public static final int MAX_DEPTH = 10;

  /** Whether clients are asked for a certificate. */
  public enum Mode {
    NONE("none"),
    /** One that is shown must be good. */
    OPTIONAL("optional"),
    REQUIRED("required");

    private final String word;

    Mode(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  public ClientAuthConfig {
    requireNonNull(mode, "mode");
    if (mode != Mode.NONE && trust == null) {
      throw new IllegalArgumentException("trust: is missing (expected: a file)");
    }
    if (depth < 0 || depth > MAX_DEPTH) {
      throw new IllegalArgumentException("depth: " + depth + " (expected: 0 to " + MAX_DEPTH + ")");
    }
  }
}
