package tollgate.handlers.requestid;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.handlers.requestid.RequestIdHandler.ACTIVITY_ID;
import static tollgate.handlers.requestid.RequestIdHandler.X_REQUEST_ID;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.Stage;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.testkit.TestExchange;
import tollgate.handlers.testing.OneLoop;

class RequestIdHandlerTest {
  private static final String UUID =
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

  @Test
  void takesTheClientsIdAndSendsItBothWays() {
    TestExchange exchange =
        started(TestExchange.get("/api/x").field("x-request-id", "order:7/a=b"));

    Fields sent = exchange.upstream().call().head().fields();
    assertThat(sent.all(X_REQUEST_ID)).containsExactly("order:7/a=b");
    assertThat(sent.all(ACTIVITY_ID)).containsExactly("order:7/a=b");
    exchange
        .upstream()
        .call()
        .answer(200, "hello", "X-Request-Id", "backend", "activityid", "backend");
    Fields answered = exchange.client().head().fields();
    assertThat(answered.all(X_REQUEST_ID)).containsExactly("order:7/a=b");
    assertThat(answered.all(ACTIVITY_ID)).containsExactly("order:7/a=b");
    assertThat(exchange.record().requestId()).isEqualTo("order:7/a=b");
  }

  @Test
  void takesActivityIdToo() {
    TestExchange exchange =
        started(TestExchange.get("/api/x").field("activityid", "urn:uuid:6d1e"));

    assertThat(sentId(exchange)).isEqualTo("urn:uuid:6d1e");
  }

  @Test
  void prefersXRequestIdToActivityId() {
    TestExchange exchange =
        started(TestExchange.get("/api/x").field("activityid", "a").field("X-Request-Id", "b"));

    assertThat(sentId(exchange)).isEqualTo("b");
  }

  @Test
  void fallsBackToActivityIdWhereTheOtherIsIllFormed() {
    TestExchange exchange =
        started(TestExchange.get("/api/x").field("X-Request-Id", "a b").field("activityid", "c"));

    assertThat(sentId(exchange)).isEqualTo("c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "a,b", "a\"b", "<script>", "a;b", "a\\b", "é", "a%0d", "{7*7}"})
  void replacesIllFormedIds(String given) {
    TestExchange exchange = started(TestExchange.get("/api/x").field("X-Request-Id", given));

    assertThat(sentId(exchange)).matches(UUID);
  }

  @Test
  void takesNoMoreThan128Characters() {
    String longest = "a".repeat(RequestIdHandler.MAX_LENGTH);

    assertThat(sentId(started(TestExchange.get("/api/x").field("X-Request-Id", longest))))
        .isEqualTo(longest);
    assertThat(sentId(started(TestExchange.get("/api/x").field("X-Request-Id", longest + "a"))))
        .matches(UUID);
  }

  @Test
  void replacesDuplicates() {
    TestExchange exchange =
        started(TestExchange.get("/api/x").field("X-Request-Id", "a").field("X-Request-Id", "a"));

    assertThat(sentId(exchange)).matches(UUID);
    assertThat(exchange.upstream().call().head().fields().all(X_REQUEST_ID)).hasSize(1);
  }

  @Test
  void sendsNoTwinWithUnderscores() {
    TestExchange exchange = started(TestExchange.get("/api/x").field("X_Request_Id", "forged"));

    Fields sent = exchange.upstream().call().head().fields();
    assertThat(sent.contains(FieldName.of("X_Request_Id"))).isFalse();
    assertThat(sentId(exchange)).matches(UUID);
  }

  @Test
  void givesEveryExchangeAnIdOfItsOwn() {
    RequestIdHandler handler = RequestIdHandler.create(OneLoop.CONTEXT);
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      ids.add(sentId(TestExchange.get("/api/x").handler(Stage.LISTENER, handler).start()));
    }

    assertThat(ids).hasSize(1000).allMatch(id -> id.matches(UUID));
  }

  @Test
  void namesRefusalsOfMalformedRequests() {
    TestExchange exchange =
        started(
            TestExchange.get("/api/x")
                .malformed(Fault.of(FaultCode.MALFORMED_REQUEST, "The request is malformed.")));

    String id = exchange.client().head().fields().first(X_REQUEST_ID);
    assertThat(id).matches(UUID);
    assertThat(exchange.client().body()).contains("\"request_id\":\"" + id + "\"");
  }

  private static TestExchange started(TestExchange exchange) {
    return exchange.handler(Stage.LISTENER, RequestIdHandler.create(OneLoop.CONTEXT)).start();
  }

  private static String sentId(TestExchange exchange) {
    Fields sent = exchange.upstream().call().head().fields();
    assertThat(sent.all(X_REQUEST_ID)).isEqualTo(sent.all(ACTIVITY_ID)).hasSize(1);
    return sent.all(X_REQUEST_ID).getFirst();
  }
}
