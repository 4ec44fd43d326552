package tollgate.core.chain;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.exchange.Exchange;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.fault.Outcome;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.Handler;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.Stage;
import tollgate.core.handler.Verdict;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.telemetry.TunnelEnd;
import tollgate.core.testkit.FakeUpstream;
import tollgate.core.testkit.TestExchange;
import tollgate.core.websocket.WebSocketRules;

/** A WebSocket through the chain: the handshake, what passes, every way to its end. */
final class TunnelTest {
  private static final long SECOND = 1_000_000_000L;
  private static final WebSocketRules RULES =
      new WebSocketRules(null, 1000, 1000, 60 * SECOND, 600 * SECOND, 20 * SECOND, true);
  private static final byte[] HELLO_UP = {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'};
  private static final byte[] HELLO_DOWN = {(byte) 0x81, 2, 'h', 'o'};
  private static final byte[] CLOSE_UP = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe8};
  private static final byte[] CLOSE_DOWN = {(byte) 0x88, 2, 3, (byte) 0xe8};
  private static final byte[] PING = {(byte) 0x89, 0};

  @Test
  void passesBytesBothWaysAfter101() {
    TestExchange exchange = open();
    send(exchange, HELLO_UP);
    answer(exchange, HELLO_DOWN);
    assertThat(exchange.upstream().call().bodyBytes()).isEqualTo(HELLO_UP);
    assertThat(exchange.client().bodyBytes()).isEqualTo(HELLO_DOWN);
    assertThat(exchange.client().status()).isEqualTo(101);
    assertThat(exchange.isEnded()).isFalse();

    send(exchange, CLOSE_UP);
    assertThat(exchange.isEnded()).isFalse();
    answer(exchange, CLOSE_DOWN);
    assertThat(exchange.client().bodyBytes()).isEqualTo(join(HELLO_DOWN, CLOSE_DOWN));
    assertThat(exchange.client().isEnded()).isTrue();
    assertThat(exchange.upstream().call().isAborted()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.OK);
    assertThat(exchange.record().tunnelEnd())
        .isEqualTo(new TunnelEnd(1000, TunnelEnd.By.CLIENT, null));
    assertThat(exchange.record().requestBytes()).isEqualTo(HELLO_UP.length + CLOSE_UP.length);
  }

  @Test
  void asksTheBackendForATunnelAndReadsTheClientOnlyAfter101() {
    TestExchange exchange = asked().start();
    FakeUpstream.Call call = exchange.upstream().call();
    assertThat(call.bodyLength()).isEqualTo(BodyLength.TUNNEL);
    assertThat(call.isEnded()).isFalse();
    assertThat(call.head().fields().contains(FieldName.SEC_WEBSOCKET_KEY)).isFalse();
    assertThat(exchange.client().isReading()).isFalse();
    call.head(101, BodyLength.TUNNEL);
    assertThat(exchange.client().isReading()).isTrue();
    exchange.clientGoes();
  }

  @Test
  void takesAnotherAnswerForWhatItIs() {
    TestExchange exchange = asked().start();
    exchange.upstream().call().answer(404, "no");
    assertThat(exchange.client().status()).isEqualTo(404);
    assertThat(exchange.client().body()).isEqualTo("no");
    assertThat(exchange.upstream().call().isAborted()).as("its connection is of use").isFalse();
    assertThat(exchange.record().tunnelEnd()).isNull();
  }

  @Test
  void asksHandlersForTheHeadOnly() {
    Handler reader = new BodyReader();
    TestExchange exchange = asked().handler(Stage.CONTENT, reader).start();
    exchange.upstream().call().head(101, BodyLength.TUNNEL);
    answer(exchange, HELLO_DOWN);
    assertThat(exchange.client().bodyBytes()).isEqualTo(HELLO_DOWN);
    assertThat(exchange.client().head().fields().first(FieldName.of("X-Seen"))).isEqualTo("101");
    exchange.clientGoes();
  }

