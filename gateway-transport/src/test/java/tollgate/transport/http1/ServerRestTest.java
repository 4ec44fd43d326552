package tollgate.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tollgate.core.telemetry.CloseReason;

/** Connections of refused clients, of readers that are gone, and those that only wait. */
class ServerRestTest {
  private static final String GET = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

  private static TestServer refusing() {
    return new TestServer(exchange -> {
      exchange.stream.rest();
      exchange.answer(503, "");
    });
  }

  @Test
  void leavesARefusedClientUnreadForAMoment() {
    try (var server = refusing()) {
      server.send(GET);
      assertThat(server.status()).isEqualTo(503);
      assertThat(server.channel.config().isAutoRead()).isFalse();

      server.loop.advance(Duration.ofMillis(400));
      assertThat(server.channel.config().isAutoRead()).isFalse();
      server.loop.advance(Duration.ofMillis(200));

      assertThat(server.channel.config().isAutoRead()).isTrue();
      server.send(GET);
      assertThat(server.status()).isEqualTo(503);
    }
  }

  @Test
  void servesWhatWasPipelinedWhenTheRestIsOver() {
    try (var server = refusing()) {
      server.send(GET + GET);
      assertThat(server.exchanges).hasSize(1);

      server.loop.advance(Duration.ofMillis(600));

      assertThat(server.exchanges).hasSize(2);
    }
  }

  @Test
  void doesNotWaitForARestThatAClosingConnectionWouldTake() {
    try (var server = refusing()) {
      server.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

      assertThat(server.received()).contains("Connection: close");
      assertThat(server.isOpen()).isFalse();
    }
  }

  @Test
  void tellsAStreamThatItsClientSendsNoMore() {
    try (var server = new TestServer(_ -> {})) {
      server.send(GET);
      server.only().endsWithInput = true;
      server.only().chunked(200);

      server.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

      assertThat(server.only().isGone).isTrue();
      assertThat(server.isOpen()).isFalse();
    }
  }

  @Test
  void answersAClientThatSendsNoMoreOtherwise() {
    try (var server = new TestServer(_ -> {})) {
      server.send(GET);

      server.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      server.only().answer(200, "ok");

      assertThat(server.received()).endsWith("ok");
    }
  }

  @Test
  void closesOnlyConnectionsThatWaitForARequest() {
    try (var idle = TestServer.answering();
        var busy = new TestServer(_ -> {});
        var begun = TestServer.answering()) {
      idle.send(GET);
      busy.send(GET);
      begun.send("GET /a HT");

      idle.connection.closeIfIdle(CloseReason.OVERLOADED);
      busy.connection.closeIfIdle(CloseReason.OVERLOADED);
      begun.connection.closeIfIdle(CloseReason.OVERLOADED);

      assertThat(idle.isOpen()).isFalse();
      assertThat(busy.isOpen()).isTrue();
      assertThat(begun.isOpen()).isTrue();
    }
  }
}
