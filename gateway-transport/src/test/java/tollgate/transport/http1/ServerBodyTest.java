package tollgate.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.transport.http1.Wire.http;

import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.BodyLength;
import tollgate.core.telemetry.CloseReason;
import tollgate.transport.wire.FakeExchange;
import tollgate.transport.wire.HttpLimits;

/** Request bodies: asked for, paused, drained, given up; and the deadlines around them. */
class ServerBodyTest {
  private static final String GET = http("GET /next HTTP/1.1|Host: x||");
  private static final String POST = http("POST / HTTP/1.1|Host: x|Content-Length: 10||");
  private static final String LONG_POST =
      http("POST / HTTP/1.1|Host: x|Content-Length: 1000000000||");
  private static final HttpLimits AT_ANY_RATE =
      new HttpLimits(
          8192,
          32768,
          100,
          Duration.ofSeconds(10).toNanos(),
          Duration.ofSeconds(75).toNanos(),
          Duration.ofSeconds(30).toNanos(),
          0,
          0,
          0,
          100);
  private static final String CHUNKED =
      http("POST / HTTP/1.1|Host: x|Transfer-Encoding: chunked||");

  @Test
  void readsNothingBeforeItIsAsked() {
    try (var server = new TestServer()) {
      server.send(POST + "hello");
      assertThat(server.only().body).isEmpty();
      assertThat(server.channel.config().isAutoRead()).isFalse();
      server.only().read();
      assertThat(server.only().body).hasToString("hello");
      assertThat(server.channel.config().isAutoRead()).isTrue();
      assertThat(server.only().readCompletes).isPositive();
      server.send("world");
      assertThat(server.only().body).hasToString("helloworld");
      assertThat(server.only().isBodyComplete()).isTrue();
      server.only().answer(200, "");
    }
  }

  @Test
  void pausesBetweenChunks() {
    try (var server = new TestServer()) {
      server.send(CHUNKED);
      FakeExchange exchange = server.only();
      exchange.onBody = () -> exchange.stream.readBody(false);
      exchange.read();
      server.send(http("1|a|1|b|0||"));
      assertThat(exchange.body).hasToString("a");
      assertThat(server.channel.config().isAutoRead()).isFalse();
      exchange.read();
      assertThat(exchange.body).hasToString("ab");
      assertThat(exchange.isBodyComplete()).isFalse();
      exchange.read();
      assertThat(exchange.isBodyComplete()).isTrue();
      exchange.answer(200, "");
      server.send(GET);
      assertThat(server.exchanges).hasSize(2);
      assertThat(server.channel.config().isAutoRead()).isTrue();
      server.last().answer(200, "");
    }
  }

  @Test
  void putsManySmallChunksTogether() {
    try (var server = new TestServer()) {
      server.send(CHUNKED);
      FakeExchange exchange = server.only();
      int[] pieces = {0};
      exchange.onBody = () -> pieces[0]++;
      exchange.read();

      server.send(http("1|x|".repeat(500)) + http("400|" + "y".repeat(1024) + "|1|z|0||"));

      assertThat(exchange.body).hasToString("x".repeat(500) + "y".repeat(1024) + "z");
      assertThat(exchange.isBodyComplete()).isTrue();
      assertThat(pieces[0]).isLessThan(10);
      exchange.answer(200, "");
    }
  }

  @Test
  void givesWhatCameBeforeABrokenSmallChunk() {
    try (var server = new TestServer()) {
      server.send(CHUNKED);
      FakeExchange exchange = server.only();
      exchange.read();

      server.send(http("1|x|".repeat(50) + "1 |"));

      assertThat(exchange.body).hasToString("x".repeat(50));
      assertThat(exchange.bodyFailure).isNotNull();
    }
  }

