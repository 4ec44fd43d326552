package tollgate.transport.tls;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.transport.wire.HttpVersions;

/**
 * TLS of one listener. Immutable.
 *
 * @param certificates at least one; the first serves clients that send no name, or an unknown one
 * @param strictSni refuses those clients instead, with the alert unrecognized_name
 * @param onlyTls13 refuses TLS 1.2 too; nothing older is ever spoken
 * @param clients null to ask clients for no certificate
 * @param versions what ALPN offers
 */
public record TlsSettings(
    List<CertificateFiles> certificates,
    boolean strictSni,
    boolean onlyTls13,
    @Nullable ClientCertificates clients,
    HttpVersions versions) {
  public TlsSettings {
    requireNonNull(versions, "versions");
    certificates = List.copyOf(certificates);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("certificates: is empty (expected: at least one)");
    }
  }

  /**
   * A certificate with its key.
   *
   * @param hosts names it is shown to, exact or {@code *.example.com} for one label; empty for
   *     those the certificate itself names
   * @param certificate PEM, the leaf first
   * @param key PEM, not encrypted
   */
  public record CertificateFiles(List<String> hosts, Path certificate, Path key) {
    public CertificateFiles {
      hosts = List.copyOf(hosts);
      requireNonNull(certificate, "certificate");
      requireNonNull(key, "key");
    }
  }
}
