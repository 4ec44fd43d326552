package tollgate.transport.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
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
