package tollgate.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tollgate.core.http.FieldName;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.telemetry.CloseReason;
import tollgate.transport.wire.FakeExchange;

class ServerFlowTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void sendsNoMoreThanTheWindow() {
    try (var server = new Http2TestServer().open()) {
      initialWindow(server, 3);
      server.received();
      server.get(1);
      server.last().head(200, 5, false);
      server.last().send("abcde");
      server.last().end();
      List<Http2TestServer.Received> frames = server.received();
      assertThat(frames.get(1).text()).isEqualTo("abc");
      assertThat(frames.get(1).isEnd()).isFalse();
      server.windowUpdate(1, 1);
      assertThat(server.one().text()).isEqualTo("d");
      server.windowUpdate(1, 1);
      Http2TestServer.Received last = server.one();
      assertThat(last.text()).isEqualTo("e");
      assertThat(last.isEnd()).isTrue();
    }
  }

  @Test
  void aWindowMayBecomeNegative() {
    try (var server = new Http2TestServer().open()) {
      initialWindow(server, 3);
      server.get(1);
      server.last().head(200, 5, false);
      server.last().send("abcde");
      server.last().end();
      initialWindow(server, 1);
      server.received();
      server.windowUpdate(1, 2);
      assertThat(server.received()).isEmpty();
      server.windowUpdate(1, 5);
      assertThat(server.one().text()).isEqualTo("de");
    }
  }

  @Test
  void tellsWhoWaitsInTurn() {
    try (var server = new Http2TestServer().open()) {
      server.get(1).get(3);
      FakeExchange first = server.exchanges.get(0);
      FakeExchange second = server.exchanges.get(1);
      first.head(200, 100_000, false);
      first.send("a".repeat(65_535));
      assertThat(first.stream.isWritable()).isFalse();
      second.head(200, 1, false);
      assertThat(second.stream.isWritable()).isFalse();
      first.stream.flush();
      server.received();
      server.windowUpdate(0, 100);
      // The first has no window of its own.
      assertThat(first.writable).isZero();
      assertThat(second.writable).isEqualTo(1);
      second.send("b");
      second.end();
      assertThat(server.one().text()).isEqualTo("b");
      server.windowUpdate(1, 100);
      assertThat(first.writable).isEqualTo(1);
      server.reset(1);
    }
  }

  @Test
  void aLargeAnswerLetsSmallOnesPass() {
    try (var server = new Http2TestServer().open()) {
      server.frame(Frame.SETTINGS, 0, 0, setting(Frame.SETTING_INITIAL_WINDOW_SIZE, 1 << 20));
      server.get(1).get(3);
      FakeExchange large = server.exchanges.get(0);
      FakeExchange small = server.exchanges.get(1);
      server.received();
      // Both wait for the connection's window.
      large.head(200, 200_000, false);
      large.send("a".repeat(200_000));
      large.end();
      small.answer(200, "b");
      server.received();
      server.windowUpdate(0, 20_000);
      List<Http2TestServer.Received> frames = server.received();
      assertThat(frames).extracting(Http2TestServer.Received::streamId).contains(1, 3);
      assertThat(frames.stream().filter(f -> f.streamId() == 3).findFirst().orElseThrow().text())
          .isEqualTo("b");
      server.windowUpdate(0, 200_000);
    }
  }

  @Test
  void whoWaitsIsToldThoughOthersStandInLine() {
    try (var server = new Http2TestServer().open()) {
      server.frame(Frame.SETTINGS, 0, 0, setting(Frame.SETTING_INITIAL_WINDOW_SIZE, 1 << 24));
      server.windowUpdate(0, 1 << 24);
      server.get(1).get(3);
      FakeExchange large = server.exchanges.get(0);
      FakeExchange waiting = server.exchanges.get(1);
      server.received();
      server.channel.take(0);
      large.head(200, 1_000_000, false);
      large.send("a".repeat(1_000_000));
      large.end();
      waiting.head(200, 1, false);
      assertThat(waiting.stream.isWritable()).isFalse();
      large.stream.flush();
      server.turn();
      while (waiting.writable == 0 && server.connection.streams().count() == 2) {
        server.channel.take(40_000);
        server.turn();
      }
      assertThat(waiting.writable).isEqualTo(1);
      assertThat(waiting.stream.isWritable()).isTrue();
      waiting.send("b");
      assertThat(waiting.stream.isWritable()).isFalse();
      waiting.end();
      server.channel.take(Long.MAX_VALUE);
      assertThat(server.received())
          .filteredOn(Http2TestServer.Received::isEnd)
          .extracting(Http2TestServer.Received::streamId)
          .containsExactly(3, 1);
    }
  }

  @Test
  void beginsNoMoreForWhoTakesNothing() {
    try (var server = new Http2TestServer().open()) {
      initialWindow(server, 0);
      server.burst(() -> {
        for (int i = 0; i < 40; i++) {
          server.get(2 * i + 1);
        }
      });
      assertThat(server.exchanges).hasSize(16);
      server.windowUpdate(1, 10);
      assertThat(server.exchanges).hasSize(17);
      // One that has not begun is taken back, and one that has ends.
      server.reset(79);
      assertThat(server.takenBack).hasSize(1);
      assertThat(server.exchanges).hasSize(17);
      server.exchanges.get(1).answer(204, "");
      server.turn();
      assertThat(server.exchanges).hasSize(18);
      initialWindow(server, 1000);
      assertThat(server.exchanges).hasSize(39);
    }
  }

  @Test
  void opensWindowsByWhatIsTaken() {
    try (var server = new Http2TestServer().open()) {
      server.post(1);
      String piece = "x".repeat(16_384);
      for (int i = 0; i < 3; i++) {
        server.data(1, piece, false);
      }
      assertThat(server.received()).isEmpty();
      server.last().read();
      List<Http2TestServer.Received> frames = server.received();
      assertThat(frames)
          .extracting(Http2TestServer.Received::type)
          .containsOnly(Frame.WINDOW_UPDATE);
      assertThat(frames).anyMatch(frame -> frame.streamId() == 1);
      assertThat(server.last().body).hasSize(3 * 16_384);
      server.reset(1);
    }
  }

  @Test
  void refusesDataBeyondTheWindow() {
    try (var server = new Http2TestServer().open()) {
      server.post(1);
      for (int i = 0; i < 4; i++) {
        server.data(1, "x".repeat(16_384), false);
      }
      server.resetBy(1, ErrorCode.FLOW_CONTROL_ERROR);
    }
  }

  @Test
  void stopsReadingWhoAsksAndDoesNotRead() {
    try (var server = new Http2TestServer(ServerFlowTest::refuseAtLength).open()) {
      server.channel.take(0);
      int sent = 0;
      while (server.channel.config().isAutoRead() && sent < 5000) {
        server.get(2 * sent++ + 1);
      }
      assertThat(sent).isBetween(50, 1000);
      server.channel.take(Long.MAX_VALUE);
      server.turn();
      assertThat(server.channel.config().isAutoRead()).isTrue();
    }
  }

  /** With fields that no window holds back, new ones each time. */
  private static void refuseAtLength(FakeExchange exchange) {
    ResponseHead head = ResponseHead.of(404);
    head.fields().add(FieldName.of("X-Long"), exchange.stream.hashCode() + "x".repeat(1000));
    exchange.isEnded = true;
    exchange.stream.sendHead(head, false);
    exchange.stream.sendEnd(Trailers.NONE);
  }

  @Test
  void floodsEndTheConnection() {
    flood(server -> server.frame(Frame.PING, 0, 0, new byte[8]));
    flood(server -> server.frame(Frame.SETTINGS, 0, 0, new byte[0]));
    flood(server -> server.frame(Frame.PRIORITY, 0, 1, new byte[] {0, 0, 0, 3, 1}));
    flood(server -> server.windowUpdate(0, 1));
    int[] id = {-1};
    flood(server -> server.get(id[0] += 2).reset(id[0]));
  }

  private static void flood(java.util.function.Consumer<Http2TestServer> action) {
    try (var server = new Http2TestServer().open()) {
      for (int i = 0; i < 3000 && server.connection.reason() == null; i++) {
        action.accept(server);
      }
      assertThat(server.connection.reason()).isEqualTo(CloseReason.LIMIT);
      server.endedBy(ErrorCode.ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void drainsInTwoSteps() {
    try (var server = new Http2TestServer().open()) {
      server.get(1);
      server.connection.drain();
      List<Http2TestServer.Received> frames = server.received();
      assertThat(frames)
          .extracting(Http2TestServer.Received::type)
          .containsExactly(Frame.GOAWAY, Frame.PING);
      server.get(3); // on its way when we said so
      assertThat(server.exchanges).hasSize(2);
      server.frame(Frame.PING, Frame.ACK, 0, Blocks.take(frames.get(1).payload()));
      Http2TestServer.Received last = server.one();
      assertThat(last.payload().getInt(0)).isEqualTo(3);
      server.get(5);
      assertThat(server.exchanges).hasSize(2);
      server.exchanges.get(0).answer(200, "a");
      server.exchanges.get(1).answer(200, "b");
      server.turn();
      assertThat(server.connection.reason()).isEqualTo(CloseReason.DRAINED);
      assertThat(server.connection.isOver()).isTrue();
    }
  }

  @Test
  void endsWhenIdle() {
    try (var server = Http2TestServer.answering().open()) {
      server.get(1);
      server.received();
      server.loop.advance(SECOND.multipliedBy(76));
      server.endedBy(ErrorCode.NO_ERROR);
      assertThat(server.connection.reason()).isEqualTo(CloseReason.IDLE);
    }
  }

  @Test
  void givesUpABodyThatDoesNotCome() {
    try (var server = new Http2TestServer(FakeExchange::read).open()) {
      server.post(1);
      for (int i = 0; i < 40; i++) {
        server.loop.advance(SECOND);
      }
      assertThat(server.last().bodyFailure).isNotNull();
      assertThat(server.received().getFirst().fields()).contains(":status: 408");
    }
  }

  @Test
  void givesUpAnAnswerThatIsNotTaken() {
    try (var server = new Http2TestServer().open()) {
      initialWindow(server, 0);
      server.received();
      server.get(1);
      server.last().head(200, 5, false);
      server.last().send("abcde");
      for (int i = 0; i < 20; i++) {
        server.loop.advance(SECOND);
      }
      assertThat(server.last().tooSlow).isNotNull();
      assertThat(server.received().getLast().type()).isEqualTo(Frame.RST_STREAM);
    }
  }

  private static void initialWindow(Http2TestServer server, int value) {
    server.frame(Frame.SETTINGS, 0, 0, setting(Frame.SETTING_INITIAL_WINDOW_SIZE, value));
  }

  private static byte[] setting(int id, int value) {
    return Blocks.take(Unpooled.buffer().writeShort(id).writeInt(value));
  }
}
