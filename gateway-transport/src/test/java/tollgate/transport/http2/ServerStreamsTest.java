package tollgate.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.transport.wire.FakeExchange;
import tollgate.transport.wire.HttpLimits;

class ServerStreamsTest {
  @Test
  void beginsWithItsSettings() {
    try (var server = new Http2TestServer()) {
      List<Http2TestServer.Received> frames = server.received();
      assertThat(frames)
          .extracting(Http2TestServer.Received::type)
          .containsExactly(Frame.SETTINGS, Frame.WINDOW_UPDATE);
      assertThat(frames.getFirst().payload().getInt(2)).isEqualTo(100);
    }
  }

  @Test
  void answersARequest() {
    try (var server = Http2TestServer.answering().open()) {
      server.get(1, "accept", "a/b");
      FakeExchange exchange = server.last();
      assertThat(exchange.request.protocol()).isEqualTo("h2");
      assertThat(exchange.request.authority()).isEqualTo("a.test");
      assertThat(exchange.request.path()).isEqualTo("/x");
      assertThat(exchange.request.bodyLength()).isEqualTo(BodyLength.ABSENT);
      assertThat(exchange.request.fields().value(0)).isEqualTo("a/b");
      List<Http2TestServer.Received> frames = server.received();
      assertThat(frames).hasSize(2);
      assertThat(frames.get(0).fields()).contains(":status: 200", "content-length: 2", "date: D");
      assertThat(frames.get(1).text()).isEqualTo("ok");
      assertThat(frames.get(1).isEnd()).isTrue();
    }
  }

  @Test
  void endsWithTheHeadWhereNoBodyFollows() {
    try (var server = new Http2TestServer(e -> e.answer(204, "")).open()) {
      server.get(1);
      assertThat(server.one().isEnd()).isTrue();
    }
  }

  @Test
  void passesABodyAndItsTrailers() {
    try (var server = new Http2TestServer(FakeExchange::read).open()) {
      server.post(1).data(1, "ab", false).data(1, "cd", false);
      server.headers(1, true, "x-sum", "4", "content-length", "9");
      assertThat(server.last().body).hasToString("abcd");
      assertThat(server.last().trailers)
          .isEqualTo(new Trailers(List.of(new Trailers.Line("x-sum", "4"))));
      assertThat(server.last().request.bodyLength()).isEqualTo(BodyLength.UNKNOWN);
      server.last().answer(200, "");
    }
  }

  @Test
  void sendsTrailers() {
    try (var server = new Http2TestServer().open()) {
      server.get(1);
      server.last().chunked(200);
      server.last().send("x");
      server.last().stream.sendEnd(new Trailers(List.of(new Trailers.Line("Grpc-Status", "0"))));
      server.last().isEnded = true;
      List<Http2TestServer.Received> frames = server.received();
      assertThat(frames.getLast().fields()).containsExactly("grpc-status: 0");
      assertThat(frames.getLast().isEnd()).isTrue();
      assertThat(frames.get(1).isEnd()).isFalse();
    }
  }

  @Test
  void continuesOnlyWhenTheBodyIsWanted() {
    try (var server = new Http2TestServer().open()) {
      server.post(1, "expect", "100-continue");
      assertThat(server.received()).isEmpty();
      server.last().read();
      assertThat(server.one().fields()).containsExactly(":status: 100");
      server.last().answer(200, "");
    }
  }

  @Test
  void joinsCookies() {
    try (var server = Http2TestServer.answering().open()) {
      server.get(1, "cookie", "a=1", "x-a", "b", "cookie", "b=2");
      var fields = server.last().request.fields();
      assertThat(fields.count()).isEqualTo(2);
      assertThat(fields.value(0)).isEqualTo("a=1; b=2");
      assertThat(fields.name(1)).isEqualTo("x-a");
    }
  }

  @Test
  void asksForNoMoreOfARequestThatIsAnswered() {
    try (var server = new Http2TestServer(e -> e.answer(413, "no")).open()) {
      server.post(1);
      List<Http2TestServer.Received> frames = server.received();
      assertThat(frames.getLast().type()).isEqualTo(Frame.RST_STREAM);
      assertThat(frames.getLast().code()).isZero();
      server.data(1, "rest", true);
      assertThat(server.received()).isEmpty();
    }
  }

  @Test
  void tellsTheExchangeOfAReset() {
    try (var server = new Http2TestServer().open()) {
      server.get(1).reset(1);
      assertThat(server.last().isGone).isTrue();
      server.last().answer(200, "late");
      assertThat(server.received()).isEmpty();
    }
  }

