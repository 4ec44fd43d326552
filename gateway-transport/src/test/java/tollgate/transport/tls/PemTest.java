package tollgate.transport.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.transport.tls.TlsSettings.CertificateFiles;
import tollgate.transport.wire.HttpVersions;

/** Key and certificate files in the forms that are found in the wild. */
final class PemTest {
  private static final Path FILE = Path.of("some.key");

  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
  void readsEcKeys(String curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    PrivateKey key = generator.generateKeyPair().getPrivate();
    assertThat(read("PRIVATE KEY", key.getEncoded())).isEqualTo(key);

    PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
    ASN1Encodable curveName = info.getPrivateKeyAlgorithm().getParameters();
    ECPrivateKey plain = ECPrivateKey.getInstance(info.parsePrivateKey());
    ECPrivateKey sec1 =
        new ECPrivateKey(bits(curve), plain.getKey(), plain.getPublicKey(), curveName);
    var read = (java.security.interfaces.ECPrivateKey) read("EC PRIVATE KEY", sec1.getEncoded());
    assertThat(read.getS()).isEqualTo(((java.security.interfaces.ECPrivateKey) key).getS());
    assertThat(read.getParams().getOrder())
        .isEqualTo(((java.security.interfaces.ECPrivateKey) key).getParams().getOrder());
    assertThat(info.getPrivateKeyAlgorithm().getAlgorithm())
        .isEqualTo(X9ObjectIdentifiers.id_ecPublicKey);
  }

  @ParameterizedTest
  @ValueSource(ints = {2048, 3072})
  void readsRsaKeys(int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    PrivateKey key = generator.generateKeyPair().getPrivate();
    assertThat(read("PRIVATE KEY", key.getEncoded())).isEqualTo(key);
    byte[] pkcs1 =
        PrivateKeyInfo.getInstance(key.getEncoded())
            .parsePrivateKey()
            .toASN1Primitive()
            .getEncoded();
    assertThat(read("RSA PRIVATE KEY", pkcs1)).isEqualTo(key);
  }

  @Test
  void readsEd25519Keys() throws Exception {
    PrivateKey key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
    assertThat(read("PRIVATE KEY", key.getEncoded()).getAlgorithm()).startsWith("Ed");
  }

  @Test
  void skipsWhatStandsBeforeTheKey() throws Exception {
    PrivateKey key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
    String text = "Bag Attributes\n  name: x\n" + pem("EC PARAMETERS", new byte[] {5, 0});
    assertThat(
            Pem.privateKey(FILE, (text + pem("PRIVATE KEY", key.getEncoded())).getBytes(US_ASCII)))
        .isEqualTo(key);
  }

  @Test
  void saysWhatIsWrongAndShowsNoKey() {
    assertProblem("", "holds no PEM private key");
    assertProblem(pem("CERTIFICATE", new byte[3]), "holds no PEM private key");
    assertProblem(pem("ENCRYPTED PRIVATE KEY", new byte[3]), "is encrypted");
    assertProblem("-----BEGIN PRIVATE KEY-----\nAAAA\n", "ends inside a PEM block");
    assertProblem("-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----", "not Base64");
    byte[] secret = "correct horse battery staple".getBytes(US_ASCII);
    for (String label : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")) {
      String text = pem(label, secret);
      assertProblem(text, "holds a");
      assertThatThrownBy(() -> Pem.privateKey(FILE, text.getBytes(US_ASCII)))
          .satisfies(e -> {
            String shown = ((BadTlsFileException) e).problem().toString();
            assertThat(shown).doesNotContain(Base64.getEncoder().encodeToString(secret));
            assertThat(shown).doesNotContain("horse");
          });
    }
  }

  @Test
  void everyCutOfAnEcKeyIsAProblemAndNoCrash() throws Exception {
    PrivateKey key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
    byte[] sec1 =
        PrivateKeyInfo.getInstance(key.getEncoded())
            .parsePrivateKey()
            .toASN1Primitive()
            .getEncoded();
    for (int length = 0; length < sec1.length; length++) {
      assertProblem(pem("EC PRIVATE KEY", Arrays.copyOf(sec1, length)), "holds a");
    }
  }

  @Test
  void allProblemsOfAllFilesAtOnce(@TempDir Path folder) throws Exception {
    Path missing = folder.resolve("missing.crt");
    Path empty = Files.createFile(folder.resolve("empty.crt"));
    TestCertificates authority = TestCertificates.create();
    CertificateFiles good = TestCertificates.write(folder, "good", authority.forHosts("good.test"));
    var created =
        TlsContexts.create(
            new TlsSettings(
                List.of(
                    good,
                    new CertificateFiles(List.of(), missing, good.key()),
                    new CertificateFiles(List.of(), empty, good.key())),
                false,
                false,
                null,
                HttpVersions.HTTP1));
    assertThat(created)
        .isEqualTo(
            new TlsContexts.Created.Refused(
                List.of(
                    new TlsProblem(missing, "does not exist"),
                    new TlsProblem(empty, "holds no PEM certificate"))));
  }

  @Test
  void tellsUntilWhenCertificatesAreValid(@TempDir Path folder) throws Exception {
    Instant end = Instant.parse("2031-02-03T04:05:06Z");
    var bundle = TestCertificates.create().issue(b -> b.addSanDnsName("a.test").notAfter(end));
    CertificateFiles files = TestCertificates.write(folder, "a", bundle);
    var created =
        TlsContexts.create(new TlsSettings(List.of(files), false, false, null, HttpVersions.HTTP1));
    assertThat(created).isInstanceOf(TlsContexts.Created.Ready.class);
    try (TlsContexts contexts = ((TlsContexts.Created.Ready) created).contexts()) {
      assertThat(contexts.notAfter())
          .containsExactly(java.util.Map.entry(files.certificate(), end));
      assertThat(contexts.files()).containsExactly(files.certificate(), files.key());
    }
  }

  private static int bits(String curve) {
    return Integer.parseInt(curve.substring(4, 7));
  }

  private static PrivateKey read(String label, byte[] der) throws Exception {
    return Pem.privateKey(FILE, pem(label, der).getBytes(US_ASCII));
  }

  private static void assertProblem(String text, String what) {
    assertThatThrownBy(() -> Pem.privateKey(FILE, text.getBytes(US_ASCII)))
        .isInstanceOf(BadTlsFileException.class)
        .hasMessageContaining(what);
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
