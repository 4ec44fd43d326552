package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.TlsClient;
import tollgate.it.harness.Tollgate;

/** E5: more connections or handshakes than one listener or one client may have. */
final class ConnectionLimitsIT {
  private static final String GET = "GET /a/x HTTP/1.1\r\nHost: x\r\n\r\n";

  private static Certificates own;
  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    own = Certificates.make("dns:api.example.com");
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .gateway(
                """
                kind: Gateway
                name: it
                listeners:
                  - {name: http, bind: "127.0.0.1:@http@"}
                  - {name: small, bind: "127.0.0.1:@small@", limits: {connections: 3}}
                  - {name: each, bind: "127.0.0.1:@each@", limits: {connectionsPerClient: 2}, proxyProtocol: [127.0.0.1]}
                  - {name: balanced, bind: "127.0.0.1:@balanced@", limits: {connectionsPerClient: 2}, trustedProxies: [127.0.0.1]}
                  - name: tls
                    bind: "127.0.0.1:@tls@"
                    tls: {certificates: [{cert: certs/api.crt, key: certs/api.key}]}
                    limits: {handshakesPerClient: {rate: 1/1h, burst: 3}}
                status: {bind: "127.0.0.1:@status@"}
                drain: {delay: 0s, timeout: 10s}
                warmUp: 0s
                """)
            .file("certs/api.crt", own.certificatePem())
            .file("certs/api.key", own.keyPem())
            .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @Test
  void closesConnectionsBeyondThoseOfTheListener() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        RawClient client = RawClient.to(tollgate.port("small"));
        clients.add(client);
        assertThat(client.send(GET).read().status()).isEqualTo(200);
      }
      assertThatOneMoreIsClosed("small", "");
      assertThat(clients.getFirst().send(GET).read().status())
          .as("those there are go on")
          .isEqualTo(200);
      tollgate.awaitLog("WARN .*Listener small: 1 connection.* closed by limits.connections, ");

      clients.removeLast().close();
      Patience.await()
          .until(() -> {
            try (RawClient client = RawClient.to(tollgate.port("small"))) {
              return client.send(GET).read().status() == 200;
            } catch (IOException _) {
              return false; // the place is not free yet
            }
          });
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void closesConnectionsBeyondThoseOfOneClient() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (String source : new String[] {"192.0.2.1", "192.0.2.2"}) {
        String header = "PROXY TCP4 " + source + " 198.51.100.1 1 2\r\n";
        for (int i = 0; i < 2; i++) {
          RawClient client = RawClient.to(tollgate.port("each"));
          clients.add(client);
          assertThat(client.send(header + GET).read().status()).isEqualTo(200);
        }
        assertThatOneMoreIsClosed("each", header);
      }
      String site = "PROXY TCP6 2001:db8::%d 2001:db8:1::1 1 2\r\n";
      for (int i = 1; i <= 2; i++) {
        RawClient client = RawClient.to(tollgate.port("each"));
        clients.add(client);
        assertThat(client.send(site.formatted(i) + GET).read().status()).isEqualTo(200);
      }
      assertThatOneMoreIsClosed("each", site.formatted(3));
      tollgate.awaitLog("WARN .*Listener each: .* closed by limits.connectionsPerClient, ");
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void countsATrustedProxyForNoClient() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        RawClient client = RawClient.to(tollgate.port("balanced"));
        clients.add(client);
        assertThat(client.send(GET).read().status()).isEqualTo(200);
      }
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void closesHandshakesBeyondTheRateBeforeTheyBegin() throws IOException {
    for (int i = 0; i < 3; i++) {
      try (TlsClient client =
          TlsClient.connect(Certificates.trusting(own), tollgate.port("tls"), "api.example.com")) {
        assertThat(client.get("api.example.com", "/a/x").status()).isEqualTo(200);
      }
    }
    double handshakes = tollgate.metrics().sum("tollgate_tls_handshakes_total", "listener", "tls");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() ->
              TlsClient.connect(
                  Certificates.trusting(own), tollgate.port("tls"), "api.example.com"))
          .isInstanceOf(IOException.class);
    }
    Patience.await().until(() -> closed("tls") == 3);
    assertThat(tollgate.metrics().sum("tollgate_tls_handshakes_total", "listener", "tls"))
        .as("handshakes that were begun")
        .isEqualTo(handshakes);
    tollgate.awaitLog("WARN .*Listener tls: 1 connection.* closed by limits.handshakesPerClient, ");
  }

  private static void assertThatOneMoreIsClosed(String listener, String header) throws IOException {
    double before = closed(listener);
    try (RawClient client = RawClient.to(tollgate.port(listener))) {
      assertThat(client.send(header + GET).readToClose()).isEmpty();
    }
    Patience.await().until(() -> closed(listener) == before + 1);
  }

  private static double closed(String listener) throws IOException {
    return tollgate
        .metrics()
        .sum("tollgate_connections_total", "listener", listener, "close_reason", "limit");
  }
}