  @Test
  void beginsNothingThatWasTakenBackInTheSameBurst() {
    try (var server = Http2TestServer.answering().open()) {
      server.burst(() -> server.get(1).reset(1).post(3).data(3, "ab", false).reset(3).get(5));
      assertThat(server.exchanges).hasSize(1);
      assertThat(server.takenBack).hasSize(2);
      assertThat(server.received()).extracting(Http2TestServer.Received::streamId).containsOnly(5);
    }
  }

  @Test
  void refusesWhatWasBrokenInTheSameBurst() {
    try (var server = new Http2TestServer().open()) {
      server.burst(() -> server.get(1).windowUpdate(1, 0));
      assertThat(server.last().malformed).isNotNull();
      server.resetBy(1, ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void recordsWhatItsConnectionTookWithIt() {
    try (var server = new Http2TestServer().open()) {
      server.burst(() -> server.get(1).get(3).frame(Frame.PING, 0, 1, new byte[8]));
      server.endedBy(ErrorCode.PROTOCOL_ERROR);
      assertThat(server.exchanges).isEmpty();
      assertThat(server.takenBack).hasSize(2);
    }
  }

  @Test
  void passesABodyThatCameWithItsHead() {
    try (var server = new Http2TestServer(FakeExchange::read).open()) {
      server.burst(() -> server.post(1).data(1, "ab", false).data(1, "cd", true));
      assertThat(server.last().body).hasToString("abcd");
      assertThat(server.last().trailers).isEqualTo(Trailers.NONE);
      server.last().answer(200, "");
    }
  }

  @Test
  void refusesMoreStreamsThanItSaid() {
    try (var server = new Http2TestServer().open()) {
      for (int i = 0; i < HttpLimits.DEFAULTS.maxStreams(); i++) {
        server.get(2 * i + 1);
      }
      assertThat(server.received()).isEmpty();
      server.get(999);
      server.resetBy(999, ErrorCode.REFUSED_STREAM);
      assertThat(server.exchanges).hasSize(HttpLimits.DEFAULTS.maxStreams());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upper|x",
        "connection|close",
        "transfer-encoding|chunked",
        "upgrade|h2c",
        "te|gzip",
        "x-a| b",
        "x-a|b\t",
        "x-a|b\r\nc: d",
        "x-a|b\0",
        "x a|b",
        "x-a:|b",
        "|b",
        ":path|/y",
        ":status|200",
        ":other|1",
        "content-length|1",
        "content-length|-1",
        "host|b.test",
      })
  void resetsWhatIsMalformed(String field) {
    try (var server = new Http2TestServer().open()) {
      int bar = field.indexOf('|');
      server.get(1, field.substring(0, bar), field.substring(bar + 1));
      server.resetBy(1, ErrorCode.PROTOCOL_ERROR);
      // Recorded, and nothing of it sent.
      FakeExchange exchange = server.last();
      assertThat(exchange.malformed).isNotNull();
      assertThat(exchange.isEnded).isTrue();
    }
  }

  @Test
  void resetsPseudoFieldsBehindOthers() {
    try (var server = new Http2TestServer().open()) {
      server.headers(1, true, ":method", "GET", "x", "y", ":scheme", "http", ":path", "/");
      server.resetBy(1, ErrorCode.PROTOCOL_ERROR);
      server.headers(3, true, ":method", "GET", ":scheme", "http", ":authority", "a.test");
      server.resetBy(3, ErrorCode.PROTOCOL_ERROR);
      server.headers(5, true, ":method", "CONNECT", ":authority", "a.test:1", ":path", "/");
      server.resetBy(5, ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void answersWhatIsWellFormedAndRefused() {
    try (var server = new Http2TestServer().open()) {
      server.headers(
          1, true, ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/a/..%2fb");
      assertThat(server.one().fields()).contains(":status: 400");
      assertThat(server.last().malformed).isNotNull();
      assertThat(server.last().malformed.code()).isEqualTo(FaultCode.MALFORMED_PATH);
      server.get(3, "x_forwarded_for", "1");
      assertThat(server.one().fields()).contains(":status: 400");
      server.headers(5, true, ":method", "CONNECT", ":authority", "a:1");
      assertThat(server.one().fields()).contains(":status: 501");
      server.get(7, "x", "y".repeat(60_000).substring(0, 16_000), "z", "y".repeat(16_000));
      // Longer than a frame may be: the test's client sends no CONTINUATION.
      server.endedBy(ErrorCode.FRAME_SIZE_ERROR);
    }
  }

  @Test
  void contentMustBeAsLongAsDeclared() {
    try (var server = new Http2TestServer(FakeExchange::read).open()) {
      server.post(1, "content-length", "3").data(1, "abcd", false);
      server.resetBy(1, ErrorCode.PROTOCOL_ERROR);
      assertThat(server.last().bodyFailure).isNotNull();
      server.post(3, "content-length", "3").data(3, "ab", true);
      server.resetBy(3, ErrorCode.PROTOCOL_ERROR);
      assertThat(server.last().bodyFailure).isNotNull();
      assertThat(server.last().trailers).isNull();
    }
  }

  @Test
  void cutsAnAnswerThatCannotBeCompleted() {
    try (var server = new Http2TestServer().open()) {
      server.get(1);
      server.last().head(200, 10, false);
      server.last().send("abc");
      server.last().stream.abort();
      server.last().isEnded = true;
      assertThat(server.received().getLast().type()).isEqualTo(Frame.RST_STREAM);
    }
  }

  @Test
  void informsBeforeItAnswers() {
    try (var server = new Http2TestServer().open()) {
      server.get(1);
      ResponseHead hints = ResponseHead.of(103);
      hints.fields().add(FieldName.of("Link"), "</a>");
      server.last().stream.sendInformational(hints);
      assertThat(server.one().fields()).containsExactly(":status: 103", "link: </a>");
      server.last().answer(200, "");
    }
  }

  @Test
  void opensATunnel() {
    try (var server = new Http2TestServer().open()) {
      server.headers(
          1,
          false,
          ":method",
          "CONNECT",
          ":protocol",
          "websocket",
          ":scheme",
          "http",
          ":authority",
          "a.test",
          ":path",
          "/ws",
          "sec-websocket-version",
          "13");
      FakeExchange exchange = server.last();
      assertThat(exchange.request.upgrade()).isEqualTo("websocket");
      assertThat(exchange.request.method()).isEqualTo(Method.GET);
      assertThat(exchange.request.bodyLength()).isEqualTo(BodyLength.ABSENT);
      exchange.stream.sendHead(
          ResponseHead.received(101, ReceivedFields.NONE, BodyLength.TUNNEL), true);
      exchange.read();
      exchange.send("down");
      exchange.stream.flush();
      List<Http2TestServer.Received> frames = server.received();
      assertThat(frames.get(0).fields()).contains(":status: 200");
      assertThat(frames.get(0).isEnd()).isFalse();
      assertThat(frames.get(1).text()).isEqualTo("down");
      server.data(1, "up", false);
      assertThat(exchange.body).hasToString("up");
      server.data(1, "", true);
      assertThat(exchange.trailers).isNotNull();
      exchange.end();
      assertThat(server.one().isEnd()).isTrue();
    }
  }

  @Test
  void opensNoOtherTunnel() {
    try (var server = new Http2TestServer().open()) {
      String[] fields = {
        ":method", "CONNECT", ":protocol", "tcp", ":scheme", "http", ":authority", "a", ":path", "/"
      };
      server.headers(1, false, fields);
      assertThat(server.received().getFirst().fields()).contains(":status: 501");
      fields[1] = "GET";
      server.headers(3, true, fields);
      server.resetBy(3, ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void anIdThatWasPassedOverIsGone() {
    try (var server = Http2TestServer.answering().open()) {
      server.get(5);
      server.received();
      server.get(3);
      server.endedBy(ErrorCode.PROTOCOL_ERROR);
    }
    try (var server = Http2TestServer.answering().open()) {
      server.get(1);
      server.received();
      server.get(1);
      server.endedBy(ErrorCode.STREAM_CLOSED);
    }
  }

  @Test
  void noContentIsWholeOnlyWithItsEnd() {
    try (var server = new Http2TestServer(FakeExchange::read).open()) {
      server.post(1, "content-length", "0");
      assertThat(server.last().request.bodyLength()).isEqualTo(BodyLength.UNKNOWN);
      assertThat(server.last().trailers).isNull();
      server.data(1, "", true);
      assertThat(server.last().trailers).isNotNull();
      server.last().answer(200, "");
      server.received();
      server.post(3, "content-length", "0").data(3, "x", true);
      server.resetBy(3, ErrorCode.PROTOCOL_ERROR);
      assertThat(server.last().trailers).isNull();
    }
  }
}
