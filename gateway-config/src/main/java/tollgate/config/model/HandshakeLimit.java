package tollgate.config.model;

import static java.util.Objects.requireNonNull;

/**
 * How many TLS handshakes one client may begin. Immutable.
 *
 * @param rate by which the client's bucket fills
 * @param burst what the bucket holds
 */
public record HandshakeLimit(Rate rate, int burst) {
  public HandshakeLimit {
    requireNonNull(rate, "rate");
    if (burst < 1) {
      throw new IllegalArgumentException("burst: " + burst + " (expected: >= 1)");
    }
  }
}
