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
import tollgate.it.harness.Patience;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Refusals;
import tollgate.it.harness.Tollgate;

/**
 * Request heads that must be refused before anything of them is forwarded. The comments name the
 * rows of the catalogue of bad input.
 */
final class BadHeadsIT {
  private static final String GET = "GET /a/items/1 HTTP/1.1\r\n";
  private static final String POST = "POST /a/items HTTP/1.1\r\nHost: x\r\n";

  private static RecordingOrigin origin;
  private static Tollgate tollgate;
  private static Refusals refusals;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate = Tollgate.setup().apis(upstream("u", origin.port()) + api("a", "/a", "u")).start();
    refusals = new Refusals(tollgate, origin, "/a/legitimate");
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  /**
   * The framing of a body of five bytes, or the end of a chunked one, in field lines that must be
   * refused.
   */
  static Stream<String> framings() {
    return Stream.of(
        // A1
        "Transfer-Encoding : chunked",
        "Transfer-Encoding\t: chunked",
        "Content-Length : 5",
        // A2
        "Content-Length: 5\r\nwithout a colon kept-to-itself",
        "Content-Length: 5\r\n: kept-to-itself",
        // A3
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 5, 5",
        "Content-Length: 5,6",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Transfer-Encoding: chunked\r\nX: y\r\nContent-Length: 0",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        // A4
        " Transfer-Encoding: chunked\r\nContent-Length: 5",
        "\tTransfer-Encoding: chunked\r\nContent-Length: 5",
        "X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 5",
        // A13
        "Transfer-Encoding: chunked, xchunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunkedx",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding:\r\n chunked",
        "Transfer-Encoding: chun\r\n ked",
        "Transfer-Encoding: \u000bchunked",
        "Transfer-Encoding: chunked\u000b",
        "Transfer-Encoding: chunked\u00a0",
        "Transfer-Encoding:",
        // A14
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding: chunked,",
        "Transfer-Encoding: , chunked",
        // A15
        "Transfer_Encoding: chunked",
        "Transfer_Encoding: chunked\r\nContent-Length: 5",
        "Content_Length: 5",
        "Content_Length: 6\r\nContent-Length: 5",
        // A16
        "Content-Length: 05",
        "Content-Length: 010",
        "Content-Length: +5",
        "Content-Length: 0x5",
        "Content-Length: 1_0",
        "Content-Length:",
        "Content-Length: 99999999999999999999",
        "Content-Length: 9223372036854775808",
        "Content-Length: -5",
        "Content-Length: 5 5",
        "Content-Length: 5;",
        "Content-Length: 5.0",
        "Content-Length: \u0665",
        "Content-Length: 5\u00a0",
        "Content-Length: \u00855",
        "Content-Length: 5\u000b");
  }

  @ParameterizedTest
  @MethodSource("framings")
  void refusesAmbiguousFraming(String lines) throws IOException {
    refusals.assertRefusedAndClosed(
        POST + lines + "\r\n\r\n0\r\n\r\nGET /a/smuggled HTTP/1.1\r\nHost: kept-to-itself\r\n\r\n",
        400);
  }

  /** Field lines that no request may have. */
  static Stream<String> fieldLines() {
    return Stream.of(
        // A5
        "X\u0001Y: kept-to-itself",
        "X\u0000: kept-to-itself",
        "X\u007f: kept-to-itself",
        "X Y: kept-to-itself",
        "X\rY: kept-to-itself",
        "X\"Y: kept-to-itself",
        "(X): kept-to-itself",
        "X\u00e9: kept-to-itself",
        "X\u00a0: kept-to-itself",
        "X@: kept-to-itself",
        // A6, seen from the caller: controls in values
        "X: kept\u0000to-itself",
        "X: kept\rto-itself",
        "X: kept\u0001to-itself",
        "X: kept\u007fto-itself",
        "X: kept\u001bto-itself",
        // A18
        "X: a\r\n kept-to-itself",
        "X: a\r\n\tkept-to-itself",
        "X:\r\n kept-to-itself",
        "X: a\r\n \r\nY: kept-to-itself");
  }

  @ParameterizedTest
  @MethodSource("fieldLines")
  void refusesMalformedFieldLines(String line) throws IOException {
    refusals.assertRefusedAndClosed(GET + "Host: x\r\n" + line + "\r\n\r\n", 400);
  }

