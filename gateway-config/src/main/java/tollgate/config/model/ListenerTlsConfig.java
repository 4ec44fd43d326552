package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a listener. Immutable.
 *
 * @param certificates at least one; the first serves clients that send no server name
 * @param strictSni whether a client without a known server name is refused
 * @param clientAuth null to ask clients for no certificate
 */
public record ListenerTlsConfig(
    TlsVersion minVersion,
    List<Certificate> certificates,
    boolean strictSni,
    @Nullable ClientAuthConfig clientAuth) {
  public static final TlsVersion DEFAULT_MIN_VERSION = TlsVersion.TLS_1_2;
  public static final boolean DEFAULT_STRICT_SNI = false;

  /** A version of TLS that may still be spoken. */
  public enum TlsVersion {
    TLS_1_2("1.2"),
    TLS_1_3("1.3");

    private final String word;

    TlsVersion(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  /**
   * A certificate with its key.
   *
   * @param hosts the server names it is shown to; empty for those of the certificate itself
   * @param cert PEM file with the chain, leaf first
   * @param key PEM file with the private key
   */
  public record Certificate(List<HostPattern> hosts, Path cert, Path key) {
    public Certificate {
      hosts = List.copyOf(hosts);
      requireNonNull(cert, "cert");
      requireNonNull(key, "key");
    }
  }

  public ListenerTlsConfig {
    requireNonNull(minVersion, "minVersion");
    certificates = List.copyOf(certificates);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("certificates: is empty (expected: at least one)");
    }
  }
}
