package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.Documents;
import tollgate.it.harness.Load;
import tollgate.it.harness.NodeOrigin;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clients of HTTP/1.1 and a backend of another make that speaks HTTP/2, with and without TLS. */
final class Http2UpstreamIT {
  private static @Nullable NodeOrigin startedNode;
  private static @Nullable Tollgate startedTollgate;
  private static @Nullable RecordingOrigin old;
  private static @Nullable RecordingOrigin oldTls;
  private static @Nullable ServerSocket refusing;

  @BeforeAll
  static void start() throws IOException {
    Certificates certificate = Certificates.make("dns:localhost");
    NodeOrigin node = NodeOrigin.start(certificate);
    assumeTrue(node != null, "Node is not installed");
    if (node == null) {
      return;
    }
    startedNode = node;
    RecordingOrigin plain = RecordingOrigin.start();
    RecordingOrigin secure = RecordingOrigin.startTls(certificate.serverContext());
    ServerSocket bad = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> refuse(bad));
    refusing = bad;
    old = plain;
    oldTls = secure;
    startedTollgate =
        Tollgate.setup()
            .file("certs/origin.pem", certificate.certificatePem())
            .apis(
                route("plain", "http://localhost:" + node.port("plain"), "protocol: h2")
                    + route("tls", "https://localhost:" + node.port("tls"), "protocol: h2")
                    + route("auto", "https://localhost:" + node.port("tls"), "protocol: auto")
                    + route("leaving", "http://localhost:" + node.port("plain"), "protocol: h2")
                    + route(
                        "one",
                        "http://localhost:" + node.port("one"),
                        "protocol: h2",
                        "pool: {maxConnections: 4, maxWait: 20s}")
                    + route(
                        "narrow",
                        "http://localhost:" + node.port("plain"),
                        "protocol: h2",
                        "pool: {maxStreams: 3, maxConnections: 4, maxWait: 20s}")
                    + route("old-plain", "http://localhost:" + bad.getLocalPort(), "protocol: h2")
                    + route("old-tls", "https://localhost:" + secure.port(), "protocol: h2")
                    + route("old-auto", "https://localhost:" + secure.port(), "protocol: auto")
                    + route("old-auto-plain", "http://localhost:" + plain.port(), "protocol: auto"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    for (AutoCloseable closeable :
        Arrays.asList(startedTollgate, startedNode, old, oldTls, refusing)) {
      if (closeable != null) {
        try {
          closeable.close();
        } catch (IOException e) {
          throw e;
        } catch (Exception e) {
          throw new IOException(e);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "plain, 1024",
    "plain, 5242880",
    "tls, 1024",
    "tls, 5242880",
    "auto, 1024",
    "plain, 0",
  })
  void passesBodiesBothWays(String api, int length) throws IOException {
    byte[] body = Bytes.random(length);
    for (boolean isChunked : new boolean[] {true, false}) {
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes(
          Bytes.of(
              "POST /"
                  + api
                  + "/echo HTTP/1.1\r\nHost: x\r\n"
                  + (isChunked ? "Transfer-Encoding: chunked" : "Content-Length: " + length)
                  + "\r\n\r\n"));
      request.writeBytes(isChunked ? Bytes.chunked(body, 5000) : body);
      try (RawClient client = tollgate().client()) {
        Thread sender =
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    client.send(request.toByteArray());
                  } catch (IOException _) {
                    // the reader will see it
                  }
                });
        Response response = client.read();
        assertThat(response.status()).as("%s", response).isEqualTo(200);
        assertThat(response.isComplete()).isTrue();
        assertThat(Arrays.equals(response.body(), body)).isTrue();
        join(sender);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "tls"})
  void passesTrailersBothWays(String api) throws IOException {
    Response response =
        RawClient.once(
            tollgate().port(),
            "POST /"
                + api
                + "/echo HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nConnection: TE\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n");
    assertThat(response.text()).isEqualTo("hello");
    assertThat(response.header("X-Method")).isEqualTo("POST");
    assertThat(response.trailers().first("X-Got")).isEqualTo("42");
  }

  @Test
  void sendsWhatBelongsToTheRequestAndNothingOfTheConnection() throws IOException {
    JsonNode seen =
        JsonMapper.shared()
            .readTree(
                tollgate()
                    .get(
                        "/tls/headers?a=b",
                        "TE: trailers, gzip",
                        "Connection: keep-alive, X-Own, TE",
                        "Keep-Alive: 5",
                        "X-Own: 1",
                        "X-Kept: Yes")
                    .body());
    assertThat(seen.path(":method").asString()).isEqualTo("GET");
    assertThat(seen.path(":scheme").asString()).isEqualTo("https");
    assertThat(seen.path(":path").asString()).isEqualTo("/headers?a=b");
    assertThat(seen.path(":authority").asString()).isEqualTo("localhost:" + node().port("tls"));
    assertThat(seen.path("x-kept").asString()).isEqualTo("Yes");
    assertThat(seen.path("te").asString()).isEqualTo("trailers");
    for (String name : List.of("connection", "keep-alive", "x-own", "host", "transfer-encoding")) {
      assertThat(seen.has(name)).as(name).isFalse();
    }
  }

  @Test
  void passesOnInformationalHeadsAndHeadsWithoutBody() throws IOException {
    Response response = tollgate().get("/plain/hint");
    assertThat(response.informationalStatuses()).containsExactly(103);
    assertThat(response.status()).isEqualTo(204);
    Response head =
        RawClient.once(tollgate().port(), "HEAD /plain/large?size=77 HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo("77");
  }

  /** A caller who does not read holds up nobody on the same connection. */
  @Test
  void aSlowCallerHoldsUpNobodyElse() throws IOException {
    int size = 8 * 1024 * 1024;
    List<RawClient> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        RawClient client = RawClient.withSmallWindow(tollgate().port());
        slow.add(client);
        client.send("GET /plain/large?size=" + size + " HTTP/1.1\r\nHost: x\r\n\r\n");
      }
      for (RawClient client : slow) {
        assertThat(client.readHead().status()).isEqualTo(200);
      }
      for (int i = 0; i < 10; i++) {
        Response other = tollgate().get("/plain/large?size=500000");
        assertThat(other.body()).hasSize(500_000);
      }
      for (RawClient client : slow) {
        assertThat(client.readBytes(size)).hasSize(size);
      }
    } finally {
      for (RawClient client : slow) {
        client.close();
      }
    }
  }

