package tollgate.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.transport.http1.Wire.http;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.testkit.ListedFields;
import tollgate.transport.wire.FakeExchange;

/** How responses are framed, and when a connection outlives them. */
class ServerResponseTest {
  private static final String GET = http("GET / HTTP/1.1|Host: x||");
  private static final String GET_10 = http("GET / HTTP/1.0||");

  @ParameterizedTest
  @CsvSource({
    "'GET / HTTP/1.1|Host: x||', true",
    "'GET / HTTP/1.1|Host: x|Connection: keep-alive||', true",
    "'GET / HTTP/1.1|Host: x|Connection: close||', false",
    "'GET / HTTP/1.1|Host: x|Connection: TE , CLOSE||', false",
    "'GET / HTTP/1.1|Host: x|Connection: te|Connection: close||', false",
    "'GET / HTTP/1.1|Host: x|Connection: closed||', true",
    "'GET / HTTP/1.0||', false",
    "'GET / HTTP/1.0|Connection: Keep-Alive||', true",
    "'GET / HTTP/1.0|Connection: keep-alive, close||', false",
  })
  void keepsConnectionAsTheClientWants(String request, boolean isKept) {
    try (var server = TestServer.answering()) {
      server.send(http(request));
      boolean isHttp10 = request.contains("HTTP/1.0");
      String line = isKept ? (isHttp10 ? "Connection: keep-alive|" : "") : "Connection: close|";
      assertThat(server.received())
          .isEqualTo(http("HTTP/1.1 200 OK|Date: D|Content-Length: 2|" + line + "|ok"));
      assertThat(server.isOpen()).isEqualTo(isKept);
    }
  }

  @Test
  void addsDateOnce() {
    try (var server = new TestServer()) {
      server.send(GET);
      server.only().stream.sendHead(ResponseHead.of(200), false);
      server.only().end();
      assertThat(server.received())
          .containsPattern(
              http("^HTTP/1.1 200 OK|Date: \\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]{8} GMT|Content-L"));
    }
  }

