package tollgate.transport.tls;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the certificates of clients. Immutable.
 *
 * @param isRequired refuses clients that show none; one that is shown must be good in any case
 * @param trust PEM file of authorities, or of clients' own certificates
 * @param crl PEM file of revocation lists, one of each authority in a client's chain; null to look
 *     at no revocation
 * @param depth most certificates between a client's own and a trusted one
 */
public record ClientCertificates(boolean isRequired, Path trust, @Nullable Path crl, int depth) {
  public ClientCertificates {
    requireNonNull(trust, "trust");
    if (depth < 0) {
      throw new IllegalArgumentException("depth: " + depth + " (expected: >= 0)");
    }
  }
}
