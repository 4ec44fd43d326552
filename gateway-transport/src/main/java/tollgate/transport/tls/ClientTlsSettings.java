package tollgate.transport.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a backend's certificate is checked, and which one it is shown. Immutable.
 *
 * @param trust PEM file of trusted authorities; null for those of the platform
 * @param serverName sent and verified in place of the target's host; null for the host
 * @param verifyHostname whether the certificate must be for that name; it must be trusted anyway
 * @param certificate PEM file of our own certificate and its chain; null to show none
 * @param key PEM file of its key; null without a certificate
 */
public record ClientTlsSettings(
    @Nullable Path trust,
    @Nullable String serverName,
    boolean verifyHostname,
    @Nullable Path certificate,
    @Nullable Path key) {
  /** The platform's authorities, the target's host, verified. */
  public static final ClientTlsSettings DEFAULTS =
      new ClientTlsSettings(null, null, true, null, null);
}
