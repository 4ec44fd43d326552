package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.TlsClient;
import tollgate.it.harness.Tollgate;

/** The TLS of a listener. */
final class TlsIT {
  private static Certificates first;
  private static Certificates second;
  private static Certificates renewed;
  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    first = Certificates.make("dns:first.example.com");
    second = Certificates.make("dns:second.example.com");
    renewed = Certificates.make("dns:first.example.com");
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .expectError(" Reloader ")
            .gateway(
                """
                kind: Gateway
                name: it
                listeners:
                  - {name: http, bind: "127.0.0.1:@http@"}
                  - name: https
                    bind: "127.0.0.1:@https@"
                    tls: {certificates: [{cert: certs/first.crt, key: certs/first.key}, {hosts: [second.example.com, "*.second.example.com"], cert: certs/second.crt, key: certs/second.key}]}
                  - name: strict
                    bind: "127.0.0.1:@strict@"
                    tls: {minVersion: "1.3", strictSni: true, certificates: [{cert: certs/second.crt, key: certs/second.key}]}
                    limits: {handshakeTimeout: 300ms}
                status: {bind: "127.0.0.1:@status@"}
                drain: {delay: 0s, timeout: 10s}
                reload: {poll: 200ms}
                """)
            .file("certs/first.crt", first.certificatePem())
            .file("certs/first.key", first.keyPem())
            .file("certs/second.crt", second.certificatePem())
            .file("certs/second.key", second.keyPem())
            .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @ParameterizedTest
  @CsvSource({
    "first.example.com, first",
    "second.example.com, second",
    "x.second.example.com, second",
    "SECOND.example.com, second",
    "unknown.example.com, first"
  })
  void showsTheCertificateOfTheName(String name, String expected) throws IOException {
    try (TlsClient client = connect(name)) {
      assertThat(client.serverCertificate()).isEqualTo(certificate(expected));
      assertThat(client.applicationProtocol()).isEqualTo("http/1.1");
      assertThat(client.get(name, "/a/tls").status()).isEqualTo(200);
    }
    assertThat(origin.last().header("X-Forwarded-Proto")).isEqualTo("https");
  }

  @Test
  void showsTheFirstCertificateWithoutAName() throws IOException {
    try (TlsClient client = TlsClient.connect(trust(), port(), null)) {
      assertThat(client.serverCertificate()).isEqualTo(first.certificate());
      assertThat(client.get("127.0.0.1", "/a/tls").status()).isEqualTo(200);
    }
  }