  @Test
  void letsAHandlerRefuseTheHandshakeBeforeItIsLookedAt() {
    Fault fault = Fault.of(FaultCode.API_BLOCKED, "no");
    TestExchange exchange =
        TestExchange.get("/api/x")
            .websocket(RULES)
            .upgrade("websocket")
            .handler(Stage.EDGE, new Refusing(fault))
            .start();
    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @Test
  void refusesAnUpgradeWhereNoneIsAllowedAndIgnoresOthers() {
    TestExchange refused = TestExchange.get("/api/x").handshake().start();
    assertThat(refused.client().status()).isEqualTo(403);
    assertThat(refused.upstream().calls()).isEmpty();

    TestExchange ignored = TestExchange.get("/api/x").upgrade("h2c").start();
    assertThat(ignored.upstream().call().bodyLength()).isEqualTo(BodyLength.ABSENT);
    ignored.upstream().call().answer(200, "ok");
    assertThat(ignored.client().status()).isEqualTo(200);
  }

  @Test
  void refusesASwitchThatChoosesWhatWasNotOffered() {
    TestExchange exchange = asked().field("Sec-WebSocket-Protocol", "chat").start();
    exchange.upstream().call().head(101, BodyLength.TUNNEL, "Sec-WebSocket-Protocol", "mqtt");
    assertThat(exchange.client().status()).isEqualTo(502);
    assertThat(exchange.upstream().call().isAborted()).isTrue();
    assertThat(faultOf(exchange)).isEqualTo(FaultCode.UPSTREAM_PROTOCOL);
  }

  @Test
  void keepsWhatTheBackendSendsAtOnceWhileAHandlerDecides() {
    TestExchange exchange = asked().start();
    FakeUpstream.Call call = exchange.upstream().call();
    call.head(101, BodyLength.TUNNEL);
    call.chunk(Unpooled.wrappedBuffer(HELLO_DOWN));
    call.end();
    assertThat(Arrays.copyOf(exchange.client().bodyBytes(), HELLO_DOWN.length))
        .isEqualTo(HELLO_DOWN);
    assertThat(codeDown(exchange)).isEqualTo(1011);
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.UPSTREAM_RESET);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsTheOtherSideOfAClientThatGoes(boolean isGone) {
    TestExchange exchange = open();
    if (isGone) {
      exchange.clientGoes();
    } else {
      exchange.sendEnd();
    }
    assertThat(codeUp(exchange)).isEqualTo(1001);
    assertThat(exchange.upstream().call().isAborted()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.CLIENT_CLOSED);
    assertThat(exchange.record().tunnelEnd())
        .isEqualTo(new TunnelEnd(1006, TunnelEnd.By.CLIENT, null));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cutsTheBackendOfAClientThatGoesInMidFrame(boolean isGone) {
    TestExchange exchange = open();
    byte[] half = Arrays.copyOf(HELLO_UP, 7);
    send(exchange, half);
    if (isGone) {
      exchange.clientGoes();
    } else {
      exchange.sendEnd();
    }
    assertThat(exchange.upstream().call().bodyBytes()).isEqualTo(half);
    assertThat(exchange.upstream().call().isAborted()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.CLIENT_CLOSED);
  }

  @Test
  void answersTheBackendsCloseForAClientThatGoes() {
    TestExchange exchange = open();
    answer(exchange, CLOSE_DOWN);
    exchange.clientGoes();
    assertThat(codeUp(exchange)).isEqualTo(1001);
    assertThat(exchange.record().tunnelEnd())
        .isEqualTo(new TunnelEnd(1000, TunnelEnd.By.UPSTREAM, null));
  }

  @Test
  void tellsTheClientOfABackendThatFails() {
    TestExchange exchange = open();
    exchange.upstream().call().fail(UpstreamFailure.Kind.RESET);
    assertThat(codeDown(exchange)).isEqualTo(1011);
    assertThat(exchange.client().isEnded()).isTrue();
    assertThat(exchange.record().tunnelEnd())
        .isEqualTo(new TunnelEnd(1006, TunnelEnd.By.UPSTREAM, null));
  }

  @Test
  void answersTheCloseOfAClientForABackendThatJustGoes() {
    TestExchange exchange = open();
    send(exchange, CLOSE_UP);
    exchange.upstream().call().end();
    assertThat(codeDown(exchange)).isEqualTo(1000);
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void awaitsTheBackendsAnswerToAClientThatHasClosedAndEnded() {
    TestExchange exchange = open();
    send(exchange, CLOSE_UP);
    exchange.sendEnd();
    assertThat(exchange.isEnded()).isFalse();
    answer(exchange, CLOSE_DOWN);
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void waitsForAnAnswerToACloseNoLongerThanThirtySeconds() {
    TestExchange exchange = open();
    answer(exchange, CLOSE_DOWN);
    exchange.pass(Duration.ofSeconds(29));
    assertThat(exchange.isEnded()).isFalse();
    exchange.pass(Duration.ofSeconds(2));
    assertThat(exchange.client().isEnded()).isTrue();
    assertThat(exchange.record().tunnelEnd())
        .isEqualTo(new TunnelEnd(1000, TunnelEnd.By.UPSTREAM, null));
  }

  @Test
  void tellsWhoBreaksARuleWhichAndTheOtherThatItIsOver() {
    TestExchange client = open();
    send(client, HELLO_DOWN);
    assertThat(codeDown(client)).isEqualTo(1002);
    assertThat(codeUp(client)).isEqualTo(1001);
    assertThat(client.record().outcome()).isEqualTo(Outcome.INVALID_REQUEST);

    TestExchange backend = open();
    answer(backend, new byte[] {(byte) 0x81, 1, -1});
    assertThat(codeDown(backend)).isEqualTo(1011);
    assertThat(codeUp(backend)).isEqualTo(1007);
    assertThat(faultOf(backend)).isEqualTo(FaultCode.UPSTREAM_PROTOCOL);

    TestExchange large = open();
    send(large, new byte[] {(byte) 0x82, (byte) 0xfe, 3, (byte) 0xe9, 0, 0, 0, 0});
    assertThat(codeDown(large)).isEqualTo(1009);
    assertThat(faultOf(large)).isEqualTo(FaultCode.WEBSOCKET_TOO_LARGE);
  }

  @Test
  void putsACloseBehindTheFrameThatIsOnItsWay() {
    TestExchange exchange = open();
    answer(exchange, Arrays.copyOf(HELLO_DOWN, 3));
    exchange.drain();
    assertThat(codeUp(exchange)).isEqualTo(1001);
    assertThat(exchange.isEnded()).isFalse();
    assertThat(exchange.client().bodyBytes()).isEqualTo(Arrays.copyOf(HELLO_DOWN, 3));
    answer(exchange, join(Arrays.copyOfRange(HELLO_DOWN, 3, 4), HELLO_DOWN));
    assertThat(Arrays.copyOf(exchange.client().bodyBytes(), 4)).isEqualTo(HELLO_DOWN);
    assertThat(exchange.client().bodyBytes()[4]).isEqualTo((byte) 0x88);
    assertThat(codeDown(exchange)).isEqualTo(1001);
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.DRAINING);
  }

  @Test
  void waitsForTheRestOfAFrameNoLongerThanFiveSeconds() {
    TestExchange exchange = open();
    answer(exchange, Arrays.copyOf(HELLO_DOWN, 3));
    exchange.drain();
    exchange.pass(Duration.ofSeconds(6));
    assertThat(exchange.client().isEnded()).isTrue();
    assertThat(exchange.client().bodyBytes()).isEqualTo(Arrays.copyOf(HELLO_DOWN, 3));
  }

  @Test
  void cutsADirectionOfWhichHalfAFrameHasPassed() {
    TestExchange exchange = open();
    byte[] wrong = {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', -1};
    send(exchange, Arrays.copyOf(wrong, 7));
    send(exchange, new byte[] {-1});
    assertThat(exchange.upstream().call().bodyBytes()).isEqualTo(Arrays.copyOf(wrong, 7));
    assertThat(codeDown(exchange)).isEqualTo(1007);
    assertThat(exchange.isEnded()).isTrue();
  }

  @Test
  void pingsASilentClientAndEndsOneThatStaysSilent() {
    TestExchange exchange = open();
    exchange.pass(Duration.ofSeconds(21));
    assertThat(exchange.client().bodyBytes()).isEqualTo(PING);
    send(exchange, HELLO_UP);
    exchange.pass(Duration.ofSeconds(19));
    assertThat(exchange.client().bodyBytes()).isEqualTo(PING);
    exchange.pass(Duration.ofSeconds(2));
    assertThat(exchange.client().bodyBytes()).isEqualTo(join(PING, PING));
    exchange.pass(Duration.ofSeconds(45));
    assertThat(codeDown(exchange)).isEqualTo(1001);
    assertThat(codeUp(exchange)).isEqualTo(1001);
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.OK);
    assertThat(requireNonNull(exchange.record().tunnelEnd()).reason()).isEqualTo("idle");
  }

  @Test
  void endsOneOfMaximumAgeHoweverMuchPasses() {
    TestExchange exchange = open();
    for (int i = 0; i < 59; i++) {
      exchange.pass(Duration.ofSeconds(10));
      send(exchange, HELLO_UP);
    }
    assertThat(exchange.isEnded()).isFalse();
    exchange.pass(Duration.ofSeconds(11));
    assertThat(requireNonNull(exchange.record().tunnelEnd()).reason()).isEqualTo("maximum age");
  }

  @Test
  void endsOneThatDoesNotTakeWhatTheOtherSends() {
    TestExchange exchange = open();
    exchange.clientWritable(false);
    answer(exchange, HELLO_DOWN);
    assertThat(exchange.upstream().call().isReading()).isFalse();
    for (int i = 0; i < 5; i++) {
      exchange.pass(Duration.ofSeconds(10));
      send(exchange, HELLO_UP);
      assertThat(exchange.isEnded()).isFalse();
    }
    exchange.pass(Duration.ofSeconds(12));
    assertThat(requireNonNull(exchange.record().tunnelEnd()).reason()).isEqualTo("idle");
  }

  @Test
  void pausesEachSideWhileTheOtherIsFull() {
    TestExchange exchange = open();
    FakeUpstream.Call call = exchange.upstream().call();
    call.writable(false);
    send(exchange, HELLO_UP);
    assertThat(exchange.client().isReading()).isFalse();
    call.writable(true);
    assertThat(exchange.client().isReading()).isTrue();
    exchange.clientWritable(false);
    answer(exchange, HELLO_DOWN);
    assertThat(call.isReading()).isFalse();
    exchange.clientWritable(true);
    assertThat(call.isReading()).isTrue();
    exchange.clientGoes();
  }

  @Test
  void isAStreamThatAChangedRouteEnds() {
    Traffic traffic = Traffic.unlimited(1);
    TestExchange exchange = asked().in(traffic).start();
    exchange.upstream().call().head(101, BodyLength.TUNNEL);
    StringBuilder counted = new StringBuilder();
    traffic.streams((api, version, kind, count) -> counted.append(kind.word()).append(count));
    assertThat(counted).hasToString("ws1");
    assertThat(traffic.running(0)).isZero();
    traffic.endThrough(0, 1);
    assertThat(codeDown(exchange)).isEqualTo(1012);
    assertThat(codeUp(exchange)).isEqualTo(1001);
    assertThat(faultOf(exchange)).isEqualTo(FaultCode.ROUTE_REPLACED);
  }

  @Test
  void endsWhenItsCallerMayNotGoOn() {
    Traffic traffic = Traffic.unlimited(1);
    TestExchange exchange = asked().in(traffic).start();
    exchange.upstream().call().head(101, BodyLength.TUNNEL);
    Fault blocked = Fault.of(FaultCode.API_BLOCKED, "blocked since");
    traffic.end(0, other -> other.request().path().equals("/other"), blocked);
    assertThat(exchange.isEnded()).isFalse();
    traffic.end(0, mine -> mine.request().path().equals("/x"), blocked);
    assertThat(codeDown(exchange)).isEqualTo(1008);
    assertThat(codeUp(exchange)).isEqualTo(1001);
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.BLOCKED);
  }

  @Test
  void agreesOnCompressionWithoutContext() {
    TestExchange exchange = asked().field("Sec-WebSocket-Extensions", "permessage-deflate").start();
    FakeUpstream.Call call = exchange.upstream().call();
    assertThat(call.head().fields().all(FieldName.SEC_WEBSOCKET_EXTENSIONS))
        .isEqualTo(
            List.of("permessage-deflate; server_no_context_takeover; client_no_context_takeover"));
    call.head(
        101,
        BodyLength.TUNNEL,
        "Sec-WebSocket-Extensions",
        "permessage-deflate; server_no_context_takeover");
    assertThat(exchange.client().head().fields().all(FieldName.SEC_WEBSOCKET_EXTENSIONS))
        .isEqualTo(
            List.of("permessage-deflate; server_no_context_takeover; client_no_context_takeover"));
    byte[] compressed = {
      (byte) 0xc1, 7, (byte) 0xf2, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 7, 0
    };
    answer(exchange, compressed);
    assertThat(exchange.client().bodyBytes()).isEqualTo(compressed);
    exchange.clientGoes();
  }

  private static TestExchange asked() {
    return TestExchange.get("/api/x").websocket(RULES).handshake();
  }

  private static FaultCode faultOf(TestExchange exchange) {
    return requireNonNull(exchange.record().fault()).code();
  }

  private static TestExchange open() {
    TestExchange exchange = asked().start();
    exchange.upstream().call().head(101, BodyLength.TUNNEL);
    return exchange;
  }

  private static void send(TestExchange exchange, byte[] bytes) {
    exchange.send(Unpooled.copiedBuffer(bytes));
  }

  private static void answer(TestExchange exchange, byte[] bytes) {
    exchange.upstream().call().chunk(Unpooled.copiedBuffer(bytes));
  }

  /** The code of the Close frame that the client was sent last. */
  private static int codeDown(TestExchange exchange) {
    ByteBuf sent = Unpooled.wrappedBuffer(exchange.client().bodyBytes());
    int code = 0;
    while (sent.isReadable()) {
      int first = sent.readUnsignedByte();
      int length = sent.readUnsignedByte();
      code = first == 0x88 ? sent.getUnsignedShort(sent.readerIndex()) : 0;
      sent.skipBytes(Math.min(length, sent.readableBytes()));
    }
    return code;
  }

  /** The same for the backend; it is masked. */
  private static int codeUp(TestExchange exchange) {
    ByteBuf sent = Unpooled.wrappedBuffer(exchange.upstream().call().bodyBytes());
    int code = 0;
    while (sent.isReadable()) {
      int first = sent.readUnsignedByte();
      int length = sent.readUnsignedByte() & 0x7f;
      int mask = sent.readInt();
      code =
          first == 0x88 ? (sent.getUnsignedShort(sent.readerIndex()) ^ (mask >>> 16)) & 0xffff : 0;
      sent.skipBytes(length);
    }
    return code;
  }

  private static byte[] join(byte[] first, byte[] second) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(first);
    all.writeBytes(second);
    return all.toByteArray();
  }

  /** Wants both bodies whole. */
  private static final class BodyReader implements Handler {
    @Override
    public String name() {
      return "reader";
    }

    @Override
    public Verdict onRequest(Exchange exchange) {
      return Verdict.Proceed.PROCEED;
    }

    @Override
    public BodyUse requestBody(Exchange exchange) {
      return new BodyUse.Whole(10);
    }

    @Override
    public BodyUse responseBody(Exchange exchange) {
      return new BodyUse.Whole(10);
    }

    @Override
    public Verdict onResponse(Exchange exchange) {
      var head = requireNonNull(exchange.response());
      head.fields().add(FieldName.of("X-Seen"), Integer.toString(head.status()));
      return Verdict.Proceed.PROCEED;
    }
  }

  /** Refuses. */
  private record Refusing(Fault fault) implements Handler {
    @Override
    public String name() {
      return "refusing";
    }

    @Override
    public Verdict onRequest(Exchange exchange) {
      return new Verdict.Reply(LocalReply.of(fault));
    }
  }
}
