package tollgate.transport.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Decides about a client's certificate: the JDK's rules (RFC 5280: signatures, dates, constraints,
 * key usage for clients, revocation), and two that it leaves out: how long the chain may be, and
 * the dates of a certificate that is trusted by itself. Immutable; any thread.
 */
final class ClientTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager rules;
  private final Set<X509Certificate> trusted;
  private final int depth;

  ClientTrust(X509ExtendedTrustManager rules, Set<X509Certificate> trusted, int depth) {
    this.rules = rules;
    this.trusted = Set.copyOf(trusted);
    this.depth = depth;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
    rules.checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
    rules.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
    rules.checkClientTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw noServers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw noServers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw noServers();
  }

  /** Named to clients, so that they can choose the right one of theirs. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return rules.getAcceptedIssuers();
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    if (chain.length == 0) {
      throw new CertificateException("no certificate");
    }
    chain[0].checkValidity();
    int between = 0;
    while (between + 1 < chain.length && !trusted.contains(chain[between + 1])) {
      between++;
    }
    if (between > depth) {
      throw new CertificateException(
          between + " certificates between the client's and a trusted one (at most " + depth + ")");
    }
  }

  private static CertificateException noServers() {
    return new CertificateException("for clients only");
  }
}