  @Test
  void refusesOtherNamesWhereStrict() throws IOException {
    assertThatThrownBy(
            () -> TlsClient.connect(trust(), tollgate.port("strict"), "first.example.com"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> TlsClient.connect(trust(), tollgate.port("strict"), null))
        .isInstanceOf(IOException.class);
    try (TlsClient client =
        TlsClient.connect(trust(), tollgate.port("strict"), "second.example.com")) {
      assertThat(client.session().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @Test
  void refusesVersionsBelowTheLeast() throws IOException {
    assertThatThrownBy(() ->
            TlsClient.connect(trust(), tollgate.port("strict"), "second.example.com", "TLSv1.2"))
        .isInstanceOf(SSLException.class);
    try (RawClient client = RawClient.to(port())) {
      String answer = client.send(helloOfTls11()).readToClose();
      assertThat(answer).as("an alert").startsWith("\u0015");
      assertThat(answer.charAt(6)).as("protocol_version").isEqualTo('F');
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void resumesSessions(String version) throws IOException {
    SSLContext remembering = Certificates.trusting(first);
    long created;
    try (TlsClient client = TlsClient.connect(remembering, port(), "first.example.com", version)) {
      assertThat(client.session().getProtocol()).isEqualTo(version);
      assertThat(client.get("first.example.com", "/a/tls").status()).isEqualTo(200);
      created = client.session().getCreationTime();
    }
    Patience.await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> System.currentTimeMillis() > created + 5);
    try (TlsClient client = TlsClient.connect(remembering, port(), "first.example.com", version)) {
      assertThat(client.session().getCreationTime())
          .as("made at the first handshake")
          .isEqualTo(created);
      assertThat(client.get("first.example.com", "/a/tls").status()).isEqualTo(200);
    }
  }

  @Test
  void answers421ForANameOtherThanTheHandshakes() throws IOException {
    try (TlsClient client = connect("first.example.com")) {
      Problems.assertProblem(client.get("second.example.com", "/a/tls"), 421);
    }
  }

  /** B14: the name counts, whichever certificate was shown. */
  @Test
  void answers421WithTheDefaultCertificateToo() throws IOException {
    try (TlsClient client = connect("unknown.example.com")) {
      assertThat(client.serverCertificate()).isEqualTo(first.certificate());
      Problems.assertProblem(client.get("first.example.com", "/a/tls"), 421);
    }
    try (TlsClient client = connect("unknown.example.com")) {
      assertThat(client.get("unknown.example.com", "/a/tls").status()).isEqualTo(200);
    }
  }

  @Test
  void closesOnBytesThatAreNoHandshake() throws IOException {
    try (RawClient client = RawClient.to(port())) {
      assertThat(client.send("GET /a/tls HTTP/1.1\r\nHost: x\r\n\r\n").readToClose())
          .doesNotContain("200");
    }
    try (RawClient client = RawClient.to(tollgate.port("strict"))) {
      assertThat(client.readToClose()).as("a handshake that never begins").isEmpty();
    }
    Patience.await()
        .until(() ->
            tollgate.metrics().sum("tollgate_tls_handshakes_total")
                > tollgate.metrics().sum("tollgate_tls_handshakes_total", "result", "ok"));
  }

  @Test
  void logsTheHandshake() throws IOException {
    try (TlsClient client = TlsClient.connect(trust(), port(), "first.example.com", "TLSv1.3")) {
      client.get("first.example.com", "/a/logged");
    }
    var line = tollgate.awaitAccessLogLine("/a/logged");
    assertThat(line.path("scheme").asString()).isEqualTo("https");
    assertThat(line.path("tls.version").asString("")).isEqualTo("TLSv1.3");
    assertThat(line.path("tls.sni").asString("")).isEqualTo("first.example.com");
  }

  @Test
  void takesRenewedFilesWithoutARestart() throws IOException {
    try (TlsClient open = connect("first.example.com")) {
      assertThat(open.get("first.example.com", "/a/tls").status()).isEqualTo(200);
      tollgate.write("certs/first.key", renewed.keyPem());
      tollgate.write("certs/first.crt", renewed.certificatePem());
      awaitCertificate(renewed);
      assertThat(open.get("first.example.com", "/a/tls").status())
          .as("open connections go on")
          .isEqualTo(200);
      double refusedBefore = tollgate.metrics().sum("tollgate_config_reloads_total");
      tollgate.write(
          "certs/first.crt", "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n");
      Patience.await()
          .until(() -> tollgate.metrics().sum("tollgate_config_reloads_total") > refusedBefore);
      assertThat(tollgate.metrics().sum("tollgate_config_last_reload_successful")).isZero();
      awaitCertificate(renewed);
      assertThat(tollgate.log()).contains("first.crt");
    } finally {
      tollgate.write("certs/first.key", first.keyPem());
      tollgate.write("certs/first.crt", first.certificatePem());
      awaitCertificate(first);
    }
  }

  private static void awaitCertificate(Certificates expected) {
    Patience.await()
        .until(() -> {
          try (TlsClient client =
              TlsClient.connect(
                  Certificates.trusting(first, renewed), port(), "first.example.com")) {
            return client.serverCertificate().equals(expected.certificate());
          }
        });
  }

  private static TlsClient connect(String name) throws IOException {
    return TlsClient.connect(trust(), port(), name);
  }

  /**
   * Of a client that has been nowhere: one that resumes a session sends the server name of then.
   */
  private static SSLContext trust() {
    return Certificates.trusting(first, second, renewed);
  }

  private static int port() {
    return tollgate.port("https");
  }

  private static X509Certificate certificate(String name) {
    return (name.equals("first") ? first : second).certificate();
  }

  /** A ClientHello whose highest version is TLS 1.1 (RFC 4346 section 7.4.1.2). */
  private static byte[] helloOfTls11() {
    ByteArrayOutputStream hello = new ByteArrayOutputStream();
    hello.writeBytes(new byte[] {3, 2});
    hello.writeBytes(Bytes.random(32));
    hello.write(0);
    hello.writeBytes(
        new byte[] {0, 8, (byte) 0xc0, 0x0a, (byte) 0xc0, 0x09, (byte) 0xc0, 0x13, 0, 0x2f});
    hello.writeBytes(new byte[] {1, 0});
    hello.writeBytes(new byte[] {0, 14, 0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0});
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    int length = hello.size();
    record.writeBytes(
        new byte[] {
          22,
          3,
          1,
          (byte) ((length + 4) >> 8),
          (byte) (length + 4),
          1,
          0,
          (byte) (length >> 8),
          (byte) length
        });
    record.writeBytes(hello.toByteArray());
    return record.toByteArray();
  }
}