  /** A17: Host fields that must be refused. */
  static Stream<String> hosts() {
    return Stream.of(
        "",
        "Host: x\r\nHost: x\r\n",
        "Host: x\r\nHost: kept-to-itself\r\n",
        "Host:\r\n",
        "Host: x/kept-to-itself\r\n",
        "Host: kept-to-itself@x\r\n",
        "Host: x, kept-to-itself\r\n",
        "Host: x,x\r\n",
        "Host: x\u0000kept-to-itself\r\n",
        "Host: x kept-to-itself\r\n",
        "Host: x:kept-to-itself\r\n",
        "Host: x:80:80\r\n",
        "Host: x:99999\r\n",
        "Host: x:-1\r\n",
        "Host: x?kept-to-itself\r\n",
        "Host: x#kept-to-itself\r\n",
        "Host: x\\kept-to-itself\r\n",
        "Host: [::1\r\n",
        "Host: [::g]\r\n",
        "Host: ::1\r\n",
        "Host: x\u00e9\r\n",
        "Host: x\u00a0\r\n",
        "Host: %00\r\n",
        "Host: http://x\r\n",
        "Host: x\r\nHost : kept-to-itself\r\n");
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void refusesBadHosts(String lines) throws IOException {
    refusals.assertRefusedAndClosed(GET + lines + "\r\n", 400);
  }

  /** A19, A20, A12: request lines that must be refused. */
  static Stream<String> requestLines() {
    return Stream.of(
        "GET ! HTTP/1.1",
        "GET * HTTP/1.1",
        "GET /a/items/1#kept-to-itself HTTP/1.1",
        "GET /a/items/\u00e9 HTTP/1.1",
        "GET /a/items/\u00c0\u00af HTTP/1.1",
        "GET /a/items/1 kept-to-itself HTTP/1.1",
        "GET /a/items/\u0001 HTTP/1.1",
        "GET /a/items/\u0000 HTTP/1.1",
        "GET /a/items/\u007f HTTP/1.1",
        "GET /a/items/\t HTTP/1.1",
        "GET /a/items/1?\u00e9 HTTP/1.1",
        "GET /a/items/1?\u0000 HTTP/1.1",
        "GET a/items/1 HTTP/1.1",
        "GET  HTTP/1.1",
        "GET HTTP/1.1",
        "GET",
        "GET  /a/items/1 HTTP/1.1",
        "GET /a/items/1  HTTP/1.1",
        "GET\t/a/items/1\tHTTP/1.1",
        "GET\u000b/a/items/1 HTTP/1.1",
        " GET /a/items/1 HTTP/1.1",
        "GET /a/items/1 HTTP/1.1 ",
        "GET http://kept-to-itself/a/items/1 HTTP/1.1",
        "GET http://x@x/a/items/1 HTTP/1.1",
        "GET ftp://x/a/items/1 HTTP/1.1",
        "GET http:///a/items/1 HTTP/1.1",
        "GET //x/a/items/1 HTTP/1.1",
        "G\u0001T /a/items/1 HTTP/1.1",
        "G(T /a/items/1 HTTP/1.1",
        "G\u00c9T /a/items/1 HTTP/1.1",
        "\u0000GET /a/items/1 HTTP/1.1",
        "\u0001GET /a/items/1 HTTP/1.1",
        "\u0000\r\nGET /a/items/1 HTTP/1.1",
        "\u001fGET /a/items/1 HTTP/1.1",
        "GET /a/items/1 HTTP/9.9",
        "GET /a/items/1 http/1.1",
        "GET /a/items/1 HTTP/1.32",
        "GET /a/items/1 HTTP/1",
        "GET /a/items/1 HTTP/1.",
        "GET /a/items/1 HTTP/11",
        "GET /a/items/1 HTTP/2.0",
        "GET /a/items/1 HTTP/0.9",
        "GET /a/items/1 HTTP/-1.1",
        "GET /a/items/1 HTTP/1.1x",
        "GET /a/items/1 HTTP/1.1\r",
        "GET /a/items/1 HTTP/1.1\rX",
        "GET /a/items/1 XHTTP/1.1",
        "GET /a/items/1",
        "PRI * HTTP/2.0");
  }

  @ParameterizedTest
  @MethodSource("requestLines")
  void refusesBadRequestLines(String line) throws IOException {
    refusals.assertRefusedAndClosed(line + "\r\nHost: x\r\n\r\n", 400, 505);
  }

  /** A10 */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n"
      })
  void refusesCodingsInHttp10(String lines) throws IOException {
    refusals.assertRefusedAndClosed(
        "POST /a/items HTTP/1.0\r\nHost: x\r\n" + lines + "\r\n0\r\n\r\n", 400);
  }

  /** A20: a request line without a version is never answered as HTTP/0.9 would be. */
  @Test
  void refusesHttp09() throws IOException {
    refusals.assertRefusedAndClosed("GET /a/items/1\r\n\r\n", 400, 505);
  }

  /**
   * RFC 9112 section 2.2 lets a bare LF pass as the end of a line; readers differ, so it is
   * refused.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a/items/1 HTTP/1.1\nHost: x\r\n\r\n",
        "GET /a/items/1 HTTP/1.1\r\nHost: x\n\r\n",
        "GET /a/items/1 HTTP/1.1\r\nHost: x\r\n\n"
      })
  void refusesBareLineFeeds(String head) throws IOException {
    refusals.assertRefusedAndClosed(head, 400);
  }

  /** A12: one empty line may precede a request, not two. */
  @Test
  void refusesMoreThanOneEmptyLine() throws IOException {
    refusals.assertRefusedAndClosed("\r\n\r\n" + GET + "Host: x\r\n\r\n", 400);
  }

  /** What a TLS client or a random peer sends to a plain port. */
  @Test
  void refusesBytesOfAnotherProtocol() throws IOException {
    refusals.assertRefusedAndClosed(
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n", 400);
  }

  /** A22: bytes that some call white space are neither stripped nor changed. */
  @ParameterizedTest
  @ValueSource(strings = {"\u0085v", "v\u0085", "\u00a0v\u00a0", "v\u00ff"})
  void forwardsHighBytesOfAValueUntouched(String value) throws IOException {
    assertThat(tollgate.get("/a/high", "X-High: " + value).status()).isEqualTo(200);
    assertThat(Bytes.text(origin.last().connection().received()))
        .contains("X-High: " + value + "\r\n");
  }

  /** A32 */
  @Test
  void refusesALongRequestLine() throws IOException {
    refusals.assertRefusedAndClosed(
        "GET /a/" + "x".repeat(9000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414);
  }

  /** A32 */
  @Test
  void refusesManyFields() throws IOException {
    refusals.assertRefusedAndClosed(GET + "Host: x\r\n" + "X: y\r\n".repeat(120) + "\r\n", 431);
  }

  /** A32 */
  @Test
  void refusesALargeHead() throws IOException {
    refusals.assertRefusedAndClosed(
        GET + "Host: x\r\n" + ("X: " + "y".repeat(7000) + "\r\n").repeat(6) + "\r\n", 431);
  }

  /** A32: a line that never ends is refused when it is too long, not at its end. */
  @ParameterizedTest
  @ValueSource(strings = {"GET /a/", "GET / HTTP/1.1\r\nHost: x\r\nX: "})
  void refusesALineWithoutAnEnd(String start) throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send(start + "x".repeat(40 * 1024));
      assertThat(client.read().status()).isIn(414, 431);
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void acceptsWhatIsJustWithinTheLimits() throws IOException {
    assertThat(
            RawClient.once(tollgate.port(), GET + "Host: x\r\n" + "X: y\r\n".repeat(99) + "\r\n")
                .status())
        .isEqualTo(200);
    assertThat(
            tollgate.get("/a/" + "x".repeat(8 * 1024 - "GET /a/ HTTP/1.1\r\n".length())).status())
        .isEqualTo(200);
  }

  /** A34 */
  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "FOO", "get", "X-CUSTOM"})
  void refusesMethodsItDoesNotKnow(String method) throws IOException {
    refusals.assertRefused(
        method + " /a/items/1 HTTP/1.1\r\nHost: x\r\nX: kept-to-itself\r\n\r\n", 405, 501, 400);
  }

  /** A34 */
  @ParameterizedTest
  @ValueSource(
      strings = {"CONNECT x:80 HTTP/1.1\r\nHost: x:80", "CONNECT /a/items/1 HTTP/1.1\r\nHost: x"})
  void refusesConnect(String head) throws IOException {
    refusals.assertRefusedAndClosed(head + "\r\n\r\n", 400, 405, 501);
  }

  /** E11 and A: what is refused tells the caller its code and an id that the log has too. */
  @Test
  void logsARefusalUnderItsRequestId() throws IOException {
    var problem = Problems.assertLastProblem(RawClient.once(tollgate.port(), GET + "\r\n"), 400);
    String id = problem.path("request_id").asString();
    var line =
        Patience.await()
            .until(
                () ->
                    tollgate.accessLogLines().stream()
                        .filter(one -> id.equals(one.path("request_id").asString("")))
                        .toList(),
                found -> !found.isEmpty())
            .getFirst();
    assertThat(line.path("status").asInt()).isEqualTo(400);
    assertThat(line.path("outcome").asString()).isEqualTo("invalid_request");
    assertThat(line.path("error_code").asString()).isEqualTo(problem.path("code").asString());
  }
}
