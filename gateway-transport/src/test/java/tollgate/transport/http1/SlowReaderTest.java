package tollgate.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.transport.http1.Wire.http;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.BodyLength;
import tollgate.core.telemetry.CloseReason;
import tollgate.transport.wire.FakeExchange;
import tollgate.transport.wire.HttpLimits;

/** Clients that take a response slowly, or not at all. */
class SlowReaderTest {
  private static final String GET = http("GET / HTTP/1.1|Host: x||");
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** A response of which nothing is taken yet. */
  private static FakeExchange pour(TestServer server) {
    server.channel.take(0);
    server.send(GET);
    FakeExchange exchange = server.last();
    exchange.head(200, 1_000_000_000, false);
    exchange.send("x".repeat(100_000));
    exchange.stream.flush();
    return exchange;
  }

  /** How many seconds it lasts while so many bytes are taken in each; 1000 if for ever. */
  private static int lasts(TestServer server, int bytesASecond) {
    int seconds = 0;
    while (server.isOpen() && seconds < 1000) {
      server.channel.take(bytesASecond);
      server.loop.advance(SECOND);
      seconds++;
    }
    return seconds;
  }

  @Test
  void cutsAReaderThatTrickles() {
    try (var server = new TestServer()) {
      FakeExchange exchange = pour(server);
      assertThat(lasts(server, 1)).isBetween(5, 6);
      assertThat(exchange.tooSlow).isNotNull();
      assertThat(exchange.tooSlow.code()).isEqualTo(FaultCode.RESPONSE_NOT_TAKEN);
      assertThat(exchange.isGone).isFalse();
      assertThat(server.connection.reason()).isEqualTo(CloseReason.RESPONSE_RATE);
    }
  }

  @Test
  void keepsAReaderThatIsJustFastEnough() {
    try (var server = new TestServer()) {
      FakeExchange exchange = pour(server);
      for (int i = 0; i < 300; i++) {
        server.channel.take(240);
        server.loop.advance(SECOND);
      }
      assertThat(exchange.tooSlow).isNull();
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void whatWasTakenQuicklyPaysForAWhileOnly() {
    try (var server = new TestServer()) {
      FakeExchange exchange = pour(server);
      for (int i = 0; i < 20; i++) {
        server.channel.take(90_000);
        exchange.send("x".repeat(90_000));
        exchange.stream.flush();
        server.loop.advance(SECOND);
      }
      assertThat(lasts(server, 1)).isBetween(75, 80);
    }
  }

  @Test
  void cutsAReaderThatTakesNothingForTheIdleTime() {
    try (var server = new TestServer(withRate(0), _ -> {})) {
      FakeExchange exchange = pour(server);
      assertThat(lasts(server, 0)).isBetween(75, 76);
      assertThat(exchange.tooSlow).isNotNull();
      assertThat(server.connection.reason()).isEqualTo(CloseReason.RESPONSE_TIMEOUT);
    }
  }

  @Test
  void withoutARateATricklingReaderIsKept() {
    try (var server = new TestServer(withRate(0), _ -> {})) {
      FakeExchange exchange = pour(server);
      assertThat(lasts(server, 1)).isEqualTo(1000);
      assertThat(exchange.tooSlow).isNull();
    }
  }

  @Test
  void countsNoTimeWhileNothingWaits() {
    try (var server = new TestServer()) {
      server.send(GET);
      FakeExchange exchange = server.only();
      exchange.head(200, BodyLength.UNKNOWN, false);
      for (int i = 0; i < 20; i++) {
        exchange.send("event");
        exchange.stream.flush();
        server.loop.advance(Duration.ofMinutes(1));
      }
      assertThat(server.isOpen()).isTrue();
      assertThat(exchange.tooSlow).isNull();
    }
  }

  @Test
  void beginsAnewAfterAllWasTaken() {
    try (var server = new TestServer()) {
      server.send(GET);
      FakeExchange exchange = server.only();
      exchange.head(200, BodyLength.UNKNOWN, false);
      for (int i = 0; i < 20; i++) {
        server.channel.take(0);
        exchange.send("event");
        exchange.stream.flush();
        server.loop.advance(Duration.ofSeconds(4));
        server.channel.take(1000);
        server.loop.advance(Duration.ofMillis(500));
      }
      assertThat(server.isOpen()).isTrue();
      assertThat(exchange.tooSlow).isNull();
      server.channel.take(0);
      exchange.send("event");
      exchange.stream.flush();
      server.loop.advance(Duration.ofSeconds(10));
      assertThat(server.isOpen()).isFalse();
    }
  }

  @Test
  void cutsWhatIsLeftOfAnEndedResponse() {
    try (var server = new TestServer()) {
      server.channel.take(0);
      server.send(GET);
      server.only().answer(200, "x".repeat(50_000));
      assertThat(server.only().isEnded).isTrue();
      assertThat(lasts(server, 10)).isBetween(5, 6);
      assertThat(server.connection.reason()).isEqualTo(CloseReason.RESPONSE_RATE);
    }
  }

  @Test
  void cutsAClosingConnectionWhoseLastResponseIsNotTaken() {
    try (var server = new TestServer()) {
      server.channel.take(0);
      server.send(http("GET / HTTP/1.1|Host: x|Connection: close||"));
      server.only().answer(200, "x".repeat(50_000));
      assertThat(server.isOpen()).isTrue();
      assertThat(lasts(server, 10)).isBetween(5, 6);
      assertThat(server.connection.reason())
          .as("it was to be closed already")
          .isEqualTo(CloseReason.RESPONSE);
    }
  }

  @Test
  void setsNoAlarmForAResponseThatIsTakenAtOnce() {
    try (var server = TestServer.answering()) {
      server.send(GET);
      assertThat(server.loop.setAlarms())
          .as("the wait for the first request and for the next")
          .isEqualTo(2);
    }
  }

  private static HttpLimits withRate(long rate) {
    HttpLimits usual = HttpLimits.DEFAULTS;
    return new HttpLimits(
        usual.requestLineBytes(),
        usual.headerBytes(),
        usual.headerLines(),
        usual.headerNanos(),
        usual.idleNanos(),
        usual.bodyNanos(),
        rate,
        rate,
        0,
        100);
  }
}
