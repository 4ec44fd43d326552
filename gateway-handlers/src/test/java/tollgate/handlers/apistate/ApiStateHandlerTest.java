package tollgate.handlers.apistate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tollgate.config.model.ApiConfig.State;
import tollgate.core.fault.Outcome;
import tollgate.core.handler.Stage;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.testkit.TestExchange;

class ApiStateHandlerTest {
  @ParameterizedTest
  @EnumSource(
      value = State.class,
      names = {"CREATED", "RETIRED"})
  void answersAsIfThereWereNoSuchApi(State state) {
    TestExchange hidden = started(state, "/api/x");
    TestExchange nothing = TestExchange.get("/nothing").start();

    assertThat(hidden.client().status()).isEqualTo(404);
    assertThat(hidden.client().bodyBytes()).isEqualTo(nothing.client().bodyBytes());
    assertThat(lines(hidden)).isEqualTo(lines(nothing));
    assertThat(hidden.upstream().calls()).isEmpty();
    assertThat(hidden.record().outcome()).isEqualTo(Outcome.NO_ROUTE);
  }

  @Test
  void refusesCallsOfABlockedApi() {
    TestExchange exchange = started(State.BLOCKED, "/api/x");

    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(exchange.client().body()).contains("\"code\":\"700700\"");
    assertThat(exchange.upstream().calls()).isEmpty();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.BLOCKED);
  }

  @Test
  void marksAnswersOfADeprecatedApi() {
    TestExchange exchange =
        TestExchange.get("/api/x")
            .handler(
                Stage.EDGE,
                requireNonNull(
                    ApiStateHandler.of(State.DEPRECATED, Instant.parse("2027-03-01T05:06:07Z"))))
            .start();
    exchange.upstream().call().answer(200, "ok", "Sunset", "backend", "deprecation", "backend");

    Fields fields = exchange.client().head().fields();
    assertThat(fields.all(ApiStateHandler.DEPRECATION)).containsExactly("@0");
    assertThat(fields.all(ApiStateHandler.SUNSET)).containsExactly("Mon, 01 Mar 2027 05:06:07 GMT");
  }

  @Test
  void saysNothingOfAnEndThatIsNotKnown() {
    TestExchange exchange = started(State.DEPRECATED, "/api/x");
    exchange.upstream().call().answer(200, "ok");

    Fields fields = exchange.client().head().fields();
    assertThat(fields.contains(ApiStateHandler.DEPRECATION)).isTrue();
    assertThat(fields.contains(ApiStateHandler.SUNSET)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = State.class,
      names = {"PROTOTYPED", "PUBLISHED"})
  void isNotThereForApisThatServe(State state) {
    assertThat(ApiStateHandler.of(state, null)).isNull();
  }

  private static TestExchange started(State state, String path) {
    return TestExchange.get(path)
        .handler(Stage.EDGE, requireNonNull(ApiStateHandler.of(state, null)))
        .start();
  }

  private static String lines(TestExchange exchange) {
    Fields fields = exchange.client().head().fields();
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < fields.addedCount(); i++) {
      FieldName name = fields.addedName(i);
      lines.append(name).append(": ").append(fields.addedValue(i)).append('\n');
    }
    return lines.toString();
  }
}
