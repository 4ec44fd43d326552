package tollgate.transport.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authorities of clients and their revocation lists, as they were read. Immutable.
 *
 * <p>Nothing is ever fetched: a list that is missing or out of date refuses the clients it stands
 * for.
 *
 * @param digest of the files, to see whether they changed
 */
record LoadedTrust(ClientCertificates settings, String digest, ClientTrust trust) {
  private static final Logger log = LoggerFactory.getLogger(LoadedTrust.class);

  static LoadedTrust read(ClientCertificates settings) throws BadTlsFileException {
    byte[] trustBytes = LoadedCertificate.readFile(settings.trust());
    Set<X509Certificate> trusted = new HashSet<>(Pem.certificates(settings.trust(), trustBytes));
    Path crl = settings.crl();
    byte[] crlBytes = crl == null ? new byte[0] : LoadedCertificate.readFile(crl);
    List<X509CRL> lists = crl == null ? List.of() : Pem.revocationLists(crl, crlBytes);
    if (crl != null) {
      for (X509CRL list : lists) {
        warnIfOld(crl, list);
      }
    }
    return new LoadedTrust(
        settings,
        LoadedCertificate.digest(trustBytes, crlBytes),
        new ClientTrust(rules(settings, trusted, lists), trusted, settings.depth()));
  }

  /** Whether the files still hold what this was made of; false too if they cannot be read. */
  boolean isUnchanged() {
    try {
      Path crl = settings.crl();
      return digest.equals(
          LoadedCertificate.digest(
              LoadedCertificate.readFile(settings.trust()),
              crl == null ? new byte[0] : LoadedCertificate.readFile(crl)));
    } catch (BadTlsFileException _) {
      return false;
    }
  }

  private static X509ExtendedTrustManager rules(
      ClientCertificates settings, Set<X509Certificate> trusted, List<X509CRL> lists)
      throws BadTlsFileException {
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate certificate : trusted) {
      anchors.add(new TrustAnchor(certificate, null));
    }
    try {
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
      // Without a checker of our own the JDK looks at these lists only: no OCSP, and no download
      // from the addresses that certificates name.
      parameters.setRevocationEnabled(settings.crl() != null);
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager extended) {
          return extended;
        }
      }
      throw new IllegalStateException("every JDK has PKIX trust managers");
    } catch (GeneralSecurityException e) {
      throw new BadTlsFileException(settings.trust(), "cannot be used: " + e.getMessage());
    }
  }

  private static void warnIfOld(Path file, X509CRL list) {
    if (list.getNextUpdate() != null && list.getNextUpdate().toInstant().isBefore(Instant.now())) {
      log.warn(
          "{}: the revocation list of {} was to be renewed by {}: its clients are refused",
          file,
          list.getIssuerX500Principal(),
          list.getNextUpdate().toInstant());
    }
  }
}