  @Test
  void readsOnAfterAPausedRequestWasAnswered() {
    try (var server = new TestServer()) {
      server.send(POST + "hello");
      assertThat(server.channel.config().isAutoRead()).isFalse();
      server.only().answer(200, "");
      assertThat(server.channel.config().isAutoRead()).isTrue();
      server.send("world" + GET);
      assertThat(server.last().request.path()).isEqualTo("/next");
      server.last().answer(200, "");
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void holdsPipelinedRequestsBack() {
    try (var server = new TestServer()) {
      server.send(GET + GET);
      assertThat(server.channel.config().isAutoRead()).isFalse();
      server.last().answer(200, "");
      assertThat(server.exchanges).hasSize(2);
      assertThat(server.channel.config().isAutoRead()).isTrue();
      server.last().answer(200, "");
    }
  }

  @Test
  void answersExpectationWhenBodyIsWanted() {
    try (var server = new TestServer()) {
      server.send(http("POST / HTTP/1.1|Host: x|Expect: 100-Continue|Content-Length: 2||"));
      assertThat(server.only().request.expectsContinue()).isTrue();
      assertThat(server.received()).isEmpty();
      server.only().read();
      assertThat(server.received()).isEqualTo(http("HTTP/1.1 100 Continue||"));
      server.only().read();
      assertThat(server.received()).isEmpty();
      server.send("hi");
      assertThat(server.only().isBodyComplete()).isTrue();
      server.only().answer(200, "");
      assertThat(server.received()).doesNotContain("Connection: close");
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void closesWhenAnExpectationWasNeverAnswered() { // A25
    try (var server = new TestServer(e -> e.answer(401, ""))) {
      server.send(
          http("POST / HTTP/1.1|Host: x|Expect: 100-continue|Content-Length: 34||")
              + http("GET /smuggled HTTP/1.1|Host: x||||"));
      assertThat(server.exchanges).hasSize(1);
      assertThat(server.received())
          .startsWith("HTTP/1.1 401 ")
          .contains("\r\nConnection: close\r\n");
      assertThat(server.isOpen()).isFalse();
    }
  }

  @Test
  void ignoresExpectationOfHttp10AndOfNoBody() {
    try (var server = new TestServer()) {
      server.send(http("GET / HTTP/1.1|Host: x|Expect: 100-continue||"));
      assertThat(server.last().request.expectsContinue()).isFalse();
      server.last().answer(200, "");
      server.send(http("POST / HTTP/1.0|Expect: 100-continue|Content-Length: 2||"));
      server.last().read();
      assertThat(server.last().request.expectsContinue()).isFalse();
      assertThat(server.received()).doesNotContain("100 Continue");
    }
  }

  @Test
  void drainsSmallBodyThatNobodyWanted() { // A26
    try (var server = new TestServer(e -> e.answer(404, ""))) {
      server.send(POST + "0123456789" + GET);
      assertThat(server.exchanges).hasSize(2);
      assertThat(server.last().request.path()).isEqualTo("/next");
      assertThat(server.exchanges.getFirst().body).isEmpty();
      assertThat(server.received()).doesNotContain("close");
      server.send(POST + "012");
      server.send("3456789" + GET);
      assertThat(server.exchanges).hasSize(4);
    }
  }

  @Test
  void closesRatherThanDrainingALargeBody() { // E3
    try (var server = new TestServer(e -> e.answer(413, ""))) {
      server.send(http("POST / HTTP/1.1|Host: x|Content-Length: 65537||") + "x".repeat(100));
      assertThat(server.received()).contains("\r\nConnection: close\r\n");
      assertThat(server.isOpen()).isFalse();
    }
  }

  @Test
  void closesRatherThanDrainingABodyOfUnknownLength() {
    try (var server = new TestServer(e -> e.answer(401, ""))) {
      server.send(CHUNKED + http("1|a|"));
      assertThat(server.received()).contains("\r\nConnection: close\r\n");
      assertThat(server.isOpen()).isFalse();
    }
  }

  @Test
  void givesDrainingABoundedTime() {
    try (var server = new TestServer(e -> e.answer(404, ""))) {
      server.send(POST + "01234");
      assertThat(server.received()).startsWith("HTTP/1.1 404").doesNotContain("close");
      server.loop.advance(Duration.ofMillis(900));
      assertThat(server.isOpen()).isTrue();
      server.loop.advance(Duration.ofMillis(200));
      assertThat(server.isOpen()).isFalse();
    }
  }

  @Test
  void refusesBrokenBodyWhileDraining() {
    try (var server = new TestServer()) {
      server.send(CHUNKED);
      server.only().read();
      server.only().answersFailure = false;
      server.only().head(200, 2, false);
      server.send(http("zz|"));
      assertThat(server.only().bodyFailure).isNotNull();
      server.only().send("ok");
      server.only().end();
      assertThat(server.isOpen()).isFalse();
    }
  }

  @Test
  void letsBothDirectionsFlowAtOnce() {
    try (var server = new TestServer()) {
      server.send(CHUNKED);
      FakeExchange exchange = server.only();
      exchange.read();
      exchange.head(200, BodyLength.UNKNOWN, false);
      for (int i = 0; i < 3; i++) {
        server.send(http("1|" + i + "|"));
        assertThat(exchange.body).endsWith("" + i);
        exchange.send("r" + i);
        exchange.stream.flush();
        assertThat(server.received()).endsWith(http("2|r" + i + "|"));
      }
      server.send(http("0||"));
      exchange.end();
      assertThat(server.received()).isEqualTo(http("0||"));
    }
  }

  @Test
  void timesOutSlowHead() {
    try (var server = TestServer.answering()) {
      server.send("GET / HT");
      server.loop.advance(Duration.ofSeconds(5));
      server.send("TP/1.1");
      server.loop.advance(Duration.ofSeconds(4));
      assertThat(server.exchanges).isEmpty();
      server.loop.advance(Duration.ofSeconds(2));
      assertThat(server.only().malformed).isNotNull();
      assertThat(server.only().malformed.code()).isEqualTo(FaultCode.CLIENT_TIMEOUT);
      assertThat(server.status()).isEqualTo(408);
      assertThat(server.isOpen()).isFalse();
    }
  }

  @Test
  void closesIdleConnectionSilently() {
    try (var server = TestServer.answering()) {
      server.loop.advance(Duration.ofSeconds(70));
      server.send(GET);
      assertThat(server.status()).isEqualTo(200);
      server.loop.advance(Duration.ofSeconds(74));
      assertThat(server.isOpen()).isTrue();
      server.loop.advance(Duration.ofSeconds(2));
      assertThat(server.isOpen()).isFalse();
      assertThat(server.received()).isEmpty();
      assertThat(server.exchanges).hasSize(1);
    }
  }

  @Test
  void timesOutSilentBodyOnlyWhileItIsWanted() {
    try (var server = new TestServer(AT_ANY_RATE, _ -> {})) {
      server.send(POST);
      server.loop.advance(Duration.ofSeconds(60));
      server.only().read();
      server.loop.advance(Duration.ofSeconds(20));
      server.send("1");
      server.loop.advance(Duration.ofSeconds(20));
      assertThat(server.only().bodyFailure).isNull();
      server.loop.advance(Duration.ofSeconds(11));
      assertThat(server.only().bodyFailure).isNotNull();
      assertThat(server.only().bodyFailure.code()).isEqualTo(FaultCode.CLIENT_TIMEOUT);
      assertThat(server.status()).isEqualTo(408);
      assertThat(server.isOpen()).isFalse();
      assertThat(server.connection.reason()).isEqualTo(CloseReason.BODY_TIMEOUT);
    }
  }

  @Test
  void refusesABodyThatTrickles() {
    try (var server = new TestServer(FakeExchange::read)) {
      server.send(LONG_POST);
      int seconds = 0;
      while (server.isOpen() && seconds < 100) {
        server.send("x");
        server.loop.advance(Duration.ofSeconds(1));
        seconds++;
      }
      assertThat(seconds).isBetween(5, 6);
      assertThat(server.only().bodyFailure).isNotNull();
      assertThat(server.only().bodyFailure.code()).isEqualTo(FaultCode.REQUEST_TOO_SLOW);
      assertThat(server.status()).isEqualTo(408);
      assertThat(server.connection.reason()).isEqualTo(CloseReason.REQUEST_RATE);
    }
  }

  @Test
  void takesABodyThatComesJustFastEnough() {
    try (var server = new TestServer(FakeExchange::read)) {
      server.send(LONG_POST);
      for (int i = 0; i < 300; i++) {
        server.send("x".repeat(240));
        server.loop.advance(Duration.ofSeconds(1));
      }
      assertThat(server.only().bodyFailure).isNull();
      assertThat(server.only().body.length()).isEqualTo(300 * 240);
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void aQuickBeginningBuysNoHoursOfTrickling() {
    try (var server = new TestServer(FakeExchange::read)) {
      server.send(LONG_POST);
      for (int i = 0; i < 100; i++) {
        server.send("x".repeat(10_000));
      }
      int seconds = 0;
      while (server.isOpen() && seconds < 100) {
        server.send("x");
        server.loop.advance(Duration.ofSeconds(1));
        seconds++;
      }
      assertThat(seconds).isBetween(30, 32);
      assertThat(server.status()).isEqualTo(408);
    }
  }

  @Test
  void countsNoTimeWhileTheGatewayDoesNotRead() {
    try (var server = new TestServer()) {
      server.send(LONG_POST);
      FakeExchange exchange = server.only();
      exchange.onBody = () -> exchange.stream.readBody(false);
      for (int i = 0; i < 20; i++) {
        exchange.read();
        server.loop.advance(Duration.ofSeconds(1));
        server.send("x".repeat(240));
        server.loop.advance(Duration.ofSeconds(60));
      }
      assertThat(exchange.bodyFailure).isNull();
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void eachBodyHasItsOwnGrace() {
    try (var server = new TestServer(FakeExchange::read)) {
      for (int i = 0; i < 5; i++) {
        server.send(POST);
        server.loop.advance(Duration.ofSeconds(4));
        server.send("0123456789");
        assertThat(server.last().isBodyComplete()).isTrue();
        server.last().answer(200, "");
        assertThat(server.status()).isEqualTo(200);
      }
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void tellsTheChainOfASlowBodyBehindAResponseThatHasBegun() {
    try (var server = new TestServer(FakeExchange::read)) {
      server.send(CHUNKED);
      server.only().answersFailure = false;
      server.only().chunked(200);
      server.only().send("begun");
      server.loop.advance(Duration.ofSeconds(6));
      assertThat(server.only().bodyFailure).isNotNull();
      server.only().stream.abort();
      assertThat(server.isOpen()).isFalse();
      assertThat(server.connection.reason()).isEqualTo(CloseReason.REQUEST_RATE);
    }
  }

  @Test
  void setsNoAlarmForABodyThatComesWithItsHead() {
    try (var server = new TestServer(FakeExchange::read)) {
      server.send(POST + "0123456789");
      assertThat(server.only().isBodyComplete()).isTrue();
      assertThat(server.loop.setAlarms()).as("but that for the first request").isEqualTo(1);
      server.only().answer(200, "");
    }
  }

  @Test
  void tellsWhenTheClientIsGone() {
    try (var server = new TestServer()) {
      server.send(GET);
      var _ = server.channel.close();
      assertThat(server.only().isGone).isTrue();
      server.only().answer(200, "late");
    }
    try (var server = new TestServer(FakeExchange::read)) {
      server.send(POST + "12345");
      var _ = server.channel.close();
      assertThat(server.only().isGone).isTrue();
      assertThat(server.only().isBodyComplete()).isFalse();
    }
  }

  @Test
  void tellsWhenTheClientCanTakeMore() {
    try (var server = new TestServer()) {
      server
          .channel
          .config()
          .setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(100, 5000));
      server.send(GET);
      server.only().head(200, 20_000, false);
      server.only().send("x".repeat(10_000));
      assertThat(server.only().stream.isWritable()).isFalse();
      server.only().stream.flush();
      assertThat(server.only().stream.isWritable()).isTrue();
      assertThat(server.only().writable).isEqualTo(1);
      server.only().send("x".repeat(10_000));
      server.only().end();
    }
  }

  @Test
  void drainTellsTheClientAndCloses() {
    try (var server = new TestServer()) {
      server.connection.drain();
      assertThat(server.isOpen()).isFalse();
    }
    try (var server = new TestServer()) {
      server.send(GET);
      server.connection.drain();
      assertThat(server.isOpen()).isTrue();
      server.only().answer(200, "");
      assertThat(server.received()).contains("Connection: close");
      assertThat(server.isOpen()).isFalse();
    }
    try (var server = new TestServer()) {
      server.send(GET);
      server.only().head(200, 0, false);
      server.connection.drain();
      server.only().end();
      assertThat(server.isOpen()).isFalse();
    }
    try (var server = TestServer.answering()) {
      server.send("GET / HT");
      server.connection.drain();
      server.send(http("TP/1.1|Host: x||"));
      assertThat(server.received()).startsWith("HTTP/1.1 200").contains("Connection: close");
      assertThat(server.isOpen()).isFalse();
    }
  }
}
