package tollgate.core.chain;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.fault.Outcome;
import tollgate.core.grpc.GrpcRules;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.Stage;
import tollgate.core.handler.Verdict;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.testkit.TestExchange;
import tollgate.core.upstream.Balance;
import tollgate.core.upstream.PassiveHealth;
import tollgate.core.upstream.RetryCause;
import tollgate.core.upstream.RetryRule;
import tollgate.core.upstream.UpstreamRules;

class GrpcCallTest {
  private static final FieldName STATUS = FieldName.of("grpc-status");
  private static final FieldName MESSAGE = FieldName.of("grpc-message");
  private static final FieldName CODE = FieldName.of("tollgate-code");
  private static final FieldName TIMEOUT = FieldName.of("grpc-timeout");
  private static final GrpcRules RULES = new GrpcRules(100, Long.MAX_VALUE);

  private final List<String> log = new ArrayList<>();

  private static TestExchange call() {
    return call("application/grpc");
  }

  private static TestExchange call(String contentType) {
    return TestExchange.request(Method.POST, "/api/demo.Greeter/Hello")
        .protocol("h2")
        .field("content-type", contentType)
        .field("te", "trailers")
        .body(BodyLength.UNKNOWN)
        .stream(StreamKind.GRPC)
        .grpc(RULES);
  }

  private static ByteBuf message(int length) {
    return Unpooled.buffer().writeByte(0).writeInt(length).writeZero(length);
  }

  private static Trailers status(int code) {
    return new Trailers(List.of(new Trailers.Line("grpc-status", Integer.toString(code))));
  }

  private static @Nullable String trailer(TestExchange exchange, FieldName name) {
    return exchange.client().trailers().lines().stream()
        .filter(line -> line.name().equals(name.text()))
        .map(Trailers.Line::value)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String field(TestExchange exchange, FieldName name) {
    return exchange.client().head().fields().first(name);
  }

  @Test
  void relaysACallWithItsTrailers() {
    TestExchange exchange = call().start();
    exchange.send(message(3)).sendEnd();
    var backend = exchange.upstream().call();
    assertThat(backend.head().fields().all(FieldName.TE)).containsExactly("trailers");
    assertThat(backend.head().fields().first(TIMEOUT)).isNull();
    assertThat(backend.bodyBytes()).hasSize(8);
    assertThat(backend.isEnded()).isTrue();

    backend.head(200, BodyLength.UNKNOWN, "content-type", "application/grpc");
    backend.chunk(message(4));
    backend.end(status(0));
    assertThat(exchange.client().bodyBytes()).hasSize(9);
    assertThat(trailer(exchange, STATUS)).isEqualTo("0");
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.OK);
    assertThat(exchange.loop().hasAlarms()).isFalse();
  }

  @Test
  void bothSidesTalkByTurns() {
    TestExchange exchange = call().start();
    var backend = exchange.upstream().call(); // before anything of the body came
    exchange.send(message(1));
    assertThat(backend.bodyBytes()).hasSize(6);
    backend.head(200, BodyLength.UNKNOWN, "content-type", "application/grpc");
    backend.chunk(message(2));
    assertThat(exchange.client().bodyBytes()).hasSize(7);
    exchange.send(message(3)).sendEnd();
    assertThat(backend.bodyBytes()).hasSize(6 + 8);
    backend.end(status(0));
    assertThat(trailer(exchange, STATUS)).isEqualTo("0");
    assertThat(exchange.isEnded()).isTrue();
  }

  @Test
  void aStreamMayBeLongerThanTheListenersLimit() {
    TestExchange exchange = call().maxBody(10).start();
    exchange.send(message(50)).send(message(50)).sendEnd();
    assertThat(exchange.upstream().call().bodyBytes()).hasSize(110);
    exchange.clientGoes();
  }

