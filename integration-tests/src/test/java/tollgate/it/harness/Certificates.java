package tollgate.it.harness;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate with its key, made by the JDK's own keytool. Any thread. */
public final class Certificates {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final String ALIAS = "it";
  private static final String AUTHORITY = "authority";

  private final KeyStore store;
  private final String nothingRevoked;
  private final String itselfRevoked;

  private Certificates(KeyStore store) {
    this(store, "", "");
  }

  private Certificates(KeyStore store, String nothingRevoked, String itselfRevoked) {
    this.store = store;
    this.nothingRevoked = nothingRevoked;
    this.itselfRevoked = itselfRevoked;
  }

  /**
   * A certificate that is its own authority.
   *
   * @param alternativeName as keytool takes it: {@code dns:api.example.com} or {@code ip:127.0.0.1}
   */
  public static Certificates make(String alternativeName) throws IOException {
    return inStore(file -> generate(file, ALIAS, "-ext", "san=" + alternativeName));
  }

  /** A certificate of an authority of its own that was good until five days ago. */
  public static Certificates makeExpired(String alternativeName) throws IOException {
    return inStore(file -> {
      generate(file, AUTHORITY, "-ext", "bc:c");
      generate(
          file,
          ALIAS,
          "-signer",
          AUTHORITY,
          "-ext",
          "san=" + alternativeName,
          "-startdate",
          "-10d",
          "-validity",
          "5");
    });
  }

  /**
   * A client's certificate of an authority of its own, with that authority's revocation lists.
   *
   * @param name such as {@code CN=shop,O=Acme}
   */
  public static Certificates makeClient(String name) throws IOException {
    Path folder = Files.createTempDirectory("tollgate-cert-");
    Path file = folder.resolve("store.p12");
    try {
      generate(file, AUTHORITY, "-ext", "bc:c");
      generate(file, ALIAS, "-signer", AUTHORITY, "-ext", "eku=clientAuth", "-dname", name);
      KeyStore store = load(file);
      Certificate authority = store.getCertificate(AUTHORITY);
      String serial = ((X509Certificate) store.getCertificate(ALIAS)).getSerialNumber().toString();
      String nothingRevoked = revocations(file, "1");
      String itselfRevoked = revocations(file, serial);
      // Its key is nobody's to show.
      store.deleteEntry(AUTHORITY);
      store.setCertificateEntry(AUTHORITY, authority);
      return new Certificates(store, nothingRevoked, itselfRevoked);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  /** Of {@link #makeClient}: what the authority publishes, in PEM. */
  public String revocationsPem(boolean isRevoked) {
    return isRevoked ? itselfRevoked : nothingRevoked;
  }

  /** For a client that shows this certificate and trusts those servers. */
  public SSLContext clientContext(Certificates... servers) {
    return serverContextTrusting(servers);
  }

  /** The certificate that a peer must trust to trust this one. */
  public String authorityPem() {
    try {
      Certificate authority = store.getCertificate(AUTHORITY);
      return authority == null ? certificatePem() : pem("CERTIFICATE", authority.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public X509Certificate certificate() {
    try {
      return (X509Certificate) store.getCertificate(ALIAS);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public String certificatePem() {
    try {
      return pem("CERTIFICATE", certificate().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public String keyPem() {
    try {
      return pem("PRIVATE KEY", store.getKey(ALIAS, PASSWORD).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** For a server that shows this certificate. */
  public SSLContext serverContext() {
    return context(null);
  }

  /** For a server that shows this certificate and trusts clients that show one of those. */
  public SSLContext serverContextTrusting(Certificates... clients) {
    try {
      return context(trustManagers(clients));
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private SSLContext context(TrustManager @Nullable [] trust) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** For a client that trusts these alone, and remembers its sessions. */
  public static SSLContext trusting(Certificates... trusted) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trustManagers(trusted), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static TrustManager[] trustManagers(Certificates... trusted)
      throws GeneralSecurityException, IOException {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    for (int i = 0; i < trusted.length; i++) {
      anchors.setCertificateEntry("anchor" + i, trusted[i].certificate());
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(anchors);
    return trust.getTrustManagers();
  }

  @FunctionalInterface
  private interface Making {
    void into(Path store) throws IOException;
  }

  private static Certificates inStore(Making making) throws IOException {
    Path folder = Files.createTempDirectory("tollgate-cert-");
    Path file = folder.resolve("store.p12");
    try {
      making.into(file);
      return new Certificates(load(file));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static void generate(Path store, String alias, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-alias", alias));
    if (!Arrays.asList(options).contains("-dname")) {
      arguments.addAll(List.of("-dname", "CN=" + alias));
    }
    arguments.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    arguments.addAll(Arrays.asList(options));
    String _ = keytool(store, arguments);
  }

  private static String revocations(Path store, String serial) throws IOException {
    return keytool(store, List.of("-gencrl", "-alias", AUTHORITY, "-id", serial, "-rfc"));
  }

  private static String keytool(Path store, List<String> arguments) throws IOException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> command = new ArrayList<>(List.of(keytool.toString()));
    command.addAll(arguments);
    command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString()));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
    try {
      if (process.waitFor() != 0) {
        throw new AssertionError(output);
      }
      return output;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(String kind, byte[] der) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
  }
}