  // ---- ends

  @Test
  void triesAgainWhatTheBackendHasRefused() throws IOException {
    Response response = tollgate().get("/plain/refuse-once?id=get");
    assertThat(response.status()).as("%s", response).isEqualTo(200);
    assertThat(response.text()).isEqualTo("taken");
    Problems.assertProblem(
        RawClient.once(
            tollgate().port(),
            "POST /plain/refuse-once?id=post HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"),
        502);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8, 11})
  void aResetIsABadGatewayAndTheConnectionLivesOn(int code) throws IOException {
    int before = sessions("plain");
    Problems.assertProblem(tollgate().get("/plain/reset?code=" + code), 502);
    assertThat(tollgate().get("/plain/slow").text()).isEqualTo("slow");
    assertThat(sessions("plain")).isLessThanOrEqualTo(before + 2);
  }

  @Test
  void aResetInTheBodyCutsTheResponse() throws IOException {
    try (RawClient client = tollgate().client()) {
      client.send("GET /plain/cut HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readHead().status()).isEqualTo(200);
      assertThat(client.readToClose()).endsWith("\r\n\r\na part");
    }
  }

  @Test
  void takesAnAnswerThatComesBeforeTheEndOfTheRequest() throws IOException {
    try (RawClient client = tollgate().client()) {
      client.send("POST /plain/early HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc");
      Response response = client.read();
      assertThat(response.status()).isEqualTo(403);
      assertThat(response.text()).isEqualTo("no");
    }
  }

  @Test
  void nobodySeesThatTheBackendGoesAway() throws Exception {
    int before = sessions("leaving");
    Load load =
        Load.start(
            8,
            () -> {
              RawClient client = RawClient.forgetful(tollgate().port());
              return Load.Caller.of(
                  client::close,
                  () -> {
                    Response response =
                        client.send("GET /leaving/slow HTTP/1.1\r\nHost: x\r\n\r\n").read();
                    assertThat(response.status()).as("%s", response).isEqualTo(200);
                  });
            });
    for (int i = 0; i < 15; i++) {
      long calls = load.calls();
      assertThat(tollgate().get("/leaving/leave").status()).isEqualTo(200);
      Patience.await().until(() -> load.calls() > calls + 8 || !load.failures().isEmpty());
    }
    assertThat(load.stop().failures()).isEmpty();
    assertThat(sessions("leaving")).isGreaterThanOrEqualTo(before + 10);
  }

  // ---- many at a time

  @Test
  void carriesManyRequestsOnFewConnections() throws Exception {
    int before = sessions("auto");
    for (Response response : together(200, "/auto/slow")) {
      assertThat(response.status()).as("%s", response).isEqualTo(200);
    }
    // One for each event loop, and some for what came together before those were known.
    int loops = Runtime.getRuntime().availableProcessors();
    assertThat(sessions("auto") - before).isLessThanOrEqualTo(2 * loops + 2);
    assertThat(stats("auto").path("most").asInt()).isGreaterThan(1);
  }

  @Test
  void keepsToTheStreamsThatTheBackendAllows() throws Exception {
    for (Response response : together(40, "/one/slow")) {
      assertThat(response.status()).as("%s", response).isEqualTo(200);
    }
    assertThat(stats("one").path("most").asInt()).isEqualTo(1);
  }

  @Test
  void keepsToTheStreamsThatAreConfigured() throws Exception {
    for (Response response : together(40, "/narrow/slow")) {
      assertThat(response.status()).as("%s", response).isEqualTo(200);
    }
  }

  // ---- what the backend speaks

  @ParameterizedTest
  @ValueSource(strings = {"old-plain", "old-tls"})
  void aBackendThatDoesNotSpeakItIsABadGateway(String api) throws IOException {
    Problems.assertProblem(tollgate().get("/" + api + "/x"), 502);
  }

  @ParameterizedTest
  @ValueSource(strings = {"old-auto", "old-auto-plain"})
  void speaksHttp1WhereTheBackendDoes(String api) throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThat(tollgate().get("/" + api + "/x").status()).isEqualTo(200);
    }
  }

  /** As servers do that know HTTP/1.1 only. */
  private static void refuse(ServerSocket socket) {
    while (!socket.isClosed()) {
      try (Socket connection = socket.accept()) {
        connection
            .getOutputStream()
            .write(Bytes.of("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
      } catch (IOException _) {
        // closed
      }
    }
  }

  private static List<Response> together(int count, String path) throws Exception {
    List<Response> responses = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Response>> calls = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        calls.add(() -> tollgate().get(path));
      }
      for (Future<Response> response : threads.invokeAll(calls)) {
        responses.add(response.get());
      }
    }
    return responses;
  }

  private static int sessions(String api) throws IOException {
    return stats(api).path("sessions").asInt();
  }

  private static JsonNode stats(String api) throws IOException {
    return JsonMapper.shared().readTree(tollgate().get("/" + api + "/stats").body());
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Tollgate tollgate() {
    if (startedTollgate == null) {
      throw new IllegalStateException("not started");
    }
    return startedTollgate;
  }

  private static NodeOrigin node() {
    if (startedNode == null) {
      throw new IllegalStateException("not started");
    }
    return startedNode;
  }

  private static String route(String name, String url, String... more) {
    String tls = url.startsWith("https") ? "tls: {trust: certs/origin.pem}\n" : "";
    return """
    ---
    kind: Upstream
    name: %s
    targets: [{url: "%s"}]
    timeouts: {connect: 20s}
    %s%s
    """
            .formatted(name, url, tls, String.join("\n", more))
        + Documents.api(name, "/" + name, name);
  }
}
