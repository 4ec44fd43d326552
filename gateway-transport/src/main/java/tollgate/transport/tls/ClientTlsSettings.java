package tollgate.transport.tls;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a backend's certificate is checked, and which one it is shown. Immutable.
 *
 * @param trust PEM file of trusted authorities; null for those of the platform
 * @param serverName sent and verified in place of the target's host; null for the host
 * @param verifyHostname whether the certificate must be for that name; it must be trusted anyway
 * @param certificate PEM file of our own certificate and its chain; null to show none
 * @param key PEM file of its key; null without a certificate
 * @param protocols offered by ALPN, the one liked best first; empty to offer none
 */
public record ClientTlsSettings(
    @Nullable Path trust,
    @Nullable String serverName,
    boolean verifyHostname,
    @Nullable Path certificate,
    @Nullable Path key,
    List<String> protocols) {
  /** The platform's authorities, the target's host, verified. */
  public static final ClientTlsSettings DEFAULTS =
      new ClientTlsSettings(null, null, true, null, null, List.of());

  public ClientTlsSettings {
    protocols = List.copyOf(protocols);
  }
}
