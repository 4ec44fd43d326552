package tollgate.handlers.tracecontext;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.handlers.tracecontext.TraceContextHandler.TRACEPARENT;
import static tollgate.handlers.tracecontext.TraceContextHandler.TRACESTATE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.exchange.TraceContext;
import tollgate.core.handler.Stage;
import tollgate.core.http.Fields;
import tollgate.core.testkit.TestExchange;
import tollgate.handlers.testing.OneLoop;

class TraceContextHandlerTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String GOOD = "00-" + TRACE + "-" + PARENT + "-01";

  @Test
  void continuesTheCallersTraceWithASpanOfItsOwn() {
    TestExchange exchange = started(TestExchange.get("/api/x").field("Traceparent", GOOD));

    String sent = sentParent(exchange);
    assertThat(sent).matches("00-" + TRACE + "-[0-9a-f]{16}-01").doesNotContain(PARENT);
    exchange.upstream().call().answer(200, "");
    assertThat(exchange.record().trace()).isEqualTo(new TraceContext(sent));
    assertThat(new TraceContext(sent).traceId()).isEqualTo(TRACE);
    assertThat(new TraceContext(sent).spanId()).isEqualTo(sent.substring(36, 52));
  }

  @Test
  void beginsATraceWhereThereIsNone() {
    TestExchange exchange = started(TestExchange.get("/api/x"));

    assertThat(sentParent(exchange)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  }

  @ParameterizedTest
  @CsvSource({"00,00", "01,01", "02,02", "03,03", "ff,03", "f8,00"})
  void passesOnTheFlagsItKnows(String received, String sent) {
    TestExchange exchange =
        started(
            TestExchange.get("/api/x")
                .field("traceparent", "00-" + TRACE + "-" + PARENT + "-" + received));

    assertThat(sentParent(exchange)).startsWith("00-" + TRACE).endsWith("-" + sent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0A",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "0g-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
        "00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01",
      })
  void beginsATraceInPlaceOfABadOne(String bad) {
    TestExchange exchange =
        started(
            TestExchange.get("/api/x").field("traceparent", bad).field("tracestate", "vendor=1"));

    assertThat(sentParent(exchange))
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01")
        .doesNotContain(TRACE)
        .doesNotContain(PARENT);
    assertThat(sent(exchange).contains(TRACESTATE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "-what-comes-next"})
  void readsLaterVersionsAsFarAsItKnowsThem(String rest) {
    TestExchange exchange =
        started(
            TestExchange.get("/api/x")
                .field("traceparent", "cc-" + TRACE + "-" + PARENT + "-01" + rest));

    assertThat(sentParent(exchange)).matches("00-" + TRACE + "-[0-9a-f]{16}-01");
  }

  @Test
  void beginsATraceInPlaceOfTwo() {
    TestExchange exchange =
        started(TestExchange.get("/api/x").field("traceparent", GOOD).field("traceparent", GOOD));

    assertThat(sentParent(exchange)).doesNotContain(TRACE);
  }

  @Test
  void keepsTraceState() {
    TestExchange exchange =
        started(
            TestExchange.get("/api/x")
                .field("traceparent", GOOD)
                .field("tracestate", "rojo=00f067aa0ba902b7,tenant@sys=t61"));

    assertThat(sent(exchange).all(TRACESTATE))
        .containsExactly("rojo=00f067aa0ba902b7,tenant@sys=t61");
  }

  @Test
  void combinesLinesOfTraceState() {
    TestExchange exchange =
        started(
            TestExchange.get("/api/x")
                .field("traceparent", GOOD)
                .field("tracestate", "a=1")
                .field("tracestate", "")
                .field("tracestate", "b=2 , c=3"));

    assertThat(sent(exchange).all(TRACESTATE)).containsExactly("a=1,,b=2 , c=3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "A=1", "a=", "a=1=2", "a b=1", "@a=1", "a@=1", "a@b@c=1", "a@1=1", "a=é"})
  void dropsTraceStateThatCannotBeParsedAndKeepsTheTrace(String state) {
    TestExchange exchange =
        started(TestExchange.get("/api/x").field("traceparent", GOOD).field("tracestate", state));

    assertThat(sent(exchange).contains(TRACESTATE)).isFalse();
    assertThat(sentParent(exchange)).contains(TRACE);
  }

  @Test
  void dropsTraceStateOfMoreThan32Members() {
    StringBuilder members = new StringBuilder("k0=v");
    for (int i = 1; i < 32; i++) {
      members.append(",k").append(i).append("=v");
    }

    assertThat(TraceState.isValid(members.toString())).isTrue();
    assertThat(TraceState.isValid(members + ",k32=v")).isFalse();
  }

  private static TestExchange started(TestExchange exchange) {
    return exchange.handler(Stage.LISTENER, TraceContextHandler.create(OneLoop.CONTEXT)).start();
  }

  private static Fields sent(TestExchange exchange) {
    return exchange.upstream().call().head().fields();
  }

  private static String sentParent(TestExchange exchange) {
    assertThat(sent(exchange).all(TRACEPARENT)).hasSize(1);
    return requireNonNull(sent(exchange).first(TRACEPARENT));
  }
}
