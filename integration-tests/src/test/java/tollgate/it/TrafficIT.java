package tollgate.it;

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
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** Requests and responses as HTTP/1 allows them, one after another. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class TrafficIT {
  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate = Tollgate.setup().apis(upstream("u", origin.port()) + api("a", "/a", "u")).start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @Test
  void forwardsRequestAndResponse() throws IOException {
    String path =
        origin.path((request, connection) ->
            connection.reply("201 Made So", "X-Answer: yes\r\nx-lower: 1\r\n", Bytes.of("hello")));
    Response response = tollgate.get("/a" + path + "?q=1&r=%20", "X-Ask: why", "x-MiXed: Case");
    assertThat(response.status()).isEqualTo(201);
    assertThat(response.text()).isEqualTo("hello");
    assertThat(response.header("X-Answer")).isEqualTo("yes");
    OriginRequest received = origin.requests(path).getFirst();
    assertThat(received.line()).isEqualTo("GET " + path + "?q=1&r=%20 HTTP/1.1");
    assertThat(received.header("X-Ask")).isEqualTo("why");
    assertThat(Bytes.text(received.connection().received())).contains("x-MiXed: Case\r\n");
    assertThat(received.header("Host")).isEqualTo("127.0.0.1:" + origin.port());
  }

  @Test
  void answersPipelinedRequestsInOrder() throws IOException, InterruptedException {
    String slow =
        origin.path((request, connection) -> connection.ok("slow " + request.readBody().length));
    String fast = origin.path((request, connection) -> connection.ok("fast"));
    try (RawClient client = tollgate.client()) {
      client.send(
          post("/a" + slow, "12345")
              + get("/a" + fast)
              + get("/nowhere")
              + post("/a" + slow, "")
              + get("/a" + fast));
      assertThat(client.read().text()).isEqualTo("slow 5");
      assertThat(client.read().text()).isEqualTo("fast");
      assertThat(client.read().status()).isEqualTo(404);
      assertThat(client.read().text()).isEqualTo("slow 0");
      assertThat(client.read().text()).isEqualTo("fast");
    }
  }

  @Test
  void keepsConnectionsOpenOnBothSides() throws IOException {
    String path =
        origin.path((request, connection) -> connection.ok("connection " + connection.index()));
    try (RawClient client = tollgate.client()) {
      String first = client.send(get("/a" + path)).read().text();
      for (int i = 0; i < 10; i++) {
        assertThat(client.send(get("/a" + path)).read().text()).isEqualTo(first);
      }
    }
  }

  @Test
  void closesWhenTheClientAsksForIt() throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send("GET /a/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      Response response = client.read();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.header("Connection")).isEqualTo("close");
      assertThat(client.isClosedByPeer()).isTrue();
    }
    assertThat(origin.last().header("Connection")).isNotEqualTo("close");
  }

  @Test
  void speaksHttp10ToAnOldClient() throws IOException {
    String path =
        origin.path((request, connection) ->
            connection.write(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"));
    try (RawClient client = tollgate.client()) {
      client.send("GET /a" + path + " HTTP/1.0\r\nHost: x\r\n\r\n");
      Response response = client.read();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.headers().has("Transfer-Encoding")).isFalse();
      assertThat(response.text()).isEqualTo("ok");
      assertThat(client.isClosedByPeer()).isTrue();
    }
    assertThat(origin.last().line()).endsWith("HTTP/1.1");
  }

  @Test
  void keepsAnOldClientsConnectionOnRequest() throws IOException {
    try (RawClient client = tollgate.client()) {
      for (int i = 0; i < 2; i++) {
        client.send("GET /a/x HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n");
        Response response = client.read();
        assertThat(response.text()).isEqualTo("ok");
        assertThat(response.header("Connection")).isEqualToIgnoringCase("keep-alive");
      }
    }
  }

  @Test
  void servesAHostlessOldClient() throws IOException {
    assertThat(RawClient.once(tollgate.port(), "GET /a/x HTTP/1.0\r\n\r\n").status())
        .isEqualTo(200);
  }

  @Test
  void takesTheAbsoluteForm() throws IOException {
    Response response =
        RawClient.once(tollgate.port(), "GET http://x/a/absolute?q HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(response.status()).isEqualTo(200);
    assertThat(origin.last().line()).isEqualTo("GET /absolute?q HTTP/1.1");
  }

  @Test
  void answersHeadWithoutABody() throws IOException {
    String path =
        origin.path((request, connection) ->
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n"));
    try (RawClient client = tollgate.client()) {
      client.send("HEAD /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n" + get("/a/next"));
      Response head = client.readHeadOnly();
      assertThat(head.header("Content-Length")).isEqualTo("12345");
      assertThat(client.read().text()).isEqualTo("ok");
    }
    assertThat(origin.requests(path).getFirst().method()).isEqualTo("HEAD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "204 No Content\r\n",
        "304 Not Modified\r\nContent-Length: 99\r\n",
        "304 Not Modified\r\n"
      })
  void sendsNoBodyWhereTheStatusForbidsOne(String statusAndFields) throws IOException {
    String path =
        origin.path((request, connection) ->
            connection.write("HTTP/1.1 " + statusAndFields + "ETag: \"e\"\r\n\r\n"));
    try (RawClient client = tollgate.client()) {
      client.send(get("/a" + path) + get("/a/next"));
      Response response = client.read();
      assertThat(response.status()).isIn(204, 304);
      assertThat(response.header("ETag")).isEqualTo("\"e\"");
      assertThat(response.headers().has("Transfer-Encoding")).isFalse();
      if (response.status() == 204) {
        assertThat(response.headers().has("Content-Length")).isFalse();
      }
      assertThat(client.read().text()).isEqualTo("ok");
    }
    assertThat(origin.last().connection())
        .as("reused")
        .isSameAs(origin.requests(path).getFirst().connection());
  }

  @Test
  void frames200WithoutABodyByItsLength() throws IOException {
    String path = origin.path((request, connection) -> connection.reply("200 OK", "", new byte[0]));
    try (RawClient client = tollgate.client()) {
      Response response = client.send(get("/a" + path)).read();
      assertThat(response.header("Content-Length")).isEqualTo("0");
      assertThat(client.send(get("/a/next")).read().status()).isEqualTo(200);
    }
  }

  @Test
  void answersContinueOnlyAfterAdmission() throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST /a/expecting HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Expect: 100-continue\r\n"
              + "Content-Length: 5\r\n\r\n");
      Response goOn = client.readHead();
      assertThat(goOn.status()).isEqualTo(100);
      assertThat(client.send("hello").read().text()).isEqualTo("hello");
    }
    assertThat(origin.last().headers().has("Expect")).isFalse();
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST /nowhere HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      Response refused = client.read();
      assertThat(refused.informational()).isEmpty();
      assertThat(refused.status()).isEqualTo(404);
    }
  }

  @Test
  void sendsNoContinueToAClientThatHasSentItsBody() throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST /a/expecting HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Expect: 100-continue\r\n"
              + "Content-Length: 5\r\n\r\n"
              + "hello"
              + get("/a/next"));
      assertThat(client.read().text()).isEqualTo("hello");
      assertThat(client.read().text()).isEqualTo("ok");
    }
  }

  @Test
  void servesAClientThatHasClosedItsHalf() throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send(post("/a/half", "hello")).endOutput();
      Response response = client.read();
      assertThat(response.text()).isEqualTo("hello");
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void forwardsTrailersBothWays() throws IOException {
    String path =
        origin.path((request, connection) -> {
          request.readBody();
          connection.write(
              "HTTP/1.1 200 OK\r\n"
                  + "Transfer-Encoding: chunked\r\n"
                  + "Trailer: X-Sum\r\n\r\n"
                  + "2\r\n"
                  + "ok\r\n"
                  + "0\r\n"
                  + "X-Sum: 7\r\n\r\n");
        });
    Response response =
        RawClient.once(
            tollgate.port(),
            "POST /a"
                + path
                + " HTTP/1.1\r\n"
                + "Host: x\r\n"
                + "TE: trailers\r\n"
                + "Transfer-Encoding: chunked\r\n"
                + "Trailer: X-Check\r\n\r\n"
                + "5\r\n"
                + "hello\r\n"
                + "0\r\n"
                + "X-Check: 9\r\n\r\n");
    assertThat(response.text()).isEqualTo("ok");
    assertThat(response.trailers().first("X-Sum")).isEqualTo("7");
    OriginRequest received = origin.requests(path).getFirst();
    assertThat(Bytes.text(received.body())).isEqualTo("hello");
    assertThat(received.trailers().first("X-Check")).isEqualTo("9");
  }

  @Test
  void forwardsInformationalAnswers() throws IOException {
    String path =
        origin.path((request, connection) ->
            connection
                .write("HTTP/1.1 103 Early Hints\r\nLink: </s.css>; rel=preload\r\n\r\n")
                .write("HTTP/1.1 103 Early Hints\r\nLink: </t.css>; rel=preload\r\n\r\n")
                .ok("final"));
    try (RawClient client = tollgate.client()) {
      Response response = client.send(get("/a" + path)).read();
      assertThat(response.informationalStatuses()).containsExactly(103, 103);
      assertThat(response.informational().getFirst().header("Link"))
          .isEqualTo("</s.css>; rel=preload");
      assertThat(response.text()).isEqualTo("final");
      assertThat(client.send(get("/a/next")).read().text()).isEqualTo("ok");
    }
  }

  @Test
  void keepsInformationalAnswersFromAnOldClient() throws IOException {
    String path =
        origin.path((request, connection) ->
            connection.write("HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\n").ok("final"));
    try (RawClient client = tollgate.client()) {
      assertThat(client.send("GET /a" + path + " HTTP/1.0\r\nHost: x\r\n\r\n").readHead().status())
          .isEqualTo(200);
    }
  }

  @Test
  void passesAnEarlyAnswerOnAndForgetsItsConnection() throws IOException, InterruptedException {
    String path = origin.path((request, connection) -> connection.ok("early").awaitPeerClose());
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST /a"
              + path
              + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
              + "x".repeat(1000));
      Response response = client.read();
      assertThat(response.text()).isEqualTo("early");
      assertThat(origin.requests(path).getFirst().connection().awaitEnd())
          .as("upstream connection is closed")
          .isTrue();
    }
    assertThat(origin.requests(path).getFirst().connection().requestCount()).isGreaterThan(0);
  }

  @Test
  void takesABodyThatEndsWithItsConnection() throws IOException {
    String path =
        origin.path((request, connection) -> {
          connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it");
          connection.close();
        });
    try (RawClient client = tollgate.client()) {
      Response response = client.send(get("/a" + path)).read();
      assertThat(response.text()).isEqualTo("all of it");
      assertThat(response.isComplete()).isTrue();
    }
  }

  @Test
  void forwardsRepeatedFieldsOneByOne() throws IOException {
    String path =
        origin.path((request, connection) ->
            connection.reply("200 OK", "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n", Bytes.of("ok")));
    Response response = tollgate.get("/a" + path, "X-Many: 1", "X-Many: 2", "Cookie: c=3");
    assertThat(response.headers().all("Set-Cookie")).containsExactly("a=1", "b=2");
    assertThat(origin.requests(path).getFirst().headers().all("X-Many"))
        .isEqualTo(List.of("1", "2"));
    assertThat(origin.requests(path).getFirst().header("Cookie")).isEqualTo("c=3");
  }

  @Test
  void keepsHopByHopFieldsToTheirHop() throws IOException {
    String path =
        origin.path((request, connection) ->
            connection.reply(
                "200 OK",
                "Keep-Alive: timeout=5\r\n"
                    + "Connection: X-Hop\r\n"
                    + "X-Hop: 1\r\n"
                    + "Proxy-Authenticate: Basic\r\n",
                Bytes.of("ok")));
    Response response =
        tollgate.get(
            "/a" + path,
            "Connection: X-Mine, keep-alive",
            "X-Mine: 1",
            "Keep-Alive: 5",
            "TE: trailers",
            "Proxy-Connection: x",
            "Proxy-Authorization: Basic eA==");
    assertThat(response.headers().names())
        .doesNotContain("keep-alive", "x-hop", "proxy-authenticate");
    assertThat(origin.requests(path).getFirst().headers().names())
        .doesNotContain(
            "x-mine", "keep-alive", "proxy-connection", "proxy-authorization", "upgrade");
  }

  @Test
  void allowsOneEmptyLineBeforeARequest() throws IOException {
    try (RawClient client = tollgate.client()) {
      assertThat(client.send("\r\n" + get("/a/x")).read().text()).isEqualTo("ok");
      assertThat(client.send("\r\n" + get("/a/x")).read().text()).isEqualTo("ok");
    }
  }

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private static String post(String target, String body) {
    return "POST "
        + target
        + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