  @Test
  void theBackendMayEndBeforeTheCaller() {
    TestExchange exchange = call().start();
    exchange.send(message(1));
    var backend = exchange.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "content-type", "application/grpc");
    backend.end(status(5));
    assertThat(trailer(exchange, STATUS)).isEqualTo("5");
    assertThat(exchange.isEnded()).isTrue();
    assertThat(backend.isAborted()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"application/grpc", "application/grpc+proto;q=1"})
  void refusesInGrpcsOwnWords(String contentType) {
    Steps refusing = new Steps("refusing", log);
    refusing.onRequest =
        _ ->
            new Verdict.Reply(
                LocalReply.of(Fault.of(FaultCode.API_BLOCKED, "100% blocked"))
                    .with(FieldName.RETRY_AFTER, "7"));
    TestExchange exchange = call(contentType).handler(Stage.EDGE, refusing).start();
    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(field(exchange, FieldName.CONTENT_TYPE)).isEqualTo("application/grpc");
    assertThat(field(exchange, STATUS)).isEqualTo("14");
    assertThat(field(exchange, MESSAGE)).isEqualTo("100%25 blocked");
    assertThat(field(exchange, CODE)).isEqualTo("700700");
    assertThat(field(exchange, FieldName.RETRY_AFTER)).isEqualTo("7");
    assertThat(field(exchange, FieldName.of("grpc-retry-pushback-ms"))).isEqualTo("7000");
    assertThat(exchange.client().head().bodyLength()).isZero();
    assertThat(exchange.client().bodyBytes()).isEmpty();
    assertThat(exchange.client().isEnded()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.BLOCKED);
    assertThat(exchange.record().status()).isEqualTo(200);
  }

  @Test
  void refusesWhatNoOperationServes() {
    TestExchange exchange = call().operation("/other.Service/Hello").start();
    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(field(exchange, STATUS)).isEqualTo("12");
    assertThat(field(exchange, CODE)).isEqualTo("900906");
  }

  @Test
  void refusesTheMalformed() {
    TestExchange exchange =
        call().malformed(Fault.of(FaultCode.MALFORMED_PATH, "The path is bad.")).start();
    assertThat(field(exchange, STATUS)).isEqualTo("13");
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.INVALID_REQUEST);
  }

  @Test
  void tellsOthersAsEver() {
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x")
            .field("content-type", "application/json")
            .operation("/other")
            .start();
    assertThat(exchange.client().status()).isEqualTo(404);
    assertThat(field(exchange, FieldName.CONTENT_TYPE)).isEqualTo("application/problem+json");
  }

  @Test
  void refusesWebCallersInTheBody() {
    TestExchange exchange =
        call("application/grpc-web+proto").operation("/other.Service/Hello").start();
    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(field(exchange, FieldName.CONTENT_TYPE)).isEqualTo("application/grpc-web+proto");
    assertThat(field(exchange, STATUS)).isNull();
    byte[] frame = exchange.client().bodyBytes();
    assertThat(frame).startsWith(0x80, 0, 0, 0, frame.length - 5);
    assertThat(new String(frame, 5, frame.length - 5, ISO_8859_1))
        .isEqualTo(
            """
            grpc-status:12
            grpc-message:No matching resource found for the request.
            tollgate-code:900906
            """
                .replace("\n", "\r\n"));

    TestExchange text = call("application/grpc-web-text").operation("/other.Service/Hello").start();
    assertThat(field(text, FieldName.CONTENT_TYPE)).isEqualTo("application/grpc-web-text+proto");
    assertThat(Base64.getDecoder().decode(text.client().bodyBytes())).isEqualTo(frame);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/grpc-web+proto", "text/plain"})
  void anOperationThatIsGrpcServesNothingElse(String contentType) {
    TestExchange exchange = call(contentType).start();
    assertThat(exchange.upstream().calls()).isEmpty();
    assertThat(exchange.record().fault())
        .extracting(Fault::code)
        .isEqualTo(FaultCode.UNSUPPORTED_MEDIA_TYPE);
  }

  @Test
  void refusesATimeoutThatIsNone() {
    for (String timeout : List.of("123456789S", "1", "-1S", "99999999999999999999n")) {
      TestExchange exchange = call().field("grpc-timeout", timeout).start();
      assertThat(field(exchange, STATUS)).isEqualTo("13");
      assertThat(exchange.upstream().calls()).isEmpty();
    }
    TestExchange twice = call().field("grpc-timeout", "1S").field("grpc-timeout", "2S").start();
    assertThat(field(twice, STATUS)).isEqualTo("13");
    TestExchange gone = call().field("grpc-timeout", "0S").start();
    assertThat(field(gone, STATUS)).isEqualTo("4");
    assertThat(gone.upstream().calls()).isEmpty();
  }

  @Test
  void endsAtTheDeadline() {
    TestExchange exchange = call().field("grpc-timeout", "2S").start();
    assertThat(exchange.upstream().call().head().fields().all(TIMEOUT)).containsExactly("2000000u");
    exchange.send(message(1)).sendEnd().pass(Duration.ofMillis(1900));
    assertThat(exchange.isEnded()).isFalse();
    exchange.pass(Duration.ofMillis(300));
    assertThat(field(exchange, STATUS)).isEqualTo("4");
    assertThat(field(exchange, CODE)).isEqualTo("504100");
    assertThat(exchange.upstream().call().isAborted()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.UPSTREAM_TIMEOUT);
    assertThat(exchange.loop().hasAlarms()).isFalse();
  }

  @Test
  void theOperationBoundsTheDeadline() {
    GrpcRules bounded = new GrpcRules(100, 1_000_000_000);
    assertThat(call().grpc(bounded).start().upstream().call().head().fields().all(TIMEOUT))
        .containsExactly("1000000u");
    TestExchange exchange = call().grpc(bounded).field("grpc-timeout", "1H").start();
    exchange.pass(Duration.ofMillis(1200));
    assertThat(field(exchange, STATUS)).isEqualTo("4");
    TestExchange shorter = call().grpc(bounded).field("grpc-timeout", "500m").start();
    assertThat(shorter.upstream().call().head().fields().all(TIMEOUT)).containsExactly("500000u");
  }

  @Test
  void theDeadlineIsOfAllTriesTogether() {
    TestExchange exchange =
        call()
            .field("grpc-timeout", "2S")
            .rules(
                new UpstreamRules(
                    Balance.ROUND_ROBIN,
                    null,
                    PassiveHealth.OFF,
                    null,
                    new RetryRule(3, EnumSet.allOf(RetryCause.class), Set.of(), 20),
                    0))
            .targets(3)
            .start();
    exchange.pass(Duration.ofMillis(500));
    exchange.upstream().call().fail(UpstreamFailure.Kind.CONNECT);
    assertThat(exchange.upstream().calls()).hasSize(2);
    assertThat(exchange.upstream().call().head().fields().all(TIMEOUT)).containsExactly("1500000u");
    exchange.pass(Duration.ofMillis(1700));
    assertThat(field(exchange, STATUS)).isEqualTo("4");
    assertThat(exchange.record().attempts()).isEqualTo(2);
  }

  @Test
  void aDeadlineInMidStreamIsTheStatusOfIt() {
    TestExchange exchange = call().field("grpc-timeout", "1S").start();
    var backend = exchange.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "content-type", "application/grpc");
    backend.chunk(message(3));
    exchange.pass(Duration.ofMillis(1200));
    assertThat(trailer(exchange, STATUS)).isEqualTo("4");
    assertThat(trailer(exchange, CODE)).isEqualTo("504100");
    assertThat(exchange.client().isAborted()).isFalse();
    assertThat(backend.isAborted()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.UPSTREAM_TIMEOUT);
    assertThat(exchange.record().grpcStatus()).isEqualTo(4);
  }

  @Test
  void theStatusOfTheBackendIsRecorded() {
    TestExchange inTrailers = call().start();
    var backend = inTrailers.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "content-type", "application/grpc");
    backend.end(new Trailers(List.of(new Trailers.Line("grpc-status", "5"))));
    assertThat(inTrailers.record().grpcStatus()).isEqualTo(5);
    TestExchange inHead = call().start();
    backend = inHead.upstream().call();
    backend.head(200, 0, "content-type", "application/grpc", "grpc-status", "no number");
    backend.end();
    assertThat(inHead.record().grpcStatus()).isEqualTo(2);
    TestExchange none = call().start();
    backend = none.upstream().call();
    backend.head(503, 0);
    backend.end();
    assertThat(none.record().grpcStatus()).isEqualTo(-1);
  }

  @Test
  void aBackendThatBreaksOffBetweenMessagesIsUnavailable() {
    TestExchange exchange = call().start();
    var backend = exchange.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "content-type", "application/grpc");
    backend.chunk(message(3));
    backend.fail(UpstreamFailure.Kind.RESET);
    assertThat(trailer(exchange, STATUS)).isEqualTo("14");
    assertThat(exchange.client().isAborted()).isFalse();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.UPSTREAM_RESET);
  }

  @Test
  void oneThatBreaksOffWithinAMessageResets() {
    TestExchange exchange = call().start();
    var backend = exchange.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "content-type", "application/grpc");
    backend.chunk(message(3).writerIndex(6));
    backend.fail(UpstreamFailure.Kind.RESET);
    assertThat(exchange.client().isAborted()).isTrue();
    assertThat(exchange.client().isEnded()).isFalse();
  }

  @Test
  void overHttp1ABrokenStreamIsCut() {
    TestExchange exchange = call().protocol("HTTP/1.1").start();
    var backend = exchange.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "content-type", "application/grpc");
    backend.chunk(message(3));
    backend.fail(UpstreamFailure.Kind.RESET);
    assertThat(exchange.client().isAborted()).isTrue();
  }

  @Test
  void aMessageOfTheCallerThatIsTooLongIsNotPassedOn() {
    TestExchange exchange = call().start();
    exchange.send(message(100)).send(Unpooled.buffer().writeByte(0).writeInt(-1));
    var backend = exchange.upstream().call();
    assertThat(backend.bodyBytes()).hasSize(105);
    assertThat(backend.isAborted()).isTrue();
    assertThat(field(exchange, STATUS)).isEqualTo("8");
    assertThat(field(exchange, CODE)).isEqualTo("413100");
  }

  @Test
  void aBodyThatIsNoMessageIsRefused() {
    TestExchange exchange = call().start();
    exchange.send("GET / HTTP/1.1\r\n");
    assertThat(field(exchange, STATUS)).isEqualTo("13");
    assertThat(exchange.upstream().call().bodyBytes()).isEmpty();

    TestExchange half = call().start();
    half.send(message(10).writerIndex(8)).sendEnd();
    assertThat(field(half, STATUS)).isEqualTo("13");
    assertThat(half.upstream().call().isEnded()).isFalse();
    assertThat(half.upstream().call().isAborted()).isTrue();
  }

  @Test
  void aMessageOfTheBackendThatIsTooLongEndsTheCall() {
    TestExchange exchange = call().start();
    var backend = exchange.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "content-type", "application/grpc");
    backend.chunk(message(3));
    backend.chunk(message(101));
    assertThat(exchange.client().bodyBytes()).hasSize(8);
    assertThat(trailer(exchange, STATUS)).isEqualTo("8");
    assertThat(trailer(exchange, CODE)).isEqualTo("101510");
    assertThat(backend.isAborted()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.INVALID_RESPONSE);
  }

  @Test
  void anAnswerWithoutAStatusGetsOne() {
    TestExchange exchange = call().start();
    exchange.sendEnd();
    var backend = exchange.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "content-type", "application/grpc+proto");
    backend.chunk(message(3));
    backend.end(new Trailers(List.of(new Trailers.Line("x-own", "1"))));
    assertThat(exchange.client().bodyBytes()).hasSize(8);
    assertThat(trailer(exchange, FieldName.of("x-own"))).isEqualTo("1");
    assertThat(trailer(exchange, STATUS)).isEqualTo("13");
    assertThat(trailer(exchange, CODE)).isEqualTo("101506");
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.UPSTREAM_ERROR);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, BodyLength.ABSENT})
  void aStatusInTheHeadIsOne(long length) {
    TestExchange exchange = call().start();
    exchange.sendEnd();
    var backend = exchange.upstream().call();
    backend.head(200, length, "content-type", "application/grpc", "grpc-status", "5");
    backend.end();
    assertThat(exchange.client().head().bodyLength()).isEqualTo(length);
    assertThat(field(exchange, STATUS)).isEqualTo("5");
    assertThat(exchange.client().trailers().isEmpty()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void anAnswerThatIsNoGrpcPassesAsItIs() {
    TestExchange exchange = call().start();
    exchange.sendEnd();
    exchange.upstream().call().answer(503, "<html>busy", "content-type", "text/html");
    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(exchange.client().body()).isEqualTo("<html>busy");
    assertThat(exchange.client().trailers().isEmpty()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.UPSTREAM_ERROR);
  }

  @Test
  void onAnOrdinaryRouteMessagesAreNobodysBusiness() {
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x")
            .protocol("h2")
            .field("content-type", "application/grpc")
            .field("grpc-timeout", "1S")
            .body(BodyLength.UNKNOWN)
            .start();
    exchange.send("no message at all").sendEnd();
    var backend = exchange.upstream().call();
    assertThat(backend.body()).isEqualTo("no message at all");
    assertThat(backend.head().fields().all(FieldName.TE)).containsExactly("trailers");
    assertThat(backend.head().fields().all(TIMEOUT)).containsExactly("1000000u");
    exchange.pass(Duration.ofMillis(1200));
    assertThat(field(exchange, STATUS)).isEqualTo("4");
  }

  @Test
  void aCallerThatGoesLeavesNothingBehind() {
    TestExchange exchange = call().field("grpc-timeout", "1S").start();
    exchange.send(message(3)).clientGoes();
    assertThat(exchange.upstream().call().isAborted()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.CLIENT_CLOSED);
    assertThat(exchange.loop().hasAlarms()).isFalse();
  }
}