  @Test
  void endsBodyOfUnknownLengthWithTheConnectionForHttp10() {
    try (var server = new TestServer()) {
      server.send(http("GET / HTTP/1.0|Connection: keep-alive||"));
      server.only().chunked(200);
      server.only().send("some");
      server.only().end();
      assertThat(server.received())
          .isEqualTo(http("HTTP/1.1 200 OK|Date: D|Connection: close||some"));
      assertThat(server.isOpen()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    // method, status, length, what the head says
    "HEAD, 200, 5, Content-Length: 5|",
    "HEAD, 200, -1, Transfer-Encoding: chunked|",
    "HEAD, 200, -2, ''",
    "GET, 204, 5, ''",
    "GET, 204, -1, ''",
    "GET, 304, 5, Content-Length: 5|",
    "GET, 304, -1, ''",
    "GET, 304, -2, ''",
  })
  void dropsBodyWhereNoneMayFollow(String method, int status, long length, String lines) {
    try (var server = new TestServer()) {
      server.send(http(method + " / HTTP/1.1|Host: x||"));
      server.only().head(status, length, false);
      server.only().send("hello");
      server.only().end();
      assertThat(server.received())
          .startsWith("HTTP/1.1 " + status + " ")
          .endsWith(http("|Date: D|" + lines + "|"));
      assertThat(server.isOpen()).isTrue();
      server.send(GET);
      assertThat(server.exchanges).hasSize(2);
      server.last().answer(200, "");
    }
  }

  @Test
  void declaresZeroForNoBody() {
    try (var server = new TestServer()) {
      server.send(GET);
      server.only().head(200, BodyLength.ABSENT, false);
      server.only().end();
      assertThat(server.received()).contains("\r\nContent-Length: 0\r\n");
    }
  }

  @Test
  void closesWhenBodyIsShorterThanDeclared() {
    try (var server = new TestServer()) {
      server.send(GET + GET);
      server.only().head(200, 10, false);
      server.only().send("short");
      server.only().end();
      server.loop.runTasks();
      assertThat(server.isOpen()).isFalse();
      assertThat(server.exchanges).hasSize(1);
      assertThat(server.only().isGone).isFalse();
    }
  }

  @Test
  void closesWhenBodyIsLongerThanDeclared() {
    try (var server = new TestServer()) {
      server.send(GET);
      server.only().head(200, 3, false);
      server.only().send("four");
      assertThat(server.received()).doesNotContain("four");
      assertThat(server.isOpen()).isFalse();
      server.only().send("more");
      server.only().end();
    }
  }

  @Test
  void closesOnAbort() {
    try (var server = new TestServer()) {
      server.send(GET + GET);
      server.only().chunked(200);
      server.only().send("part");
      server.only().stream.flush();
      server.only().stream.abort();
      assertThat(server.received()).endsWith("4\r\npart\r\n");
      assertThat(server.isOpen()).isFalse();
      assertThat(server.exchanges).hasSize(1);
      assertThat(server.only().isGone).isFalse();
    }
  }

  @Test
  void sendsNothingWhenAbortedUnanswered() {
    try (var server = new TestServer()) {
      server.send(GET);
      server.only().stream.abort();
      server.only().answer(200, "late");
      assertThat(server.received()).isEmpty();
      assertThat(server.isOpen()).isFalse();
    }
  }

  @Test
  void lateCallsDoNotTouchTheNextExchange() {
    try (var server = new TestServer()) {
      server.send(GET);
      FakeExchange first = server.only();
      first.answer(200, "1");
      server.received();
      server.send(GET);
      first.stream.readBody(true);
      first.answer(500, "no");
      first.stream.flush();
      first.stream.abort();
      assertThat(first.stream.isWritable()).isFalse();
      assertThat(server.received()).isEmpty();
      server.last().answer(200, "2");
      assertThat(server.received()).endsWith("2");
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void sendsInformationalHeads() {
    try (var server = new TestServer()) {
      server.send(GET);
      ResponseHead hints = ResponseHead.received(103, ReceivedFields.NONE, BodyLength.ABSENT);
      hints.fields().add(FieldName.of("Link"), "</a>");
      server.only().stream.sendInformational(hints);
      assertThat(server.received()).isEqualTo(http("HTTP/1.1 103 Early Hints|Link: </a>||"));
      server.only().answer(200, "");
      server.received();
      server.send(http("GET / HTTP/1.0||"));
      server.last().stream.sendInformational(hints);
      assertThat(server.received()).isEmpty();
      server.last().answer(200, "");
    }
  }

  @Test
  void sendsTrailersThatMayStandThere() {
    try (var server = new TestServer()) {
      server.send(GET);
      server.only().chunked(200);
      server
          .only()
          .stream
          .sendEnd(
              new Trailers(
                  List.of(
                      new Trailers.Line("X-Sum", "1"),
                      new Trailers.Line("Content-Length", "9"),
                      new Trailers.Line("X-Bad", "a\r\nSet-Cookie: b"),
                      new Trailers.Line("X Y", "c"))));
      assertThat(server.received()).endsWith(http("||0|X-Sum: 1||"));
    }
  }

  @Test
  void leavesFramingAndConnectionFieldsToTheWriter() {
    try (var server = new TestServer()) {
      server.send(GET);
      ResponseHead head = ResponseHead.of(200);
      head.bodyLength(2);
      for (String name :
          List.of("Content-Length", "transfer-encoding", "Connection", "Keep-Alive", "Upgrade")) {
        head.fields().add(FieldName.of(name), "7");
      }
      head.fields().add(FieldName.DATE, "D");
      server.only().stream.sendHead(head, false);
      server.only().send("ok");
      server.only().end();
      assertThat(server.received())
          .isEqualTo(http("HTTP/1.1 200 OK|Date: D|Content-Length: 2||ok"));
    }
  }

  @Test
  void neverWritesALineThatAnotherProtocolBrought() {
    try (var server = new TestServer()) {
      server.send(GET);
      var fields =
          ListedFields.of(
              "Date",
              "D",
              "x-good",
              "1",
              "x-bad",
              "a\r\nb: c",
              "x y",
              "2",
              "x:",
              "3",
              "connection",
              "a");
      server.only().stream.sendHead(ResponseHead.received(200, fields, 0), false);
      server.only().end();
      assertThat(server.received())
          .isEqualTo(http("HTTP/1.1 200 OK|Date: D|x-good: 1|Content-Length: 0||"));
    }
  }

  @Test
  void answersManyPipelinedRequestsWithoutRecursion() {
    try (var server = TestServer.answering()) {
      server.send(GET.repeat(5000));
      assertThat(server.exchanges).hasSize(5000);
      assertThat(server.received()).hasSize(5000 * 49);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 304, 404, 500})
  void staysInStepAfterHead(int status) {
    try (var server = new TestServer(e -> e.answer(status, ""))) {
      server.send(http("HEAD / HTTP/1.1|Host: x||") + GET);
      assertThat(server.exchanges).hasSize(2);
      assertThat(server.exchanges.get(0).request.method()).isSameAs(Method.HEAD);
      assertThat(server.exchanges.get(1).request.method()).isSameAs(Method.GET);
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void refusesWholeHttp10RequestWithoutKeepAlive() {
    try (var server = TestServer.answering()) {
      server.send(GET_10 + GET_10);
      assertThat(server.exchanges).hasSize(1);
      assertThat(server.isOpen()).isFalse();
    }
  }
}
