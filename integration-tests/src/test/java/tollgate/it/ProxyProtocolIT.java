package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** B16: balancers that say whom a connection is for. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class ProxyProtocolIT {
  private static final String HEADER = "PROXY TCP4 192.0.2.1 198.51.100.1 51234 443\r\n";

  /** Version 2 of the same. */
  private static final byte[] BINARY =
      HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "2111000c" + "c0000201c6336401c82201bb");

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
                  - {name: http, bind: "127.0.0.1:@http@", proxyProtocol: [10.0.0.0/8]}
                  - name: behind
                    bind: "127.0.0.1:@behind@"
                    proxyProtocol: [127.0.0.0/8]
                    trustedProxies: [203.0.113.0/24]
                  - {name: hasty, bind: "127.0.0.1:@hasty@", proxyProtocol: [127.0.0.1], limits: {headerTimeout: 400ms}}
                  - name: tls
                    bind: "127.0.0.1:@tls@"
                    proxyProtocol: [127.0.0.0/8]
                    tls: {certificates: [{cert: certs/api.crt, key: certs/api.key}]}
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
  void takesTheCallerFromTheHeaderAndThePeerFromTheConnection() throws IOException {
    assertThat(behind(HEADER, "/a/text").status()).isEqualTo(200);
    assertThat(origin.last().headers().all("X-Forwarded-For")).containsExactly("192.0.2.1");
    var line = tollgate.awaitAccessLogLine("/a/text");
    assertThat(line.path("client_ip").asString()).isEqualTo("192.0.2.1");
    assertThat(line.path("client_port").asInt()).isEqualTo(51234);
    assertThat(line.path("peer_ip").asString()).isEqualTo("127.0.0.1");

    assertThat(behind(Bytes.text(BINARY), "/a/binary").status()).isEqualTo(200);
    assertThat(origin.last().headers().all("X-Forwarded-For")).containsExactly("192.0.2.1");
    assertThat(tollgate.awaitAccessLogLine("/a/binary").path("client_ip").asString())
        .isEqualTo("192.0.2.1");
  }

  @Test
  void staysWithThePeerWhereTheProxySpeaksForItself() throws IOException {
    assertThat(behind("PROXY UNKNOWN\r\n", "/a/unknown").status()).isEqualTo(200);
    assertThat(origin.last().headers().all("X-Forwarded-For")).containsExactly("127.0.0.1");
  }

  @Test
  void believesForwardingFieldsByTheHeadersSource() throws IOException {
    String fields = "X-Forwarded-For: 198.51.100.7\r\n";
    assertThat(behind(HEADER, "/a/untrusted", fields).status()).isEqualTo(200);
    assertThat(origin.last().headers().all("X-Forwarded-For")).containsExactly("192.0.2.1");
    String trusted = HEADER.replace("192.0.2.1", "203.0.113.5");
    assertThat(behind(trusted, "/a/trusted", fields).status()).isEqualTo(200);
    assertThat(origin.last().headers().all("X-Forwarded-For"))
        .containsExactly("198.51.100.7, 203.0.113.5");
    assertThat(tollgate.awaitAccessLogLine("/a/trusted").path("client_ip").asString())
        .isEqualTo("198.51.100.7");
  }

  @Test
  void readsAHeaderInPiecesAndAllRequestsBehindIt() throws IOException {
    try (RawClient client = RawClient.to(tollgate.port("behind"))) {
      for (byte b : BINARY) {
        client.send(new byte[] {b});
      }
      client.send("GET /a/1 HTTP/1.1\r\nHost: x\r\n\r\nGET /a/2 HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(client.read().status()).isEqualTo(200);
    }
    try (RawClient client = RawClient.to(tollgate.port("behind"))) {
      client.send(HEADER + "GET /a/1 HTTP/1.1\r\nHost: x\r\n\r\nGET /a/2 HTTP/1.1\r\n");
      assertThat(client.read().status()).isEqualTo(200);
      client.send("Host: x\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a/none HTTP/1.1\r\nHost: x\r\n\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 51234 99999\r\nGET /a/none HTTP/1.1\r\nHost: x\r\n\r\n",
        "PROXY TCP4 192.0.2.1",
        ""
      })
  void closesWhatHasNoWellFormedHeaderInTime(String bytes) throws IOException {
    double before = closed();
    try (RawClient client = RawClient.to(tollgate.port("hasty"))) {
      assertThat(client.send(bytes).readToClose()).isEmpty();
    }
    Patience.await().until(() -> closed() > before);
    tollgate.awaitLog("WARN .*Listener hasty: .* closed by proxyProtocol, the last one of 127");
    assertThat(origin.requests("/none")).isEmpty();
  }

  /** From a peer that is not listed the same bytes are a request line, and a bad one. */
  @Test
  void takesNoHeaderFromOthers() throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send(HEADER + "GET /a/forged HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(400);
    }
    try (RawClient client = tollgate.client()) {
      client.send(Bytes.text(BINARY) + "GET /a/forged HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readToClose()).doesNotContain("200 OK");
    }
    assertThat(origin.requests("/forged")).isEmpty();
    assertThat(tollgate.get("/a/honest").status()).isEqualTo(200);
  }

  @Test
  void standsBeforeTls() throws IOException {
    SSLContext trust = Certificates.trusting(own);
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), tollgate.port("tls"))) {
      plain.setSoTimeout(20_000);
      plain.getOutputStream().write(BINARY);
      try (SSLSocket socket =
              (SSLSocket) trust.getSocketFactory().createSocket(plain, "api.example.com", 1, true);
          RawClient client = RawClient.over(socket)) {
        client.send("GET /a/tls HTTP/1.1\r\nHost: api.example.com\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(200);
      }
    }
    assertThat(origin.last().headers().all("X-Forwarded-For")).containsExactly("192.0.2.1");
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), tollgate.port("tls"));
        RawClient client = RawClient.over(plain)) {
      // A ClientHello is no header.
      assertThat(client.send("\u0016\u0003\u0001\u0000\u0005").readToClose()).isEmpty();
    }
  }

  private static Response behind(String header, String target, String... fields)
      throws IOException {
    String request = "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + String.join("", fields);
    return RawClient.once(tollgate.port("behind"), header + request + "\r\n");
  }

  private static double closed() throws IOException {
    return tollgate
        .metrics()
        .sum("tollgate_connections_total", "listener", "hasty", "close_reason", "proxy_header");
  }
}
