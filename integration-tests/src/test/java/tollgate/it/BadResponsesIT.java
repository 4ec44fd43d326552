package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.OriginConnection;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** A11, A35: what a broken or hostile origin can answer, and that it harms one exchange at most. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class BadResponsesIT {
  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .apis(upstream("u", origin.port(), "health: {passive: off}") + api("a", "/a", "u"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  /** Answers that are no valid HTTP. */
  static Stream<String> answers() {
    return Stream.of(
        "HTTP/1.1 200 OK\r\n"
            + "Content-Length: 5\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "5\r\n"
            + "hello\r\n"
            + "0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\nX: y\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nX\u0000: a\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nX: a\u0000b\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 20 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 2000 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 099 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 abc OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/9.9 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "ICY 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "hello\r\n\r\n",
        "\r\n\r\n",
        "220 mail.example.com ESMTP\r\n",
        "HTTP/1.1 200 OK\r\n" + ("X: " + "y".repeat(60_000) + "\r\n").repeat(20) + "\r\n",
        "HTTP/1.1 200 " + "O".repeat(1_000_000) + "\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("answers")
  void turnsInvalidHttpInto502(String answer) throws IOException, InterruptedException {
    String path =
        origin.path((request, connection) -> {
          connection.write(answer);
          connection.awaitPeerClose();
        });
    Response response = tollgate.get("/a" + path);
    Problems.assertProblem(response, 502);
    assertThat(response.text()).doesNotContain("hello");
    assertNeverReused(path);
    assertThat(tollgate.awaitAccessLogLine("/a" + path).path("outcome").asString())
        .isEqualTo("upstream_error");
  }

  /**
   * Bodies whose framing breaks after the head was passed on: the client must see that they are not
   * whole.
   */
  static Stream<String> bodies() {
    return Stream.of(
        "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "5;\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\nX\u0000: y\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void neverCompletesABrokenBody(String body) throws IOException, InterruptedException {
    String path =
        origin.path((request, connection) -> {
          connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").write(body);
          connection.awaitPeerClose();
        });
    try (RawClient client = tollgate.client()) {
      client.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      String answer = client.readToClose();
      assertThat(answer).doesNotEndWith("0\r\n\r\n").doesNotContain("Content-Length: 5");
    }
    assertNeverReused(path);
  }

  /** Two responses for one request: the second is nobody's. */
  @Test
  void givesASecondResponseToNobody() throws IOException, InterruptedException {
    String path = origin.path((request, connection) -> connection.okTwice("mine", "yours"));
    try (RawClient client = tollgate.client()) {
      client.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.read().text()).isEqualTo("mine");
      for (int i = 0; i < 10; i++) {
        assertThat(client.send("GET /a/next HTTP/1.1\r\nHost: x\r\n\r\n").read().text())
            .isEqualTo("ok");
      }
    }
    assertNeverReused(path);
  }

  /** Bytes on a pooled connection that nobody asked for. */
  @Test
  void forgetsAConnectionThatSpeaksUnasked() throws IOException, InterruptedException {
    String path = origin.path((request, connection) -> connection.ok("mine"));
    assertThat(tollgate.get("/a" + path).text()).isEqualTo("mine");
    OriginConnection connection = origin.requests(path).getFirst().connection();
    connection.ok("unasked");
    for (int i = 0; i < 10; i++) {
      assertThat(tollgate.get("/a/next").text()).isEqualTo("ok");
    }
    assertThat(connection.awaitEnd()).isTrue();
  }

  /** A11 */
  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void keepsAnswersInStepBehindInformationalOnes(String method) throws IOException {
    String path =
        origin.path((request, connection) -> {
          connection.write(
              "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n");
          boolean isHead = request.method().equals("HEAD");
          connection.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + (isHead ? "" : "first"));
        });
    try (RawClient client = tollgate.client()) {
      client.send(
          method
              + " /a"
              + path
              + " HTTP/1.1\r\nHost: x\r\n\r\nGET /a/second HTTP/1.1\r\nHost: x\r\n\r\n");
      Response first = method.equals("HEAD") ? client.readHeadOnly() : client.read();
      assertThat(first.status()).isEqualTo(200);
      assertThat(first.text()).isEqualTo(method.equals("HEAD") ? "" : "first");
      assertThat(client.read().text()).isEqualTo("ok");
    }
  }

  /** A11: an origin that answers 1xx without end is cut off. */
  @Test
  void endsAFloodOfInformationalAnswers() throws IOException, InterruptedException {
    String path =
        origin.path((request, connection) -> {
          while (true) {
            connection.write("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n".repeat(100));
          }
        });
    try (RawClient client = tollgate.client()) {
      client.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      Response response = client.read();
      assertThat(response.status()).isEqualTo(502);
      assertThat(response.informational().size()).isLessThan(1000);
    }
    assertNeverReused(path);
  }

  /** A body behind an answer that has none is no response to the next request. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil"
      })
  void givesABodyThatMayNotBeToNobody(String answer) throws IOException, InterruptedException {
    String path = origin.path((request, connection) -> connection.write(answer));
    try (RawClient client = tollgate.client()) {
      client.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.read().status()).isIn(204, 304);
      for (int i = 0; i < 10; i++) {
        assertThat(client.send("GET /a/next HTTP/1.1\r\nHost: x\r\n\r\n").read().text())
            .isEqualTo("ok");
      }
    }
    assertNeverReused(path);
  }

  @Test
  void keepsWhatAnOriginSaysOfItselfButNoMore() throws IOException {
    String path =
        origin.path((request, connection) ->
            connection.reply("200 OK", "Server: origin/1.0\r\n", Bytes.of("ok")));
    assertThat(tollgate.get("/a" + path).headers().all("Server")).containsExactly("origin/1.0");
  }

  /** The gateway ends the connection, and has sent no further request on it. */
  private static void assertNeverReused(String path) throws IOException, InterruptedException {
    assertThat(tollgate.get("/a/legitimate").status()).isEqualTo(200);
    OriginConnection connection = origin.requests(path).getLast().connection();
    assertThat(connection.awaitEnd()).as("the connection is ended").isTrue();
    assertThat(
            origin.requests().stream()
                .filter(request -> request.connection() == connection)
                .toList()
                .getLast()
                .path())
        .as("last request on it")
        .isEqualTo(path);
  }
}
