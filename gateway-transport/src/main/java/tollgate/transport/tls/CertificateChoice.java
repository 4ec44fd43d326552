package tollgate.transport.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which certificate is shown to which server name: exact before wildcard. Immutable. */
final class CertificateChoice {
  private final List<LoadedCertificate> certificates;
  private final Map<String, LoadedCertificate> exact = new HashMap<>();

  /** By what follows {@code *.}: a wildcard stands for one label (RFC 9525 section 6.3). */
  private final Map<String, LoadedCertificate> wildcards = new HashMap<>();

  private final boolean strictSni;

  CertificateChoice(List<LoadedCertificate> certificates, boolean strictSni) {
    this.certificates = List.copyOf(certificates);
    this.strictSni = strictSni;
    for (LoadedCertificate certificate : certificates) {
      for (String host : certificate.hosts()) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.startsWith("*.")) {
          wildcards.putIfAbsent(name.substring(2), certificate);
        } else {
          exact.putIfAbsent(name, certificate);
        }
      }
    }
  }

  List<LoadedCertificate> certificates() {
    return certificates;
  }

  /**
   * @param serverName lower-cased; null if the client sent none
   * @return null if the client must be refused
   */
  @Nullable LoadedCertificate choose(@Nullable String serverName) {
    if (serverName != null) {
      LoadedCertificate found = exact.get(serverName);
      if (found == null) {
        int dot = serverName.indexOf('.');
        found = dot > 0 ? wildcards.get(serverName.substring(dot + 1)) : null;
      }
      if (found != null) {
        return found;
      }
    }
    return strictSni ? null : certificates.getFirst();
  }
}
