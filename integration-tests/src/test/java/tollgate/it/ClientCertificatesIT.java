package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.TlsClient;
import tollgate.it.harness.Tollgate;

/** B15: listeners that ask clients for a certificate. */
final class ClientCertificatesIT {
  private static Certificates own;
  private static Certificates shop;
  private static Certificates stranger;
  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    own = Certificates.make("dns:api.example.com");
    shop = Certificates.makeClient("CN=shop,O=Acme");
    stranger = Certificates.makeClient("CN=stranger,O=Elsewhere");
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
                  - name: required
                    bind: "127.0.0.1:@required@"
                    tls:
                      certificates: [{cert: certs/api.crt, key: certs/api.key}]
                      clientAuth: {trust: certs/partners.pem, crl: certs/partners.crl}
                  - name: optional
                    bind: "127.0.0.1:@optional@"
                    tls:
                      certificates: [{cert: certs/api.crt, key: certs/api.key}]
                      clientAuth: {mode: optional, trust: certs/partners.pem}
                status: {bind: "127.0.0.1:@status@"}
                drain: {delay: 0s, timeout: 10s}
                reload: {poll: 200ms}
                warmUp: 0s
                """)
            .file("certs/api.crt", own.certificatePem())
            .file("certs/api.key", own.keyPem())
            .file("certs/partners.pem", shop.authorityPem())
            .file("certs/partners.crl", shop.revocationsPem(false))
            .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @Test
  void servesAndLogsWhoShowsAGoodOne() throws IOException {
    for (String listener : new String[] {"required", "optional"}) {
      String target = "/a/good-" + listener;
      assertThat(get(shop.clientContext(own), listener, target)).isEqualTo(200);
      assertThat(tollgate.awaitAccessLogLine(target).path("tls.client_subject").asString(""))
          .isEqualTo("CN=shop,O=Acme");
    }
  }

  @Test
  void refusesWhoShowsNoneOnlyWhereItIsRequired() throws IOException {
    assertThat(get(Certificates.trusting(own), "optional", "/a/none")).isEqualTo(200);
    assertThat(tollgate.awaitAccessLogLine("/a/none").has("tls.client_subject")).isFalse();
    assertRefused(Certificates.trusting(own), "/a/refused");
    // The client has nothing of these authorities to show.
    assertRefused(stranger.clientContext(own), "/a/refused");
    assertThat(origin.requests("/refused")).isEmpty();
    assertThat(
            tollgate
                .metrics()
                .sum("tollgate_tls_handshakes_total", "listener", "required", "result", "failed"))
        .isGreaterThanOrEqualTo(2);
  }

  @Test
  void takesAChangedRevocationListWithoutARestart() throws IOException {
    try {
      assertThat(get(shop.clientContext(own), "required", "/a/x")).isEqualTo(200);
      tollgate.edit("certs/partners.crl", shop.revocationsPem(true));
      assertRefused(shop.clientContext(own), "/a/revoked");
      assertThat(get(shop.clientContext(own), "optional", "/a/x"))
          .as("where nobody asks for a list")
          .isEqualTo(200);

      tollgate.edit("certs/partners.crl", "nothing");
      tollgate.awaitLog(
          "listeners\\[1].tls.clientAuth.crl: .*partners.crl: holds no PEM revocation");
      assertRefused(shop.clientContext(own), "/a/revoked");
      assertThat(origin.requests("/revoked")).isEmpty();
    } finally {
      tollgate.edit("certs/partners.crl", shop.revocationsPem(false));
    }
    Patience.await()
        .until(() -> {
          try {
            return get(shop.clientContext(own), "required", "/a/x") == 200;
          } catch (IOException _) {
            return false; // not read yet
          }
        });
  }

  @Test
  void saysOfBadFilesWhereTheyAreNamed(@TempDir Path root) throws IOException {
    Files.writeString(root.resolve("api.crt"), own.certificatePem());
    Files.writeString(root.resolve("api.key"), own.keyPem());
    Files.writeString(root.resolve("trust.pem"), "nothing");
    Files.writeString(root.resolve("list.crl"), own.certificatePem());
    Files.writeString(
        root.resolve("gateway.yaml"),
        """
        kind: Gateway
        name: it
        listeners:
          - {name: http, bind: 127.0.0.1:0}
          - name: https
            bind: 127.0.0.1:0
            tls:
              certificates: [{cert: api.crt, key: api.key}]
              clientAuth: {trust: trust.pem, crl: list.crl}
        """);
    Tollgate.Ran ran = Tollgate.run("check", "--conf", root.toString());
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.text())
        .contains("gateway.yaml:1:1 listeners[1].tls.clientAuth.trust: ")
        .contains("trust.pem: holds no PEM certificate");
    Files.writeString(root.resolve("trust.pem"), shop.authorityPem());
    assertThat(Tollgate.run("check", "--conf", root.toString()).text())
        .contains("gateway.yaml:1:1 listeners[1].tls.clientAuth.crl: ")
        .contains("list.crl: holds no PEM revocation list");
  }

  private static int get(SSLContext context, String listener, String target) throws IOException {
    try (TlsClient client =
        TlsClient.connect(context, tollgate.port(listener), "api.example.com")) {
      return client.get("api.example.com", target).status();
    }
  }

  /** By an alert, which a client of TLS 1.3 sees when it reads. */
  private static void assertRefused(SSLContext context, String target) {
    assertThatThrownBy(() -> get(context, "required", target)).isInstanceOf(IOException.class);
  }
}
