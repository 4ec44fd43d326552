package tollgate.transport.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import tollgate.transport.tls.TlsSettings.CertificateFiles;

/** An authority and the certificates it issues, as files and as what the JDK wants. */
@SuppressWarnings("exports") // nobody outside of this module sees its tests
public final class TestCertificates {
  private final X509Bundle authority;

  private TestCertificates(X509Bundle authority) {
    this.authority = authority;
  }

  /** A new authority nobody trusts yet. */
  public static TestCertificates create() throws Exception {
    return new TestCertificates(
        new CertificateBuilder()
            .subject("CN=Test Authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned());
  }

  public X509Bundle issue(UnaryOperator<CertificateBuilder> shape) throws Exception {
    return shape
        .apply(new CertificateBuilder().subject("CN=test").addExtendedKeyUsageServerAuth())
        .buildIssuedBy(authority);
  }

  /** For these names, EC. */
  public X509Bundle forHosts(String... hosts) throws Exception {
    return issue(builder -> {
      CertificateBuilder named = builder;
      for (String host : hosts) {
        named = named.addSanDnsName(host);
      }
      return named;
    });
  }

  /** For {@code *.domain}, which the builder takes for no name. */
  public X509Bundle forWildcard(String domain) throws Exception {
    byte[] name = ("*." + domain).getBytes(StandardCharsets.US_ASCII);
    byte[] names = new byte[4 + name.length]; // SEQUENCE { [2] IA5String }
    names[0] = 0x30;
    names[1] = (byte) (2 + name.length);
    names[2] = (byte) 0x82;
    names[3] = (byte) name.length;
    System.arraycopy(name, 0, names, 4, name.length);
    return issue(builder -> builder.addExtensionOctetString("2.5.29.17", false, names));
  }

  /** For an address, EC. */
  public X509Bundle forAddress(String address) throws Exception {
    return issue(builder -> builder.addSanIpAddress(address));
  }

  /** For a client named {@code CN=shop,O=Acme}, EC. */
  public X509Bundle forClient(UnaryOperator<CertificateBuilder> shape) throws Exception {
    return forClientOf(authority, shape);
  }

  /** The same by another authority. */
  public static X509Bundle forClientOf(X509Bundle issuer, UnaryOperator<CertificateBuilder> shape)
      throws Exception {
    return shape.apply(clientBuilder()).buildIssuedBy(issuer);
  }

  /** A client that is its own authority. */
  public static X509Bundle selfSignedClient() throws Exception {
    return clientBuilder().setIsCertificateAuthority(true).buildSelfSigned();
  }

  /** An authority below this one. */
  public X509Bundle intermediate(String name) throws Exception {
    return intermediateOf(authority, name);
  }

  /** An authority below another one. */
  public static X509Bundle intermediateOf(X509Bundle issuer, String name) throws Exception {
    return new CertificateBuilder()
        .subject("CN=" + name)
        .setIsCertificateAuthority(true)
        .setKeyUsage(
            true, CertificateBuilder.KeyUsage.keyCertSign, CertificateBuilder.KeyUsage.cRLSign)
        .buildIssuedBy(issuer);
  }

  private static CertificateBuilder clientBuilder() {
    return new CertificateBuilder().subject("CN=shop,O=Acme");
  }

  /** The authority itself. */
  public X509Bundle authority() {
    return authority;
  }

  /** Writes a list of what these authorities have revoked: of each the certificates it issued. */
  public static Path writeRevocations(
      Path file, Instant nextUpdate, List<X509Bundle> authorities, X509Bundle... revoked)
      throws Exception {
    StringBuilder pem = new StringBuilder();
    for (X509Bundle issuer : authorities) {
      var list =
          new JcaX509v2CRLBuilder(
              issuer.getCertificate().getSubjectX500Principal(),
              Date.from(Instant.now().minusSeconds(86_400 * 2)));
      list.setNextUpdate(Date.from(nextUpdate));
      for (X509Bundle certificate : revoked) {
        if (certificate
            .getCertificate()
            .getIssuerX500Principal()
            .equals(issuer.getCertificate().getSubjectX500Principal())) {
          list.addCRLEntry(
              certificate.getCertificate().getSerialNumber(),
              Date.from(Instant.now().minusSeconds(86_400)),
              1);
        }
      }
      var signer =
          new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getKeyPair().getPrivate());
      pem.append("-----BEGIN X509 CRL-----\n")
          .append(Base64.getMimeEncoder().encodeToString(list.build(signer).getEncoded()))
          .append("\n-----END X509 CRL-----\n");
    }
    return Files.writeString(file, pem);
  }

  /** A client that trusts the authority and shows {@code own}, whatever it is asked for. */
  public SSLContext client(X509Bundle own) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {new InsistingKeyManager(own)},
        authority.toTrustManagerFactory().getTrustManagers(),
        null);
    return context;
  }

  /** Writes {@code name.crt} and {@code name.key}. */
  public static CertificateFiles write(Path folder, String name, X509Bundle bundle)
      throws IOException {
    return new CertificateFiles(
        List.of(),
        Files.writeString(folder.resolve(name + ".crt"), bundle.getCertificatePathPEM()),
        Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM()));
  }

  /** The authority's certificate as a trust file. */
  public Path writeTrust(Path folder) throws IOException {
    return Files.writeString(folder.resolve("trust.pem"), authority.getCertificatePEM());
  }

  /** A client that trusts the authority. */
  public SSLContext client() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, authority.toTrustManagerFactory().getTrustManagers(), null);
    return context;
  }

  /** A server that shows {@code bundle}. */
  public static SSLContext server(X509Bundle bundle) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(bundle.toKeyManagerFactory().getKeyManagers(), null, null);
    return context;
  }
}
