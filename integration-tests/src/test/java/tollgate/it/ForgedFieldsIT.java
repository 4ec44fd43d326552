package tollgate.it;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.OriginRequest;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Refusals;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** What a caller says about itself and the way it came, and whom the gateway believes. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class ForgedFieldsIT {
  private static final String ALL_FORWARDED =
      """
      Forwarded: for=6.6.6.6;host=evil.test;proto=https
      X-Forwarded-For: 6.6.6.6
      x-forwarded-for: 6.6.6.7
      X-Forwarded-Proto: evil
      X-Forwarded-Host: evil.test
      X-Forwarded-Port: 666
      X-Forwarded-Prefix: /evil
      X-Forwarded-User: evil
      X-Real-IP: 6.6.6.6
      """
          .replace("\n", "\r\n");

  private static RecordingOrigin origin;
  private static Tollgate tollgate;
  private static Refusals refusals;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .gateway(
                """
                kind: Gateway
                name: it
                listeners:
                  - {name: http, bind: "127.0.0.1:@http@"}
                  - {name: behind, bind: "127.0.0.1:@behind@", trustedProxies: [127.0.0.0/8, 10.0.0.0/8]}
                status: {bind: "127.0.0.1:@status@"}
                drain: {delay: 0s, timeout: 10s}
                """)
            .apis(
                upstream("u", origin.port())
                    + api(
                        "a",
                        "/a",
                        "u",
                        "operations: [{id: read, match: 'GET /{path*}'}, {id: write, match: 'POST"
                            + " /{path*}'}]"))
            .start();
    refusals = new Refusals(tollgate, origin, "/a/legitimate");
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  /** A30 */
  @Test
  void believesNoForwardingFieldOfAnUntrustedPeer() throws IOException {
    OriginRequest received = send(tollgate.port(), "Host: api.test\r\n" + ALL_FORWARDED);
    assertThat(Bytes.text(received.connection().received()))
        .doesNotContain("evil", "6.6.6", ": 666\r\n");
    assertThat(received.headers().all("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(received.headers().all("X-Forwarded-Proto")).containsExactly("http");
    assertThat(received.headers().all("X-Forwarded-Host")).containsExactly("api.test");
    assertThat(received.headers().all("X-Forwarded-Port"))
        .containsExactly(Integer.toString(tollgate.port()));
    assertThat(tollgate.awaitAccessLogLine("/a/forged").path("client_ip").asString())
        .isEqualTo("127.0.0.1");
  }

  /** A30, B15 */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Client-Cert",
        "X-SSL-Client-Cert",
        "SSL-Client-Verify",
        "Client-Cert",
        "X-WSO2-Client-Certificate",
        "X-JWT-Assertion",
        "X-User"
      })
  void passesIdentityOnOnlyOfATrustedProxy(String name) throws IOException {
    String lines = "Host: x\r\n" + name + ": forged\r\n" + name.toLowerCase(ROOT) + ": again\r\n";
    assertThat(send(tollgate.port(), lines).headers().all(name)).isEmpty();
    assertThat(send(tollgate.port("behind"), lines).headers().all(name))
        .containsExactly("forged", "again");
  }

  @Test
  void believesATrustedProxyAsFarAsTrustGoes() throws IOException {
    OriginRequest received =
        send(
            tollgate.port("behind"),
            "Host: internal.test\r\n"
                + "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.1.2.3\r\n"
                + "X-Forwarded-Proto: https\r\n"
                + "X-Forwarded-Host: api.test\r\n"
                + "X-Forwarded-Port: 443\r\n");
    assertThat(received.headers().all("X-Forwarded-For"))
        .singleElement()
        .asString()
        .endsWith("203.0.113.9, 10.1.2.3, 127.0.0.1");
    assertThat(received.headers().all("X-Forwarded-Proto")).containsExactly("https");
    assertThat(received.headers().all("X-Forwarded-Host")).containsExactly("api.test");
    assertThat(received.headers().all("X-Forwarded-Port")).containsExactly("443");
    var line =
        Patience.await()
            .until(
                () ->
                    tollgate.accessLogLines().stream()
                        .filter(one -> one.path("listener").asString("").equals("behind"))
                        .toList(),
                found -> !found.isEmpty())
            .getFirst();
    assertThat(line.path("client_ip").asString()).isEqualTo("203.0.113.9");
    assertThat(line.path("peer_ip").asString()).isEqualTo("127.0.0.1");
  }

  @Test
  void believesForwardedOfATrustedProxy() throws IOException {
    OriginRequest received =
        send(
            tollgate.port("behind"),
            "Host: internal.test\r\nForwarded: for=203.0.113.9;host=api.test;proto=https\r\n");
    assertThat(received.headers().all("Forwarded"))
        .singleElement()
        .asString()
        .startsWith("for=203.0.113.9")
        .contains("for=127.0.0.1");
    assertThat(received.headers().all("X-Forwarded-Proto")).containsExactly("https");
    assertThat(received.headers().all("X-Forwarded-Host")).containsExactly("api.test");
  }

  /** A15, A30: a backend that reads {@code _} as {@code -} would take these for ours. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X_Forwarded_For: 6.6.6.6",
        "X-Forwarded_For: 6.6.6.6",
        "x_real_ip: 6.6.6.6",
        "X_JWT_Assertion: kept-to-itself",
        "Host_: kept-to-itself",
        "Authorization_: kept-to-itself"
      })
  void refusesLookalikes(String line) throws IOException {
    refusals.assertRefusedAndClosed(
        "GET /a/forged HTTP/1.1\r\nHost: x\r\n" + line + "\r\n\r\n", 400);
  }

  @Test
  void forwardsHarmlessNamesWithUnderscores() throws IOException {
    assertThat(send(tollgate.port(), "Host: x\r\nmy_field: 1\r\n").header("my_field"))
        .isEqualTo("1");
  }

  /** A29 */
  @Test
  void removesNothingThatMattersForConnection() throws IOException {
    OriginRequest received =
        send(
            tollgate.port("behind"),
            """
            Host: x
            Connection: Authorization, X-User, Cookie, X-Forwarded-For, Host, Content-Type, X-Request-Id, close
            Authorization: Bearer t
            X-User: u
            Cookie: c=1
            Content-Type: text/plain
            """
                .replace("\n", "\r\n"));
    assertThat(received.header("Authorization")).isEqualTo("Bearer t");
    assertThat(received.header("X-User")).isEqualTo("u");
    assertThat(received.header("Cookie")).isEqualTo("c=1");
    assertThat(received.header("Content-Type")).isEqualTo("text/plain");
    assertThat(received.headers().all("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(received.headers().all("Host")).hasSize(1);
    assertThat(received.headers().has("X-Request-Id")).isTrue();
    assertThat(received.headers().names()).doesNotContain("connection");
  }

  /** A33 */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: Upgrade, HTTP2-Settings\r\n"
            + "Upgrade: h2c\r\n"
            + "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n",
        "Connection: keep-alive\r\n"
            + "Upgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        "Connection: HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n",
        "Upgrade: h2c\r\n"
      })
  void neverForwardsAnUpgrade(String lines) throws IOException {
    OriginRequest received = send(tollgate.port(), "Host: x\r\n" + lines);
    assertThat(received.headers().names())
        .doesNotContain("upgrade", "http2-settings", "connection");
  }

  /** A33 */
  @Test
  void refusesAWebSocketWhereNoneIsAllowed() throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    Response response =
        tollgate.get(
            "/a/x",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    assertThat(response.status()).isEqualTo(403);
    assertThat(origin.bytesSince(mark)).isZero();
  }

  /** A33: what follows an upgrade request is its body, never bytes of another protocol. */
  @Test
  void readsTheBodyOfAnUpgradeRequestAsABody() throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST /a/upgrade HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Connection: Upgrade\r\n"
              + "Upgrade: h2c\r\n"
              + "Content-Length: 5\r\n\r\n"
              + "helloGET /a/next HTTP/1.1\r\n"
              + "Host: x\r\n\r\n");
      assertThat(client.read().text()).isEqualTo("hello");
      assertThat(client.read().text()).isEqualTo("ok");
    }
  }

  /** A33 */
  @Test
  void turnsAFake101Into502() throws IOException {
    String path =
        origin.path((request, connection) -> {
          connection.write(
              "HTTP/1.1 101 Switching Protocols\r\n"
                  + "Upgrade: websocket\r\n"
                  + "Connection: Upgrade\r\n\r\n"
                  + "raw bytes");
          connection.awaitPeerClose();
        });
    Response response = tollgate.get("/a" + path, "Connection: Upgrade", "Upgrade: h2c");
    assertThat(response.status()).isEqualTo(502);
    assertThat(response.text()).doesNotContain("raw bytes");
  }

  /** A34 */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-HTTP-Method-Override: DELETE",
        "X-HTTP-Method: DELETE",
        "X-Method-Override: DELETE"
      })
  void ignoresMethodOverrides(String line) throws IOException {
    assertThat(
            RawClient.once(
                    tollgate.port(),
                    "DELETE /a/x HTTP/1.1\r\nHost: x\r\nX-HTTP-Method-Override: GET\r\n\r\n")
                .status())
        .isEqualTo(405);
    OriginRequest received = send(tollgate.port(), "Host: x\r\n" + line + "\r\n");
    assertThat(received.method()).isEqualTo("GET");
  }

  @Test
  void rewritesWhatTheCallerCouldForgeOfTheRequestId() throws IOException {
    OriginRequest received =
        send(
            tollgate.port(),
            "Host: x\r\nX-Request-Id: bad id\"<script>\r\nactivityid: worse\u00ff\r\n");
    List<String> ids = received.headers().all("X-Request-Id");
    assertThat(ids).singleElement().asString().matches("[0-9a-f-]{36}");
    assertThat(received.headers().all("activityid")).isEqualTo(ids);
  }

  private static OriginRequest send(int port, String lines) throws IOException {
    assertThat(RawClient.once(port, "GET /a/forged HTTP/1.1\r\n" + lines + "\r\n").status())
        .isEqualTo(200);
    return origin.last();
  }
}
