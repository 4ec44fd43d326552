package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Bytes.MIB;
import static tollgate.it.harness.Documents.api;

import java.io.IOException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.Frame;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.TlsClient;
import tollgate.it.harness.Tollgate;
import tollgate.it.harness.WebSocketOrigin;

/** WebSockets over TLS on both sides. */
final class WebSocketTlsIT {
  private static RecordingOrigin origin;
  private static Tollgate tollgate;
  private static SSLContext trust;

  @BeforeAll
  static void start() throws IOException {
    Certificates front = Certificates.make("dns:gateway.example.com");
    Certificates back = Certificates.make("dns:localhost");
    trust = Certificates.trusting(front);
    origin = RecordingOrigin.startTls(back.serverContext());
    tollgate =
        Tollgate.setup()
            .gateway(
                """
                kind: Gateway
                name: it
                listeners:
                  - name: https
                    bind: "127.0.0.1:@https@"
                    tls: {certificates: [{cert: certs/front.crt, key: certs/front.key}]}
                status: {bind: "127.0.0.1:@status@"}
                drain: {delay: 0s, timeout: 10s}
                """)
            .file("certs/front.crt", front.certificatePem())
            .file("certs/front.key", front.keyPem())
            .file("certs/back.pem", back.certificatePem())
            .apis(
                """
                kind: Upstream
                name: u
                targets: [{url: "https://localhost:%d"}]
                tls: {trust: certs/back.pem}
                """
                        .formatted(origin.port())
                    + api(
                        "ws",
                        "/ws",
                        "u",
                        "operations: [{id: all, match: 'GET /{path*}', stream: websocket}]"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @Test
  void carriesLargeMessagesBothWaysAndEndsInOrder() throws IOException, InterruptedException {
    String path = origin.path(new WebSocketOrigin().answer(WebSocketOrigin.ECHO));
    byte[] message = Bytes.random(5 * MIB);
    try (TlsClient tls = open(path)) {
      RawClient client = tls.client();
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.send(Frame.masked(Frame.FIN | Frame.BINARY, message));
                } catch (IOException _) {
                  // the echo tells
                }
              });
      Frame echo = client.readFrame();
      sender.join();
      assertThat(echo).isNotNull();
      assertThat(Arrays.equals(echo.payload(), message)).isTrue();
      client.send(Frame.masked(Frame.FIN | Frame.CLOSE, Frame.closing(1000, "")));
      Frame close = client.readFrame();
      assertThat(close).isNotNull();
      assertThat(close.closeCode()).isEqualTo(1000);
      assertThat(client.isClosedByPeer()).isTrue();
    }
    assertThat(tollgate.awaitAccessLogLine("/ws" + path).path("outcome").asString())
        .isEqualTo("ok");
  }

  @Test
  void tellsWhyItEndsBeforeItDoes() throws IOException {
    WebSocketOrigin talk = new WebSocketOrigin();
    String path = origin.path(talk.answer(WebSocketOrigin.LISTEN));
    try (TlsClient tls = open(path)) {
      RawClient client = tls.client();
      client.send(Frame.plain(Frame.FIN | Frame.TEXT, Bytes.of("not masked")));
      Frame close = client.readFrame();
      assertThat(close).isNotNull();
      assertThat(close.closeCode()).isEqualTo(1002);
      assertThat(client.isClosedByPeer()).isTrue();
    }
    assertThat(talk.framesToTheEnd().getLast().closeCode()).isEqualTo(1001);
  }

  private static TlsClient open(String path) throws IOException {
    TlsClient tls = TlsClient.connect(trust, tollgate.port("https"), "gateway.example.com");
    tls.client()
        .send(WebSocketIT.handshake("/ws" + path).replace("Host: x", "Host: gateway.example.com"));
    assertThat(tls.client().readHead().status()).isEqualTo(101);
    return tls;
  }
}
