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
import tollgate.it.harness.OriginRequest;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Refusals;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** Request bodies that break their framing, and what may never be read as a request. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class BadBodiesIT {
  private static final String CHUNKED =
      "POST /a/items HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

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
                  - {name: strict, bind: "127.0.0.1:@strict@", limits: {body: 1KiB, headerTimeout: 300ms, bodyTimeout: 300ms, idleTimeout: 300ms}}
                status: {bind: "127.0.0.1:@status@"}
                drain: {delay: 0s, timeout: 10s}
                """)
            .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
            .start();
    refusals = new Refusals(tollgate, origin, "/a/legitimate");
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  /** A8, A9, A21: chunked bodies that must be refused. */
  static Stream<String> chunks() {
    return Stream.of(
        "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhello\r\n0\n\r\n",
        "5\r\nhello\r\n0\r\n\n",
        "5\rhello\r\n0\r\n\r\n",
        "5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n",
        "5;a=\"b\r\nhello\r\n0\r\n\r\n",
        "5;a\u0000\r\nhello\r\n0\r\n\r\n",
        "5;" + "a".repeat(300) + "\r\nhello\r\n0\r\n\r\n",
        ("1;" + "a".repeat(60) + "\r\nx\r\n").repeat(6) + "0\r\n\r\n",
        "5;\r\nhello\r\n0\r\n\r\n",
        "5 ;\r\nhello\r\n0\r\n\r\n",
        "0_5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        " 5\r\nhello\r\n0\r\n\r\n",
        "5 \r\nhello\r\n0\r\n\r\n",
        "\t5\r\nhello\r\n0\r\n\r\n",
        "8000000000000000\r\nhello\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
        "10000000000000005\r\nhello\r\n0\r\n\r\n",
        "\r\nhello\r\n0\r\n\r\n",
        "g\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello0\r\n\r\n",
        "5\r\nhelloX\r\n0\r\n\r\n",
        "5\r\nhello\r\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\nTrailer\r\n\r\n",
        "5\r\nhello\r\n0\r\nX : y\r\n\r\n",
        "5\r\nhello\r\n0\r\nX: y\r\n z\r\n\r\n",
        "5\r\nhello\r\n0\r\nX\u0000: y\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void refusesBrokenChunks(String body) throws IOException {
    refusals.assertRefusedAndClosed(CHUNKED + body, 400, 413, 431);
  }

  /** What was begun before the damage came is never ended as if it were whole. */
  @Test
  void abortsUpstreamWhenAChunkBreaksLater() throws IOException, InterruptedException {
    String path = origin.path((request, connection) -> request.readBody());
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST /a"
              + path
              + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
      Patience.await().until(() -> origin.await(path).body().length == 5);
      client.send("0x5\r\nhello\r\n0\r\n\r\n");
      Problems.assertLastProblem(client.read(), 400);
      assertThat(client.isClosedByPeer()).isTrue();
    }
    OriginRequest received = origin.requests(path).getFirst();
    assertThat(received.connection().awaitEnd()).isTrue();
    assertThat(received.isComplete()).isFalse();
    assertThat(Bytes.text(received.connection().received()))
        .doesNotContain("0x5")
        .doesNotEndWith("0\r\n\r\n");
  }

  /** So many trailers do not come at once: the request may have been begun, but is never ended. */
  @Test
  void refusesEndlessTrailers() throws IOException, InterruptedException {
    String path = origin.path((request, connection) -> request.readBody());
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST /a"
              + path
              + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n");
      Patience.await().until(() -> origin.await(path).body().length == 5);
      client.send(("X: " + "y".repeat(7000) + "\r\n").repeat(6) + "\r\n");
      assertThat(client.read().status()).isIn(400, 413, 431);
      assertThat(client.isClosedByPeer()).isTrue();
    }
    assertThat(origin.requests(path).getFirst().connection().awaitEnd()).isTrue();
    assertThat(origin.requests(path).getFirst().isComplete()).isFalse();
  }

  /** A9: extensions are for this hop alone. */
  @Test
  void dropsSmallChunkExtensions() throws IOException {
    Response response =
        RawClient.once(
            tollgate.port(), CHUNKED + "5;name=value;other=\"q\"\r\nhello\r\n0;last\r\n\r\n");
    assertThat(response.text()).isEqualTo("hello");
    assertThat(Bytes.text(origin.last().connection().received()))
        .doesNotContain("name=value", ";last");
  }

  /** A25 */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Expect: y 100-continue",
        "Expect: 100-continued",
        "Expect: 100-continue, 100-continue",
        "Expect: 100-continue\r\nExpect: 100-continue",
        "Expect: something",
        "Expect: 100-continue\u00a0"
      })
  void refusesOtherExpectations(String lines) throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST /a/items HTTP/1.1\r\nHost: x\r\n"
              + lines
              + "\r\nContent-Length: 38\r\n\r\nGET /a/smuggled HTTP/1.1\r\nHost: x\r\n\r\n\r\n");
      Response response = client.read();
      assertThat(response.informational()).isEmpty();
      assertThat(response.status()).isIn(400, 417);
    }
    refusals.assertNothingArrivedSince(mark);
  }

  /**
   * A25: what a caller sends on after a final answer that it did not wait for is a body, never a
   * request.
   */
  @Test
  void readsNoRequestFromARefusedExpectation() throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    String smuggled = "GET /a/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST /nowhere HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
              + smuggled.length()
              + "\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(404);
      client.send(smuggled);
      assertThat(client.endOutput().readToClose()).doesNotContain("200 OK");
    }
    refusals.assertNothingArrivedSince(mark);
  }

  /** A26 */
  @Test
  void forwardsTheBodyOfAGetExactly() throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send(
          "GET /a/with-body HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Content-Length: 5\r\n\r\n"
              + "helloGET /a/next HTTP/1.1\r\n"
              + "Host: x\r\n\r\n"
              + "DELETE /a/with-body HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n"
              + "5\r\n"
              + "world\r\n"
              + "0\r\n\r\n");
      assertThat(client.read().text()).isEqualTo("hello");
      assertThat(client.read().text()).isEqualTo("ok");
      assertThat(client.read().text()).isEqualTo("world");
    }
    assertThat(Bytes.text(origin.requests("/with-body").getFirst().body())).isEqualTo("hello");
  }

  /** A27 */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GARBAGE\r\n\r\n",
        "\u0000\u0001\u0002\r\n\r\n",
        "GET /a/x HTTP/1.1\r\n\r\n",
        "POST /a/x HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n"
      })
  void answersWhatCameBeforeGarbage(String garbage) throws IOException {
    String path = origin.path((request, connection) -> connection.ok("whole"));
    try (RawClient client = tollgate.client()) {
      client.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n" + garbage);
      assertThat(client.read().text()).isEqualTo("whole");
      Problems.assertLastProblem(client.read(), 400);
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  /** A28 */
  @Test
  void dropsForbiddenTrailers() throws IOException {
    Response response =
        RawClient.once(
            tollgate.port(),
            CHUNKED
                + "5\r\n"
                + "hello\r\n"
                + "0\r\n"
                + "Content-Length: 7\r\n"
                + "Host: evil.test\r\n"
                + "Authorization: Bearer evil\r\n"
                + "Transfer-Encoding: evil\r\n"
                + "X-Forwarded-For: 6.6.6.6\r\n"
                + "Cookie: evil=1\r\n"
                + "X-Fine: 1\r\n\r\n");
    assertThat(response.text()).isEqualTo("hello");
    assertThat(origin.last().trailers().names()).isSubsetOf("x-fine");
    assertThat(Bytes.text(origin.last().connection().received())).doesNotContain("evil", "6.6.6.6");
  }

  @Test
  void refusesABodyAboveTheLimitByItsLength() throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    try (RawClient client = RawClient.to(tollgate.port("strict"))) {
      client.send(
          "POST /a/items HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Content-Length: 1025\r\n"
              + "Expect: 100-continue\r\n\r\n");
      Problems.assertProblem(client.read(), 413);
    }
    refusals.assertNothingArrivedSince(mark);
  }

  @Test
  void refusesABodyAboveTheLimitWhenItGetsThere() throws IOException, InterruptedException {
    String path = origin.path((request, connection) -> request.readBody());
    try (RawClient client = RawClient.to(tollgate.port("strict"))) {
      client.send(
          "POST /a"
              + path
              + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n200\r\n"
              + "x".repeat(512)
              + "\r\n");
      Patience.await().until(() -> origin.await(path).body().length == 512);
      client.send("201\r\n" + "x".repeat(513) + "\r\n0\r\n\r\n");
      Problems.assertLastProblem(client.read(), 413);
      assertThat(client.isClosedByPeer()).isTrue();
    }
    assertThat(origin.requests(path).getFirst().connection().awaitEnd()).isTrue();
    assertThat(origin.requests(path).getFirst().isComplete()).isFalse();
  }

  @Test
  void closesAConnectionWhoseHeadDoesNotCome() throws IOException {
    try (RawClient client = RawClient.to(tollgate.port("strict"))) {
      client.send("GET /a/slow HTTP/1.1\r\nHost: x\r\n");
      Problems.assertLastProblem(client.read(), 408);
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void closesAnIdleConnectionWithoutAWord() throws IOException {
    try (RawClient client = RawClient.to(tollgate.port("strict"))) {
      assertThat(client.readToClose()).isEmpty();
    }
    try (RawClient client = RawClient.to(tollgate.port("strict"))) {
      assertThat(client.send("GET /a/x HTTP/1.1\r\nHost: x\r\n\r\n").read().status())
          .isEqualTo(200);
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void answers408WhenABodyDoesNotCome() throws IOException, InterruptedException {
    String path = origin.path((request, connection) -> request.readBody());
    try (RawClient client = RawClient.to(tollgate.port("strict"))) {
      client.send("POST /a" + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
      Problems.assertLastProblem(client.read(), 408);
      assertThat(client.isClosedByPeer()).isTrue();
    }
    assertThat(origin.requests(path).getFirst().connection().awaitEnd()).isTrue();
    assertThat(origin.requests(path).getFirst().isComplete()).isFalse();
    assertThat(tollgate.awaitAccessLogLine("/a" + path).path("outcome").asString())
        .isEqualTo("client_timeout");
  }
}
