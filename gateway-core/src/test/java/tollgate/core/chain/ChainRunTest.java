package tollgate.core.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.fault.Outcome;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.ChunkFilter;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.Stage;
import tollgate.core.handler.Verdict;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.testkit.TestExchange;
import tollgate.core.upstream.Balance;
import tollgate.core.upstream.PassiveHealth;
import tollgate.core.upstream.RetryCause;
import tollgate.core.upstream.RetryRule;
import tollgate.core.upstream.UpstreamRules;

class ChainRunTest {
  private static final FieldName X_STEP = FieldName.of("X-Step");

  private static final UpstreamRules RETRYING =
      new UpstreamRules(
          Balance.ROUND_ROBIN,
          null,
          PassiveHealth.OFF,
          null,
          new RetryRule(2, EnumSet.allOf(RetryCause.class), Set.of(503), 20),
          0);

  private final List<String> log = new ArrayList<>();

  private static Verdict refusal() {
    return new Verdict.Reply(LocalReply.of(Fault.of(FaultCode.API_BLOCKED, "no")));
  }

  @Test
  void relaysAnUntouchedExchange() {
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/items?a=1").field("X-Custom", "v").body(5).start();

    assertThat(exchange.client().isReading()).isTrue();
    exchange.send("he").send("llo").sendEnd();
    var call = exchange.upstream().call();
    assertThat(call.head().path()).isEqualTo("/items");
    assertThat(call.head().query()).isEqualTo("a=1");
    assertThat(call.head().authority()).isEqualTo("backend-0:8080");
    assertThat(call.head().fields().first(FieldName.X_FORWARDED_HOST))
        .isEqualTo("gateway.example.com");
    assertThat(call.head().fields().first(FieldName.X_FORWARDED_FOR)).isEqualTo("192.0.2.7");
    assertThat(call.bodyLength()).isEqualTo(5);
    assertThat(call.body()).isEqualTo("hello");
    assertThat(call.isEnded()).isTrue();

    call.answer(201, "world", "X-Back", "1");
    assertThat(exchange.client().status()).isEqualTo(201);
    assertThat(exchange.client().body()).isEqualTo("world");
    assertThat(exchange.client().head().bodyLength()).isEqualTo(5);
    assertThat(exchange.client().isEnded()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.OK);
    assertThat(exchange.record().requestBytes()).isEqualTo(5);
    assertThat(exchange.record().responseBytes()).isEqualTo(5);
    assertThat(exchange.record().upstreamStatus()).isEqualTo(201);
  }

  @Test
  void unwindsInExactReverseAndEndsEveryHandlerOnce() {
    TestExchange exchange =
        TestExchange.get("/api/x")
            .handler(Stage.LISTENER, new Steps("a", log))
            .handler(Stage.CONTENT, new Steps("b", log))
            .handler(Stage.UPSTREAM, new Steps("c", log))
            .start();
    exchange.upstream().call().answer(200, "");

    assertThat(log)
        .containsExactly(
            "a>", "b>", "c>", "c<UPSTREAM", "b<UPSTREAM", "a<UPSTREAM", "c.", "b.", "a.");
  }

