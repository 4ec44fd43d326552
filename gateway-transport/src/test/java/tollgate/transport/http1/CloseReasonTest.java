package tollgate.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.transport.http1.Wire.http;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.core.telemetry.CloseReason;
import tollgate.transport.wire.FakeExchange;

/** Every end of a connection has its word. Those of slow clients stand with their own tests. */
class CloseReasonTest {
  private static final String GET = http("GET / HTTP/1.1|Host: x||");

  private static void assertEnded(TestServer server, CloseReason reason) {
    assertThat(server.isOpen()).isFalse();
    assertThat(server.connection.reason()).isEqualTo(reason);
  }

  @Test
  void noneWhileItIsOpen() {
    try (var server = TestServer.answering()) {
      server.send(GET);
      assertThat(server.connection.reason()).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MALFORMED, 'GARBAGE||'",
    "MALFORMED, 'GET / HTTP/1.1||'",
    "LIMIT, 'GET /LONG HTTP/1.1|Host: x||'",
    "LIMIT, 'GET / HTTP/1.1|Host: x|A: LONG|B: LONG|C: LONG|D: LONG|E: LONG||'",
    "RESPONSE, 'GET / HTTP/1.1|Host: x|Connection: close||'",
    "RESPONSE, 'GET / HTTP/1.0||'",
    "RESPONSE, 'POST / HTTP/1.1|Host: x|Content-Length: 9999999||'",
  })
  void ofARequest(CloseReason reason, String request) {
    try (var server = TestServer.answering()) {
      server.send(http(request.replace("LONG", "x".repeat(8200))));
      assertEnded(server, reason);
    }
  }

  @Test
  void malformedBody() {
    try (var server = new TestServer(FakeExchange::read)) {
      server.send(http("POST / HTTP/1.1|Host: x|Transfer-Encoding: chunked||zz|"));
      assertEnded(server, CloseReason.MALFORMED);
    }
  }

  @Test
  void silentHead() {
    try (var server = TestServer.answering()) {
      server.send("GET / HT");
      server.loop.advance(Duration.ofSeconds(11));
      assertEnded(server, CloseReason.HEAD_TIMEOUT);
    }
  }

  @Test
  void noNextRequest() {
    try (var server = TestServer.answering()) {
      server.send(GET);
      server.loop.advance(Duration.ofSeconds(76));
      assertEnded(server, CloseReason.IDLE);
    }
  }

  @Test
  void restOfAnUnwantedBodyThatDoesNotCome() {
    try (var server = TestServer.answering()) {
      server.send(http("POST / HTTP/1.1|Host: x|Content-Length: 10||"));
      assertThat(server.isOpen()).isTrue();
      server.loop.advance(Duration.ofSeconds(2));
      assertEnded(server, CloseReason.RESPONSE);
    }
  }

  @Test
  void theClientWent() {
    try (var server = new TestServer()) {
      server.send(GET);
      var _ = server.channel.close();
      assertEnded(server, CloseReason.CLIENT);
    }
  }

  @Test
  void theResponseWasCut() {
    try (var server = new TestServer()) {
      server.send(GET);
      server.only().head(200, 10, false);
      server.only().stream.abort();
      assertEnded(server, CloseReason.ABORTED);
    }
  }

  @Test
  void theGatewayGoesDown() {
    try (var server = new TestServer()) {
      server.connection.drain();
      assertEnded(server, CloseReason.DRAINED);
    }
    try (var server = new TestServer()) {
      server.send(GET);
      server.connection.drain();
      server.only().answer(200, "");
      assertEnded(server, CloseReason.DRAINED);
    }
  }

  @Test
  void idleWhenRoomIsShort() {
    try (var server = TestServer.answering()) {
      server.send(GET);
      server.connection.closeIfIdle(CloseReason.OVERLOADED);
      assertEnded(server, CloseReason.OVERLOADED);
    }
  }
}
