package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** TLS to upstreams: whom the gateway believes to be the backend. */
final class UpstreamTlsIT {
  private static RecordingOrigin origin;
  private static RecordingOrigin expired;
  private static ServerSocket plain;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    Certificates certificate = Certificates.make("dns:localhost");
    Certificates old = Certificates.makeExpired("dns:localhost");
    Certificates stranger = Certificates.make("dns:localhost");
    origin = RecordingOrigin.startTls(certificate.serverContext());
    expired = RecordingOrigin.startTls(old.serverContext());
    plain = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(UpstreamTlsIT::answerInPlain);
    tollgate =
        Tollgate.setup()
            .file("certs/origin.pem", certificate.certificatePem())
            .file("certs/expired.pem", old.authorityPem())
            .file("certs/stranger.pem", stranger.certificatePem())
            .apis(
                route("good", "https://localhost:" + origin.port(), "trust: certs/origin.pem")
                    + route(
                        "wrong-name",
                        "https://127.0.0.1:" + origin.port(),
                        "trust: certs/origin.pem")
                    + route(
                        "named",
                        "https://127.0.0.1:" + origin.port(),
                        "trust: certs/origin.pem, serverName: localhost")
                    + route(
                        "unnamed",
                        "https://127.0.0.1:" + origin.port(),
                        "trust: certs/origin.pem, verifyHostname: false")
                    + route(
                        "untrusted",
                        "https://localhost:" + origin.port(),
                        "trust: certs/stranger.pem")
                    + route(
                        "platform", "https://localhost:" + origin.port(), "verifyHostname: false")
                    + route(
                        "expired",
                        "https://localhost:" + expired.port(),
                        "trust: certs/expired.pem")
                    + route(
                        "plain",
                        "https://localhost:" + plain.getLocalPort(),
                        "trust: certs/origin.pem"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
    expired.close();
    plain.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"good", "named", "unnamed"})
  void forwardsToABackendThatProvesItsName(String api) throws IOException {
    Response response = tollgate.get("/" + api + "/x");
    assertThat(response.status()).as("%s", response).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wrong-name", "untrusted", "platform", "expired", "plain"})
  void answers502WhereTheBackendDoesNot(String api) throws IOException {
    int before = origin.requests().size() + expired.requests().size();
    Problems.assertProblem(tollgate.get("/" + api + "/x"), 502);
    assertThat(origin.requests().size() + expired.requests().size()).isEqualTo(before);
    assertThat(tollgate.awaitAccessLogLine("/" + api + "/x").path("outcome").asString())
        .isEqualTo("upstream_connect");
  }

  @Test
  void countsWhereTheBackendDoesNot() throws IOException {
    assertThat(tollgate.get("/wrong-name/counted").status()).isEqualTo(502);
    assertThat(
            tollgate
                .metrics()
                .sum(
                    "tollgate_upstream_requests_total",
                    "upstream",
                    "wrong-name",
                    "outcome",
                    "upstream_connect"))
        .isGreaterThanOrEqualTo(1);
  }

  @Test
  void provesItsOwnNameAndTakesANewCertificateWithoutARestart() throws IOException {
    Certificates server = Certificates.make("dns:localhost");
    Certificates known = Certificates.make("dns:gateway");
    Certificates unknown = Certificates.make("dns:gateway");
    try (RecordingOrigin mutual =
            RecordingOrigin.startMutualTls(server.serverContextTrusting(known));
        Tollgate gateway =
            Tollgate.setup()
                .file("certs/origin.pem", server.certificatePem())
                .file("certs/own.crt", unknown.certificatePem())
                .file("certs/own.key", unknown.keyPem())
                .apis(
                    route(
                            "mutual",
                            "https://localhost:" + mutual.port(),
                            "trust: certs/origin.pem, cert: certs/own.crt, key: certs/own.key")
                        + route(
                            "nameless",
                            "https://localhost:" + mutual.port(),
                            "trust: certs/origin.pem"))
                .start()) {
      assertThat(gateway.get("/mutual/stranger").status()).isEqualTo(502);
      assertThat(gateway.get("/nameless/x").status()).isEqualTo(502);
      assertThat(mutual.requests()).isEmpty();
      // Half of a pair is refused, and the generation before serves on.
      gateway.write("certs/own.key", known.keyPem());
      gateway.write("certs/own.crt", known.certificatePem());
      Patience.await().until(() -> gateway.get("/mutual/known").status() == 200);
      assertThat(mutual.requests("/known")).hasSize(1);
      assertThat(gateway.get("/nameless/x").status()).isEqualTo(502);
    }
  }

  @Test
  void relaysLargeBodiesOverTls() throws IOException {
    byte[] body = Bytes.random(3 * Bytes.MIB);
    try (RawClient client = tollgate.client()) {
      client
          .send(
              "POST /good/large HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n")
          .send(body);
      assertThat(Arrays.equals(client.read().body(), body)).isTrue();
    }
  }

  @Test
  void reusesTlsConnections() throws IOException {
    try (RawClient client = tollgate.client()) {
      for (int i = 0; i < 5; i++) {
        assertThat(client.send("GET /good/reused HTTP/1.1\r\nHost: x\r\n\r\n").read().status())
            .isEqualTo(200);
      }
    }
    assertThat(
            origin.requests("/reused").stream()
                .map(request -> request.connection().index())
                .distinct())
        .hasSize(1);
  }

  /** What a server of plain HTTP says to a ClientHello. */
  private static void answerInPlain() {
    while (!plain.isClosed()) {
      try (Socket socket = plain.accept()) {
        socket
            .getOutputStream()
            .write(Bytes.of("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
      } catch (IOException _) {
        // closed
      }
    }
  }

  private static String route(String name, String url, String tls) {
    return """
    ---
    {kind: Upstream, name: %1$s, targets: [{url: "%2$s"}], tls: {%3$s}}
    ---
    {kind: Api, name: %1$s, version: v1, context: /%1$s, security: none, route: {upstream: %1$s}}
    """
        .formatted(name, url, tls);
  }
}