  @Test
  void refusalUnwindsOnlyWhatWasEnteredBeforeIt() {
    Steps refuses = new Steps("b", log);
    refuses.onRequest = _ -> refusal();
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x")
            .body(100)
            .handler(Stage.EDGE, new Steps("a", log))
            .handler(Stage.ACCESS, refuses)
            .handler(Stage.CONTENT, new Steps("c", log))
            .start();

    assertThat(log).containsExactly("a>", "b>", "a<LOCAL", "b.", "a.");
    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(exchange.client().body()).contains("\"code\":\"700700\"").contains("\"status\":503");
    assertThat(exchange.client().isReading()).as("a refused caller is never read").isFalse();
    assertThat(exchange.upstream().calls()).isEmpty();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.BLOCKED);
  }

  @Test
  void listenerHandlersSeeWhatNoRouteServes() {
    TestExchange exchange =
        TestExchange.get("/nowhere").handler(Stage.LISTENER, new Steps("a", log)).start();

    assertThat(log).containsExactly("a>", "a<LOCAL", "a.");
    assertThat(exchange.client().status()).isEqualTo(404);
    assertThat(exchange.record().route().api()).isEqualTo("_none");
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.NO_ROUTE);
  }

  @Test
  void listenerHandlersSeeMalformedHeads() {
    TestExchange exchange =
        TestExchange.get("/api/x")
            .malformed(Fault.of(FaultCode.MALFORMED_REQUEST, "bad"))
            .handler(Stage.LISTENER, new Steps("a", log))
            .handler(Stage.CONTENT, new Steps("b", log))
            .start();

    assertThat(log).containsExactly("a>", "a<LOCAL", "a.");
    assertThat(exchange.client().status()).isEqualTo(400);
    assertThat(exchange.client().isClosedAfter()).isTrue();
  }

  @Test
  void unknownMethodIsNotImplemented() {
    TestExchange exchange = TestExchange.request(Method.of("BREW"), "/api/x").start();
    assertThat(exchange.client().status()).isEqualTo(501);
  }

  @Test
  void laterResumesOnTheLoop() {
    CompletableFuture<Verdict.Decided> decision = new CompletableFuture<>();
    Steps waits = new Steps("a", log);
    waits.onRequest = _ -> new Verdict.Later(decision);
    TestExchange exchange =
        TestExchange.get("/api/x")
            .handler(Stage.IDENTITY, waits)
            .handler(Stage.CONTENT, new Steps("b", log))
            .start();
    assertThat(log).containsExactly("a>");

    decision.complete(Verdict.Proceed.PROCEED);
    assertThat(log).containsExactly("a>");
    exchange.loop().runTasks();
    exchange.upstream().call().answer(200, "x");
    assertThat(exchange.client().body()).isEqualTo("x");
    assertThat(log).contains("b>");
  }

  @Test
  void laterOnTheResponseSideHoldsTheBodyBack() {
    CompletableFuture<Verdict.Decided> decision = new CompletableFuture<>();
    Steps waits = new Steps("a", log);
    waits.onResponse = _ -> new Verdict.Later(decision);
    TestExchange exchange = TestExchange.get("/api/x").handler(Stage.CONTENT, waits).start();
    exchange.upstream().call().answer(200, "hello");
    assertThat(exchange.client().status()).isZero();

    decision.complete(Verdict.Proceed.PROCEED);
    exchange.loop().runTasks();
    assertThat(exchange.client().body()).isEqualTo("hello");
    assertThat(exchange.client().isEnded()).isTrue();
    assertThat(exchange.isEnded()).isTrue();
  }

  @Test
  void laterThatTakesTooLongIsRefused() {
    Steps waits = new Steps("a", log);
    waits.onRequest = _ -> new Verdict.Later(new CompletableFuture<>());
    TestExchange exchange = TestExchange.get("/api/x").handler(Stage.IDENTITY, waits).start();

    exchange.pass(Duration.ofNanos(PendingDecision.LONGEST_NANOS).plusMillis(50));
    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.INTERNAL);
  }

  @Test
  void laterIsDroppedWhenTheClientHasGone() {
    CompletableFuture<Verdict.Decided> decision = new CompletableFuture<>();
    Steps waits = new Steps("a", log);
    waits.onRequest = _ -> new Verdict.Later(decision);
    TestExchange exchange =
        TestExchange.get("/api/x")
            .handler(Stage.IDENTITY, waits)
            .handler(Stage.CONTENT, new Steps("b", log))
            .start();

    exchange.clientGoes();
    decision.complete(Verdict.Proceed.PROCEED);
    exchange.loop().runTasks();
    assertThat(log).containsExactly("a>", "a.");
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.CLIENT_CLOSED);
    assertThat(exchange.record().status()).isZero();
  }

  @Test
  void failedDecisionIsAnInternalError() {
    Steps waits = new Steps("a", log);
    waits.onRequest =
        _ -> new Verdict.Later(CompletableFuture.failedStage(new IllegalStateException("secret")));
    TestExchange exchange = TestExchange.get("/api/x").handler(Stage.IDENTITY, waits).start();
    exchange.loop().runTasks();
    assertThat(exchange.client().status()).isEqualTo(500);
    assertThat(exchange.client().body()).doesNotContain("secret");
  }

  @Test
  void throwingHandlerIsAnInternalErrorThatUnwinds() {
    Steps throwing = new Steps("b", log);
    throwing.onRequest =
        _ -> {
          throw new IllegalStateException("secret");
        };
    TestExchange exchange =
        TestExchange.get("/api/x")
            .handler(Stage.EDGE, new Steps("a", log))
            .handler(Stage.CONTENT, throwing)
            .start();
    assertThat(exchange.client().status()).isEqualTo(500);
    assertThat(exchange.client().body()).doesNotContain("secret");
    assertThat(log).containsExactly("a>", "b>", "a<LOCAL", "b.", "a.");
  }

  @Test
  void throwingResponseHandlerIsAnsweredOnce() {
    Steps throwing = new Steps("b", log);
    throwing.onResponse =
        _ -> {
          throw new IllegalStateException();
        };
    TestExchange exchange =
        TestExchange.get("/api/x")
            .handler(Stage.EDGE, new Steps("a", log))
            .handler(Stage.CONTENT, throwing)
            .start();
    exchange.upstream().call().answer(200, "hello");
    assertThat(exchange.client().status()).isEqualTo(500);
    assertThat(log).containsExactly("a>", "b>", "b<UPSTREAM", "a<LOCAL", "b.", "a.");
  }

  @Test
  void illegalFieldValueIsNeverSent() {
    Steps injecting = new Steps("a", log);
    injecting.onRequest =
        exchange -> {
          exchange.request().fields().set(X_STEP, "x\r\nEvil: 1");
          return Verdict.Proceed.PROCEED;
        };
    TestExchange exchange = TestExchange.get("/api/x").handler(Stage.CONTENT, injecting).start();
    assertThat(exchange.client().status()).isEqualTo(500);
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @Test
  void wholeBodyIsCollectedOnlyWhenItsHandlerIsReached() {
    CompletableFuture<Verdict.Decided> decision = new CompletableFuture<>();
    Steps first = new Steps("a", log);
    first.onRequest = _ -> new Verdict.Later(decision);
    Steps whole = new Steps("b", log);
    whole.requestBody = _ -> new BodyUse.Whole(10);
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x")
            .body(BodyLength.UNKNOWN)
            .handler(Stage.IDENTITY, first)
            .handler(Stage.CONTENT, whole)
            .start();
    assertThat(exchange.client().isReading()).isFalse();

    decision.complete(Verdict.Proceed.PROCEED);
    exchange.loop().runTasks();
    assertThat(exchange.client().isReading()).isTrue();
    exchange.send("he").send("llo");
    assertThat(exchange.upstream().calls()).isEmpty();
    exchange.sendEnd();
    assertThat(log).contains("b>body:hello");
    assertThat(exchange.upstream().call().body()).isEqualTo("hello");
    assertThat(exchange.upstream().call().bodyLength()).isEqualTo(5);
    assertThat(exchange.upstream().call().isEnded()).isTrue();
    exchange.upstream().call().answer(200, "");
  }

  @Test
  void replacedBodyGoesOutWithItsOwnLength() {
    Steps whole = new Steps("b", log);
    whole.requestBody = _ -> new BodyUse.Whole(10);
    whole.onRequestBody =
        body -> {
          body.replace(Unpooled.copiedBuffer("something longer", UTF_8));
          return Verdict.Proceed.PROCEED;
        };
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x").body(5).handler(Stage.CONTENT, whole).start();
    exchange.send("hello").sendEnd();
    assertThat(exchange.upstream().call().body()).isEqualTo("something longer");
    assertThat(exchange.upstream().call().bodyLength()).isEqualTo(16);
    exchange.clientGoes();
  }

  @ParameterizedTest
  @CsvSource({"11", "-1"})
  void collectedBodyThatIsTooLargeIsRefused(long declared) {
    Steps whole = new Steps("b", log);
    whole.requestBody = _ -> new BodyUse.Whole(10);
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x")
            .body(declared)
            .handler(Stage.CONTENT, whole)
            .start();
    exchange.send("0123456").send("789ab");
    assertThat(exchange.client().status()).isEqualTo(413);
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @Test
  void bodyBeyondTheListenersLimitIsRefusedBeforeItIsRead() {
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x").body(11).maxBody(10).start();
    assertThat(exchange.client().status()).isEqualTo(413);
    assertThat(exchange.client().isReading()).isFalse();
  }

  @Test
  void undeclaredBodyBeyondTheListenersLimitAbortsTheBackendsRequest() {
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x").body(BodyLength.UNKNOWN).maxBody(10).start();
    exchange.send("0123456789");
    assertThat(exchange.upstream().call().isAborted()).isFalse();
    exchange.send("a");
    assertThat(exchange.upstream().call().isAborted()).isTrue();
    assertThat(exchange.client().status()).isEqualTo(413);
  }

  @Test
  void filterSeesTheFirstBytesBeforeTheBackendHearsOfTheRequest() {
    Steps.UpperCase filter = new Steps.UpperCase(4);
    Steps filtering = new Steps("a", log);
    filtering.requestBody = _ -> new BodyUse.Chunks(filter);
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x")
            .body(BodyLength.UNKNOWN)
            .handler(Stage.CONTENT, filtering)
            .start();
    exchange.send("abcd");
    assertThat(exchange.upstream().calls()).isEmpty();
    exchange.send("e");
    assertThat(exchange.client().status()).isEqualTo(400);
    assertThat(exchange.upstream().calls()).isEmpty();
    assertThat(filter.isClosed).isTrue();
  }

  @Test
  void filterThatRefusesLaterAbortsTheBackendsRequestAndStillAnswers() {
    Steps filtering = new Steps("a", log);
    filtering.requestBody =
        _ -> new BodyUse.Chunks(new Steps.UpperCase(ChunkFilter.HELD_BACK_BYTES + 3));
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x")
            .body(BodyLength.UNKNOWN)
            .handler(Stage.CONTENT, filtering)
            .start();
    exchange.send("x".repeat(ChunkFilter.HELD_BACK_BYTES));
    var call = exchange.upstream().call();
    assertThat(call.body()).isEqualTo("X".repeat(ChunkFilter.HELD_BACK_BYTES));
    exchange.send("abc");
    assertThat(call.body()).endsWith("XABC");
    exchange.send("d");
    assertThat(call.isAborted()).isTrue();
    assertThat(exchange.client().status()).isEqualTo(400);
  }

  @Test
  void headIsFlushedWithWhatElseCameInItsBurst() {
    TestExchange exchange = TestExchange.request(Method.POST, "/api/x").body(4);
    exchange.client().telling(true);
    exchange.start();
    var call = exchange.upstream().call();
    assertThat(call.hasHead()).isTrue();
    assertThat(call.flushes()).isZero();
    exchange.readComplete();
    assertThat(call.flushes()).isEqualTo(1);
    exchange.send("abcd").sendEnd();
    call.answer(200, "");
  }

  @Test
  void headIsFlushedAtOnceWhereNoBurstGoesOn() {
    TestExchange exchange = TestExchange.request(Method.POST, "/api/x").body(4).start();
    assertThat(exchange.upstream().call().flushes()).isEqualTo(1);
    exchange.send("abcd").sendEnd();
    exchange.upstream().call().answer(200, "");
  }

  @Test
  void shortFilteredBodyGoesOutWithItsLength() {
    Steps filtering = new Steps("a", log);
    filtering.requestBody = _ -> new BodyUse.Chunks(new Steps.UpperCase(100));
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x")
            .body(4)
            .handler(Stage.CONTENT, filtering)
            .start();
    exchange.send("abcd").sendEnd();
    assertThat(exchange.upstream().call().bodyLength()).isEqualTo(4);
    assertThat(exchange.upstream().call().body()).isEqualTo("ABCD");
    exchange.upstream().call().answer(200, "");
  }

  @Test
  void filteredResponseIsSentWithoutALengthOfItsOwn() {
    Steps filtering = new Steps("a", log);
    filtering.responseBody = _ -> new BodyUse.Chunks(new Steps.UpperCase(100));
    TestExchange exchange = TestExchange.get("/api/x").handler(Stage.CONTENT, filtering).start();
    exchange.upstream().call().answer(200, "abc");
    assertThat(exchange.client().body()).isEqualTo("ABC");
    assertThat(exchange.client().head().bodyLength()).isEqualTo(BodyLength.UNKNOWN);
  }

  @Test
  void responseRefusedInMidBodyIsCutShort() {
    Steps filtering = new Steps("a", log);
    filtering.responseBody = _ -> new BodyUse.Chunks(new Steps.UpperCase(4));
    TestExchange exchange = TestExchange.get("/api/x").handler(Stage.CONTENT, filtering).start();
    var call = exchange.upstream().call();
    call.head(200, 10);
    call.chunk("abc");
    call.chunk("def");
    assertThat(exchange.client().isAborted()).isTrue();
    assertThat(exchange.client().isEnded()).isFalse();
    assertThat(call.isAborted()).isTrue();
  }

  @Test
  void collectedResponseMayBeReplaced() {
    Steps whole = new Steps("a", log);
    whole.responseBody = _ -> new BodyUse.Whole(100);
    whole.onResponseBody =
        body -> {
          body.replace(Unpooled.copiedBuffer("new", UTF_8));
          return Verdict.Proceed.PROCEED;
        };
    TestExchange exchange = TestExchange.get("/api/x").handler(Stage.CONTENT, whole).start();
    exchange.upstream().call().answer(200, "backend's");
    assertThat(log).contains("a<body:backend's");
    assertThat(exchange.client().body()).isEqualTo("new");
    assertThat(exchange.client().head().bodyLength()).isEqualTo(3);
  }

  @Test
  void collectedResponseThatIsTooLargeIsTheBackendsFault() {
    Steps whole = new Steps("a", log);
    whole.responseBody = _ -> new BodyUse.Whole(3);
    TestExchange exchange = TestExchange.get("/api/x").handler(Stage.CONTENT, whole).start();
    var call = exchange.upstream().call();
    call.head(200, BodyLength.UNKNOWN);
    call.chunk("abcd");
    assertThat(exchange.client().status()).isEqualTo(502);
    assertThat(call.isAborted()).isTrue();
  }

  @Test
  void answerToHeadKeepsTheDeclaredLength() {
    Steps whole = new Steps("a", log);
    whole.responseBody = _ -> new BodyUse.Whole(3);
    TestExchange exchange =
        TestExchange.request(Method.HEAD, "/api/x").handler(Stage.CONTENT, whole).start();
    var call = exchange.upstream().call();
    call.head(200, 1000);
    call.end();
    assertThat(exchange.client().head().bodyLength()).isEqualTo(1000);
    assertThat(exchange.client().isEnded()).isTrue();
  }

  @Test
  void informationalHeadsAreRelayedButNotTheBackends100() {
    TestExchange exchange = TestExchange.get("/api/x").start();
    var call = exchange.upstream().call();
    call.inform(100);
    call.inform(103, "Link", "</x>");
    call.answer(200, "");
    assertThat(exchange.client().informational()).hasSize(1);
    assertThat(exchange.client().informational().getFirst().status()).isEqualTo(103);
  }

  @Test
  void earlyAnswerReachesTheClientAndThatConnectionIsGivenUp() {
    TestExchange exchange = TestExchange.request(Method.POST, "/api/x").body(100).start();
    exchange.send("some");
    var call = exchange.upstream().call();
    call.answer(413, "no");
    assertThat(exchange.client().status()).isEqualTo(413);
    assertThat(exchange.client().isEnded()).isTrue();
    assertThat(call.isAborted()).isTrue();
    assertThat(exchange.isEnded()).isTrue();
    exchange.send("more").sendEnd();
  }

  @Test
  void bothDirectionsFlowAtOnce() {
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x").body(BodyLength.UNKNOWN).start();
    var call = exchange.upstream().call();
    call.head(200, BodyLength.UNKNOWN);
    exchange.send("a");
    call.chunk("b");
    exchange.send("c").sendEnd();
    assertThat(call.body()).isEqualTo("ac");
    call.end();
    assertThat(exchange.client().body()).isEqualTo("b");
    assertThat(call.isAborted()).isFalse();
  }

  @Test
  void clientThatGoesTakesTheAttemptWithIt() {
    TestExchange exchange = TestExchange.get("/api/x").start();
    exchange.clientGoes();
    assertThat(exchange.upstream().call().isAborted()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.CLIENT_CLOSED);
  }

  @Test
  void clientThatGoesWhileConnectingCancelsTheWait() {
    TestExchange exchange = TestExchange.get("/api/x").slowConnect().start();
    exchange.clientGoes();
    assertThat(exchange.upstream().call().isCancelled()).isTrue();
  }

  @Test
  void slowBackendPausesTheClient() {
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x").body(BodyLength.UNKNOWN).start();
    var call = exchange.upstream().call();
    call.writable(false);
    exchange.send("a");
    assertThat(exchange.client().isReading()).isFalse();
    call.writable(true);
    assertThat(exchange.client().isReading()).isTrue();
    exchange.clientGoes();
  }

  @Test
  void slowClientPausesTheBackend() {
    TestExchange exchange = TestExchange.get("/api/x").start();
    var call = exchange.upstream().call();
    call.head(200, 10);
    exchange.clientWritable(false);
    call.chunk("a");
    assertThat(call.isReading()).isFalse();
    exchange.clientWritable(true);
    assertThat(call.isReading()).isTrue();
    exchange.clientGoes();
  }

  @Test
  void safeRequestThatDiedOnAReusedConnectionIsTriedOnceMore() {
    TestExchange exchange = TestExchange.get("/api/x").targets(2).reusedConnections().start();
    exchange.upstream().call().fail(UpstreamFailure.Kind.DEAD_ON_REUSE);
    assertThat(exchange.upstream().calls()).hasSize(2);
    exchange.upstream().call().fail(UpstreamFailure.Kind.DEAD_ON_REUSE);
    assertThat(exchange.upstream().calls()).hasSize(2);
    assertThat(exchange.client().status()).isEqualTo(502);
    assertThat(exchange.record().attempts()).isEqualTo(2);
  }

  @Test
  void upstreamHandlersRunPerAttemptOnAHeadOfTheirOwn() {
    Steps signing = new Steps("s", log);
    signing.onRequest =
        exchange -> {
          var attempt = Objects.requireNonNull(exchange.attempt());
          attempt.head().fields().add(X_STEP, "attempt-" + attempt.number());
          return Verdict.Proceed.PROCEED;
        };
    TestExchange exchange =
        TestExchange.get("/api/x").reusedConnections().handler(Stage.UPSTREAM, signing).start();
    exchange.upstream().call().fail(UpstreamFailure.Kind.DEAD_ON_REUSE);
    exchange.upstream().call().answer(200, "");
    assertThat(log).containsExactly("s>", "s>", "s<UPSTREAM", "s.");
    assertThat(exchange.upstream().calls().get(0).head().fields().all(X_STEP))
        .containsExactly("attempt-1");
    assertThat(exchange.upstream().calls().get(1).head().fields().all(X_STEP))
        .containsExactly("attempt-2");
  }

  @ParameterizedTest
  @CsvSource({"POST, DEAD_ON_REUSE", "GET, RESET", "GET, CONNECT"})
  void nothingElseIsTriedAgain(String method, UpstreamFailure.Kind kind) {
    TestExchange exchange =
        TestExchange.request(Method.of(method), "/api/x").targets(2).reusedConnections().start();
    exchange.upstream().call().fail(kind);
    assertThat(exchange.upstream().calls()).hasSize(1);
    assertThat(exchange.client().status()).isEqualTo(502);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, RESET",
    "PUT, RESPONSE_TIMEOUT",
    "GET, CONNECT",
    "GET, TLS",
    "POST, CONNECT_TIMEOUT"
  })
  void whatTheRuleAllowsIsTriedElsewhere(String method, UpstreamFailure.Kind kind) {
    TestExchange exchange =
        TestExchange.request(Method.of(method), "/api/x").targets(2).rules(RETRYING).start();
    exchange.upstream().call().fail(kind);
    assertThat(exchange.upstream().calls()).hasSize(2);
    assertThat(exchange.upstream().call().target())
        .isNotEqualTo(exchange.upstream().calls().getFirst().target());
    exchange.upstream().call().answer(200, "ok");
    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(exchange.record().attempts()).isEqualTo(2);
  }

  @Test
  void nobodySeesAnAnswerThatIsTriedAgain() {
    Steps seen = new Steps("h", log);
    TestExchange exchange =
        TestExchange.get("/api/x").targets(2).rules(RETRYING).handler(Stage.EDGE, seen).start();
    exchange.upstream().call().head(503, 3);
    assertThat(exchange.upstream().calls()).hasSize(2);
    assertThat(exchange.upstream().calls().getFirst().isAborted())
        .as("a short answer is read to its end")
        .isFalse();
    exchange.upstream().calls().getFirst().chunk("bad");
    exchange.upstream().calls().getFirst().end();
    exchange.upstream().call().answer(200, "ok");
    assertThat(log).containsExactly("h>", "h<UPSTREAM", "h.");
    assertThat(exchange.client().body()).isEqualTo("ok");
  }

  @Test
  void aLongAnswerThatIsTriedAgainIsGivenUp() {
    TestExchange exchange = TestExchange.get("/api/x").targets(2).rules(RETRYING).start();
    exchange.upstream().call().head(503, BodyLength.UNKNOWN);
    assertThat(exchange.upstream().calls().getFirst().isAborted()).isTrue();
    exchange.upstream().call().answer(503, "still");
    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(exchange.client().body()).isEqualTo("still");
  }

  @Test
  void aTargetThatSaysWhenToComeBackIsNotAskedBefore() {
    TestExchange one = TestExchange.get("/api/x").rules(RETRYING).start();
    one.upstream().call().answer(503, "later", "Retry-After", "7");
    assertThat(one.upstream().calls()).hasSize(1);
    assertThat(one.client().status()).isEqualTo(503);
    TestExchange two = TestExchange.get("/api/x").targets(2).rules(RETRYING).start();
    two.upstream().call().answer(503, "later", "Retry-After", "7");
    two.upstream().call().answer(200, "ok");
    assertThat(two.client().status()).isEqualTo(200);
  }

  @Test
  void nothingIsTriedAgainAfterAnInformationalHeadWasPassedOn() {
    TestExchange exchange = TestExchange.get("/api/x").targets(2).rules(RETRYING).start();
    exchange.upstream().call().inform(103, "Link", "</a>");
    exchange.upstream().call().answer(503, "no");
    assertThat(exchange.upstream().calls()).hasSize(1);
    assertThat(exchange.client().status()).isEqualTo(503);
  }

  @Test
  void refusesWhereTheBreakerIsOpenAndFreesItsPlace() {
    UpstreamRules closed =
        new UpstreamRules(
            Balance.ROUND_ROBIN, null, PassiveHealth.OFF, null, RetryRule.DEFAULTS, 1);
    TestExchange exchange = TestExchange.get("/api/x").rules(closed).start();
    exchange.upstream().call().answer(200, "ok");
    assertThat(exchange.client().status()).isEqualTo(200);
    exchange = TestExchange.get("/api/x").start();
    exchange.upstream().call().fail(UpstreamFailure.Kind.BREAKER_OPEN);
    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.BREAKER_OPEN);
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT, 502, UPSTREAM_CONNECT",
    "TLS, 502, UPSTREAM_CONNECT",
    "CONNECT_TIMEOUT, 504, UPSTREAM_CONNECT",
    "POOL_EXHAUSTED, 503, UPSTREAM_CONNECT",
    "RESET, 502, UPSTREAM_RESET",
    "RESPONSE_TIMEOUT, 504, UPSTREAM_TIMEOUT",
    "PROTOCOL, 502, UPSTREAM_ERROR"
  })
  void failuresAreToldApart(UpstreamFailure.Kind kind, int status, Outcome outcome) {
    TestExchange exchange = TestExchange.get("/api/x").start();
    exchange.upstream().call().fail(kind);
    assertThat(exchange.client().status()).isEqualTo(status);
    assertThat(exchange.record().outcome()).isEqualTo(outcome);
    assertThat(exchange.client().body()).doesNotContain("told to").doesNotContain("backend-0");
  }

  @Test
  void failureInMidBodyCutsTheResponseShort() {
    TestExchange exchange = TestExchange.get("/api/x").start();
    var call = exchange.upstream().call();
    call.head(200, 10);
    call.chunk("abc");
    call.fail(UpstreamFailure.Kind.RESET);
    assertThat(exchange.client().isAborted()).isTrue();
    assertThat(exchange.client().isEnded()).isFalse();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.UPSTREAM_RESET);
  }

  @Test
  void unreadableBodyIsAnsweredAndAbortsTheAttempt() {
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x").body(BodyLength.UNKNOWN).start();
    exchange.send("abc").sendFails(Fault.of(FaultCode.MALFORMED_BODY, "bad chunk"));
    assertThat(exchange.upstream().call().isAborted()).isTrue();
    assertThat(exchange.client().status()).isEqualTo(400);
    assertThat(exchange.client().isClosedAfter()).isTrue();
  }
}
