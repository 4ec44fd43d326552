package tollgate.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.http.BodyLength;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.port.UpstreamFailure;
import tollgate.transport.wire.FakeExchange;

/** Connections that become tunnels, on both sides. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
class TunnelConnectionsTest {
  private static final String HANDSHAKE =
      "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  private static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nX-A: b\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

  // ---- clients

  @Test
  void tellsTheChainWhatAClientAsksFor() {
    assertThat(upgradeOf("Connection: Upgrade|Upgrade: WebSocket")).isEqualTo("websocket");
    assertThat(upgradeOf("Connection: upgrade|Upgrade: h2c, websocket")).isEqualTo("websocket");
    assertThat(upgradeOf("Connection: Upgrade|Upgrade: H2C")).isEqualTo("h2c");
    assertThat(upgradeOf("Connection: close|Upgrade: websocket")).isNull();
    assertThat(upgradeOf("Upgrade: websocket")).isNull();
    assertThat(upgradeOf("Connection: Upgrade")).isNull();
    try (var server = TestServer.answering()) {
      server.send("GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      assertThat(server.only().request.upgrade()).isNull();
    }
  }

  private static @Nullable String upgradeOf(String lines) {
    try (var server = TestServer.answering()) {
      server.send("GET / HTTP/1.1\r\nHost: x\r\n" + lines.replace("|", "\r\n") + "\r\n\r\n");
      return server.only().request.upgrade();
    }
  }

  @Test
  void becomesATunnelWithItsAnswer() {
    try (var server = new TestServer()) {
      server.send(HANDSHAKE + "early");
      FakeExchange exchange = server.only();
      assertThat(exchange.body).isEmpty();
      switchTo(exchange);
      exchange.read();
      assertThat(server.received()).isEqualTo(SWITCHING);
      server.send(" GET / HTTP/1.1\r\n\r\n");
      assertThat(exchange.body).hasToString("early GET / HTTP/1.1\r\n\r\n");
      exchange.send("down");
      exchange.stream.flush();
      assertThat(server.received()).isEqualTo("down");
      assertThat(server.exchanges).hasSize(1);
      exchange.end();
    }
  }

  @Test
  void hasNoDeadlinesOfHttp() {
    try (var server = new TestServer()) {
      server.send(HANDSHAKE);
      switchTo(server.only().read());
      server.only().read();
      server.loop.advance(Duration.ofDays(1));
      assertThat(server.isOpen()).isTrue();
      server.send("x");
      server.loop.advance(Duration.ofDays(1));
      assertThat(server.isOpen()).isTrue();
      assertThat(server.only().body).hasToString("x");
      assertThat(server.only().bodyFailure).isNull();
    }
  }

  @Test
  void readsNothingWhileNobodyWantsIt() {
    try (var server = new TestServer()) {
      server.send(HANDSHAKE);
      switchTo(server.only());
      server.only().stream.readBody(false);
      server.send("waits");
      assertThat(server.only().body).isEmpty();
      assertThat(server.channel.config().isAutoRead()).isFalse();
      server.only().read();
      assertThat(server.only().body).hasToString("waits");
      assertThat(server.channel.config().isAutoRead()).isTrue();
    }
  }

  @Test
  void tellsOfTheEndOfTheClientsOutputBehindWhatCame() {
    try (var server = new TestServer()) {
      server.send(HANDSHAKE);
      switchTo(server.only());
      server.send("last");
      server.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      assertThat(server.only().isBodyComplete()).isFalse();
      server.only().read();
      assertThat(server.only().body).hasToString("last");
      assertThat(server.only().isBodyComplete()).isTrue();
      assertThat(server.isOpen()).as("the client may still read").isTrue();
      server.only().end();
      assertThat(server.isOpen()).isFalse();
    }
  }

  // ---- backends

  @Test
  void asksABackendWithAKeyOfItsOwn() {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = new FakeAttempt();
      String key = ask(backend, attempt);
      assertThat(key).hasSize(24).isNotEqualTo("dGhlIHNhbXBsZSBub25jZQ==");
      backend.answer(answerTo(key, "websocket", "Upgrade") + "first");
      assertThat(attempt.head).isNotNull();
      assertThat(attempt.head.status()).isEqualTo(101);
      assertThat(attempt.head.bodyLength()).isEqualTo(BodyLength.TUNNEL);
      assertThat(attempt.body).hasToString("first");
      backend.stream().sendBody(io.netty.buffer.Unpooled.copiedBuffer(new byte[] {'u', 'p'}));
      backend.stream().flush();
      assertThat(backend.received()).isEqualTo("up");
      backend.loop.advance(Duration.ofDays(1));
      assertThat(backend.isOpen()).as("no deadline of HTTP holds").isTrue();
      backend.hangUp();
      assertThat(attempt.isComplete()).isTrue();
      assertThat(backend.idle).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"websocket,close", "h2c,Upgrade", "'websocket, h2c',Upgrade"})
  void refusesASwitchToSomethingElse(String upgrade, String connection) {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = new FakeAttempt();
      backend.answer(answerTo(ask(backend, attempt), upgrade, connection) + "first");
      assertThat(attempt.failure).isNotNull();
      assertThat(attempt.failure.kind()).isEqualTo(UpstreamFailure.Kind.PROTOCOL);
      assertThat(attempt.body).isEmpty();
      assertThat(backend.isOpen()).isFalse();
    }
  }

  @Test
  void refusesAnAnswerToAnotherKey() {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = new FakeAttempt();
      ask(backend, attempt);
      backend.answer(answerTo("dGhlIHNhbXBsZSBub25jZQ==", "websocket", "Upgrade"));
      assertThat(attempt.failure).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404})
  void keepsAConnectionThatDidNotSwitch(int status) {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = new FakeAttempt();
      ask(backend, attempt);
      backend.answer("HTTP/1.1 " + status + " X\r\nContent-Length: 2\r\n\r\nno");
      assertThat(attempt.isComplete()).isTrue();
      assertThat(backend.idle).isEqualTo(1);
      assertThat(backend.get().isComplete()).isFalse();
    }
  }

  private static void switchTo(FakeExchange exchange) {
    ResponseHead head = ResponseHead.of(101);
    head.bodyLength(BodyLength.TUNNEL);
    head.fields().add(tollgate.core.http.FieldName.of("X-A"), "b");
    exchange.stream.sendHead(head, true);
    exchange.stream.flush();
  }

  /** Sends a handshake; its key. */
  private static String ask(TestBackend backend, FakeAttempt attempt) {
    RequestHead head =
        RequestHead.over(
            new ReceivedRequest(
                "HTTP/1.1",
                Method.GET,
                "http",
                "backend:8080",
                "/p",
                null,
                ReceivedFields.NONE,
                BodyLength.ABSENT,
                false,
                "websocket"));
    backend.start(attempt).sendHead(head, BodyLength.TUNNEL);
    backend.stream().flush();
    String sent = backend.received();
    assertThat(sent)
        .startsWith(
            "GET /p HTTP/1.1\r\nHost: backend:8080\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Key: ")
        .endsWith("==\r\n\r\n");
    return sent.substring(sent.indexOf("Key: ") + 5, sent.length() - 4);
  }

  private static String answerTo(String key, String upgrade, String connection) {
    return "HTTP/1.1 101 X\r\nUpgrade: "
        + upgrade
        + "\r\nConnection: "
        + connection
        + "\r\nSec-WebSocket-Accept: "
        + new WebSocketKey(key).accept()
        + "\r\n\r\n";
  }
}
