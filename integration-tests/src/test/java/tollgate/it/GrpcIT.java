package tollgate.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.GrpcNode;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** gRPC through the gateway, between a client and a server of another make. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class GrpcIT {
  private static final String API =
      """
      ---
      kind: Api
      name: %1$s
      version: v1
      context: /
      hosts: [%1$s.example.com]
      security: none
      policies: [pages]
      route: {upstream: %1$s}
      operations:
        - {id: echo, grpc: demo.Echo}
        - {id: small, grpc: demo.Echo/Collect, maxMessage: 100B}
        - {id: hang, grpc: demo.Echo/Hang, timeout: 1s}
        - {id: oneAndHang, grpc: demo.Echo/OneAndHang, stream: grpc, maxDeadline: 2s}
        - {id: chat, grpc: demo.Echo/Chat, stream: grpc}
      """;

  @TempDir private static Path folder;
  private static Certificates own;
  private static Certificates backends;
  private static Path trusted;
  private static GrpcNode plain;
  private static GrpcNode secure;
  private static Tollgate tollgate;

  /** How the client comes, and how the backend is reached. */
  enum Way {
    PLAIN_TO_PLAIN(false, "plain"),
    PLAIN_TO_TLS(false, "secure"),
    TLS_TO_PLAIN(true, "plain"),
    TLS_TO_TLS(true, "secure");

    private final boolean isTls;
    private final String api;

    Way(boolean isTls, String api) {
      this.isTls = isTls;
      this.api = api;
    }

    /** A call on this way; more is added to it. */
    Map<String, Object> call(String method, String kind, Object... send) {
      Map<String, Object> call = new HashMap<>();
      call.put("target", "127.0.0.1:" + tollgate.port(isTls ? "https" : "http"));
      call.put("name", api + ".example.com");
      if (isTls) {
        call.put("ca", trusted.toString());
      }
      call.put("path", "/demo.Echo/" + method);
      call.put("kind", kind);
      call.put("send", List.of(send));
      return call;
    }
  }

  @BeforeAll
  static void start() throws IOException {
    backends = Certificates.make("dns:localhost");
    plain = GrpcNode.serve(null);
    secure = GrpcNode.serve(backends);
    own = Certificates.make("dns:*.example.com");
    trusted = Files.writeString(folder.resolve("own.pem"), own.authorityPem());
    tollgate =
        Tollgate.setup()
            .gateway(
                """
                kind: Gateway
                name: it
                listeners:
                  - {name: http, bind: "127.0.0.1:@http@"}
                  - name: https
                    bind: "127.0.0.1:@https@"
                    tls: {certificates: [{cert: certs/own.crt, key: certs/own.key}]}
                status: {bind: "127.0.0.1:@status@"}
                drain: {delay: 0s, timeout: 10s}
                reload: {poll: 200ms}
                """)
            .file("certs/own.crt", own.certificatePem())
            .file("certs/own.key", own.keyPem())
            .file("certs/backends.pem", backends.authorityPem())
            .apis(
                """
                kind: Policy
                name: pages
                request:
                  - grpcWeb: {}
                ---
                kind: Upstream
                name: plain
                protocol: h2
                targets: [{url: "http://127.0.0.1:%d"}]
                ---
                kind: Upstream
                name: secure
                protocol: h2
                targets: [{url: "https://localhost:%d"}]
                tls: {trust: certs/backends.pem}
                """
                        .formatted(plain.port(), secure.port())
                    + API.formatted("plain")
                    + API.formatted("secure"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (tollgate != null) {
      tollgate.close();
    }
    if (plain != null) {
      plain.close();
    }
    if (secure != null) {
      secure.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void unary(Way way) throws IOException {
    Map<String, Object> call = way.call("Unary", "unary", "hello");
    call.put("metadata", Map.of("x-ask", "it"));
    GrpcNode.Outcome outcome = GrpcNode.call(call);
    assertThat(outcome.code()).as(outcome.details()).isZero();
    assertThat(outcome.messages()).containsExactly("hello");
    assertThat(outcome.metadata())
        .containsEntry("x-seen", "it")
        .containsEntry("x-forwarded", way.api + ".example.com");
    assertThat(outcome.trailers())
        .containsEntry("x-trailer", "done")
        .containsEntry("x-note-bin", "00ff01");
  }

  @ParameterizedTest
  @EnumSource
  void clientStream(Way way) throws IOException {
    GrpcNode.Outcome outcome = GrpcNode.call(way.call("Collect", "client", "a", "b", "c"));
    assertThat(outcome.code()).as(outcome.details()).isZero();
    assertThat(outcome.messages()).containsExactly("abc");
    assertThat(outcome.trailers()).containsEntry("x-trailer", "3 parts");
  }

  @ParameterizedTest
  @EnumSource
  void serverStream(Way way) throws IOException {
    GrpcNode.Outcome outcome = GrpcNode.call(way.call("Split", "server", "xyz"));
    assertThat(outcome.code()).as(outcome.details()).isZero();
    assertThat(outcome.messages()).containsExactly("x", "y", "z");
  }

  @ParameterizedTest
  @EnumSource
  void bothByTurns(Way way) throws IOException {
    Map<String, Object> call = way.call("Chat", "bidi", "a", "b", "c");
    call.put("turns", true);
    GrpcNode.Outcome outcome = GrpcNode.call(call);
    assertThat(outcome.code()).as(outcome.details()).isZero();
    assertThat(outcome.messages()).containsExactly("A", "B", "C");
    assertThat(outcome.trailers()).containsEntry("x-trailer", "bye");
  }

  @Test
  void largeMessagesBothWays() throws IOException {
    GrpcNode.Outcome outcome =
        GrpcNode.call(Way.TLS_TO_TLS.call("Unary", "unary", 4 * 1024 * 1024));
    assertThat(outcome.code()).as(outcome.details()).isZero();
    assertThat(outcome.messages()).containsExactly("4194304");
  }

  @Test
  void statusesOfServicesAndTheirTrailers() throws IOException {
    GrpcNode.Outcome outcome =
        GrpcNode.call(Way.PLAIN_TO_PLAIN.call("Fail", "unary", "5:no gr\u00fc\u00df 100%"));
    assertThat(outcome.code()).isEqualTo(5);
    assertThat(outcome.details()).isEqualTo("no gr\u00fc\u00df 100%");
    assertThat(outcome.trailers())
        .containsEntry("x-trailer", "failed")
        .doesNotContainKey("tollgate-code");
  }

  @Test
  void refusalsOfTheGateway() throws IOException {
    Map<String, Object> call = Way.PLAIN_TO_PLAIN.call("Unary", "unary", "x");
    call.put("path", "/demo.Other/Unary");
    GrpcNode.Outcome outcome = GrpcNode.call(call);
    assertThat(outcome.code()).isEqualTo(12);
    assertThat(outcome.details()).isEqualTo("No matching resource found for the request.");
    assertThat(outcome.trailers()).containsEntry("tollgate-code", "900906");
    assertThat(tollgate.awaitAccessLogLine("/demo.Other/Unary").path("outcome").asString())
        .isEqualTo("no_route");
  }

  @Test
  void messagesThatAreTooLarge() throws IOException {
    GrpcNode.Outcome sent = GrpcNode.call(Way.TLS_TO_TLS.call("Collect", "client", 101));
    assertThat(sent.code()).isEqualTo(8);
    assertThat(sent.trailers()).containsEntry("tollgate-code", "413100");

    GrpcNode.Outcome received =
        GrpcNode.call(Way.PLAIN_TO_PLAIN.call("OneAndBig", "server", "4194305"));
    assertThat(received.code()).isEqualTo(8);
    assertThat(received.trailers()).containsEntry("tollgate-code", "101510");
  }

  @Test
  void deadlinesReachTheBackend() throws IOException {
    Map<String, Object> call = Way.PLAIN_TO_PLAIN.call("Left", "unary", "x");
    assertThat(GrpcNode.call(call).messages()).containsExactly("none");
    call.put("deadline", 60_000);
    assertThat(Integer.parseInt(GrpcNode.call(call).messages().getFirst())).isBetween(1, 60_000);
  }

  @Test
  void aBackendThatIsSilentForTooLongIsCancelled() throws IOException {
    GrpcNode.Outcome outcome = GrpcNode.call(Way.PLAIN_TO_PLAIN.call("Hang", "unary", "x"));
    assertThat(outcome.code()).isEqualTo(4);
    assertThat(outcome.trailers()).containsEntry("tollgate-code", "101504");
    plain.awaitLine("CANCELLED Hang");
  }

  /** By the backend, which knows of it, or by the gateway, whoever looks first. */
  @Test
  void theOperationsDeadlineEndsAStream() throws IOException {
    GrpcNode.Outcome outcome = GrpcNode.call(Way.TLS_TO_TLS.call("OneAndHang", "server", "x"));
    assertThat(outcome.messages()).containsExactly("one");
    assertThat(outcome.code()).isEqualTo(4);
    secure.awaitLine("CANCELLED OneAndHang");
  }

  @Test
  void callersMayCancel() throws IOException {
    try (GrpcNode backend = GrpcNode.serve(null)) {
      tollgate.edit(
          "conf.d/cancel.yaml",
          """
          kind: Upstream
          name: cancel
          protocol: h2
          targets: [{url: "http://127.0.0.1:%d"}]
          """
                  .formatted(backend.port())
              + API.formatted("cancel"));
      Map<String, Object> call = Way.PLAIN_TO_PLAIN.call("OneAndHang", "server", "x");
      call.put("name", "cancel.example.com");
      call.put("cancelAfter", 1);
      assertThat(GrpcNode.call(call).code()).isEqualTo(1);
      backend.awaitLine("CANCELLED OneAndHang");
      assertThat(tollgate.awaitAccessLogLine("/demo.Echo/OneAndHang").path("outcome").asString())
          .isEqualTo("client_closed");
    }
  }

  @Test
  void aBackendThatGoesIsUnavailable() throws IOException {
    try (GrpcNode backend = GrpcNode.serve(null)) {
      tollgate.edit(
          "conf.d/gone.yaml",
          """
          kind: Upstream
          name: gone
          protocol: h2
          targets: [{url: "http://127.0.0.1:%d"}]
          """
                  .formatted(backend.port())
              + API.formatted("gone"));
      Map<String, Object> call = Way.PLAIN_TO_PLAIN.call("OneAndDrop", "server", "x");
      call.put("name", "gone.example.com");
      GrpcNode.Outcome begun = GrpcNode.call(call);
      assertThat(begun.messages()).containsExactly("one");
      assertThat(begun.code()).isEqualTo(14);
      assertThat(begun.trailers()).containsEntry("tollgate-code", "101505");

      GrpcNode.Outcome refused = GrpcNode.call(call);
      assertThat(refused.code()).isEqualTo(14);
      assertThat(refused.trailers()).containsKey("tollgate-code");
    }
  }

  @Test
  void targetsAreAskedHowTheyAre() throws IOException {
    try (GrpcNode backend = GrpcNode.serve(null)) {
      tollgate.edit(
          "conf.d/health.yaml",
          """
          kind: Upstream
          name: health
          protocol: h2
          targets: [{url: "http://127.0.0.1:%d"}]
          health:
            active: {grpc: {service: demo.Echo}, interval: 100ms, timeout: 5s, healthy: 1, unhealthy: 1}
          """
                  .formatted(backend.port())
              + API.formatted("health"));
      Map<String, Object> call = Way.PLAIN_TO_PLAIN.call("Unary", "unary", "x");
      call.put("name", "health.example.com");
      backend.awaitLine("CHECKED 0a0964656d6f2e4563686f");
      assertThat(GrpcNode.call(call).code()).isZero();
      backend.health(2);
      awaitTargetUp(0);
      GrpcNode.Outcome outcome = GrpcNode.call(call);
      assertThat(outcome.code()).isEqualTo(14);
      assertThat(outcome.trailers()).containsEntry("tollgate-code", "303001");
      backend.health(1);
      awaitTargetUp(1);
      assertThat(GrpcNode.call(call).code()).isZero();
    }
  }

  private static void awaitTargetUp(int up) {
    Patience.await()
        .until(() ->
            tollgate.metrics().find("tollgate_upstream_target_up", "upstream", "health").stream()
                .anyMatch(sample -> sample.value() == up));
  }

  @Test
  void openStreamsAreCounted() throws Exception {
    Map<String, Object> call = Way.PLAIN_TO_PLAIN.call("OneAndHang", "server", "x");
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                GrpcNode.call(call);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    Patience.await().until(() -> tollgate.metrics().sum("tollgate_streams", "kind", "grpc") == 1);
    caller.join();
    Patience.await().until(() -> tollgate.metrics().sum("tollgate_streams", "kind", "grpc") == 0);
  }

  @Test
  void gRpcWebOverHttp1() throws IOException {
    byte[] message = frame(0, "hello".getBytes(ISO_8859_1));
    Response response = web("/demo.Echo/Unary", "application/grpc-web+proto", message);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Content-Type")).isEqualTo("application/grpc-web+proto");
    assertThat(response.header("x-seen")).isEqualTo("page");
    byte[] body = response.body();
    assertThat(body).startsWith(message);
    assertThat(new String(body, message.length, body.length - message.length, ISO_8859_1))
        .startsWith("\u0080")
        .contains("grpc-status:0\r\n", "x-trailer:done\r\n");
  }

  @Test
  void gRpcWebAsText() throws IOException {
    byte[] message = frame(0, "hello".getBytes(ISO_8859_1));
    Response response =
        web(
            "/demo.Echo/Unary",
            "application/grpc-web-text+proto",
            Base64.getEncoder().encode(message));
    assertThat(response.header("Content-Type")).isEqualTo("application/grpc-web-text+proto");
    assertThat(Bytes.text(response.body())).startsWith(Base64.getEncoder().encodeToString(message));
  }

  @Test
  void gRpcWebIsRefusedInFrames() throws IOException {
    Response response = web("/demo.Other/Unary", "application/grpc-web+proto", new byte[0]);
    assertThat(response.status()).isEqualTo(200);
    assertThat(new String(response.body(), ISO_8859_1))
        .startsWith("\u0080")
        .contains("grpc-status:12\r\n", "tollgate-code:900906\r\n");
  }

  @Test
  void othersAreNotServed() throws IOException {
    Response response = web("/demo.Echo/Unary", "application/json", "{}".getBytes(ISO_8859_1));
    assertThat(response.status()).isEqualTo(415);
    assertThat(Bytes.text(response.body())).contains("415100");
  }

  private static byte[] frame(int flag, byte[] message) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(flag);
    frame.writeBytes(new byte[] {0, 0, 0, (byte) message.length});
    frame.writeBytes(message);
    return frame.toByteArray();
  }

  private static Response web(String path, String contentType, byte[] body) throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST "
              + path
              + " HTTP/1.1\r\nHost: plain.example.com\r\nX-Ask: page\r\nContent-Type: "
              + contentType
              + "\r\nContent-Length: "
              + body.length
              + "\r\n\r\n");
      client.send(body);
      return client.read();
    }
  }
}
