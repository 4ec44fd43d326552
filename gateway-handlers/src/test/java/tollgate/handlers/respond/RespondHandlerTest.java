package tollgate.handlers.respond;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.core.fault.Outcome;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.testkit.TestExchange;
import tollgate.handlers.testing.OneLoop;

class RespondHandlerTest {
  @Test
  void answersInPlaceOfTheBackend() {
    TestExchange exchange =
        started(
            TestExchange.get("/api/x"),
            new RespondOptions(
                503,
                Map.of(FieldName.RETRY_AFTER, "120"),
                "{\"m\":\"später\"}",
                "application/json"));

    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(exchange.client().body()).isEqualTo("{\"m\":\"später\"}");
    Fields fields = exchange.client().head().fields();
    assertThat(fields.all(FieldName.CONTENT_TYPE)).containsExactly("application/json");
    assertThat(fields.all(FieldName.RETRY_AFTER)).containsExactly("120");
    assertThat(exchange.client().head().bodyLength()).isEqualTo(15);
    assertThat(exchange.upstream().calls()).isEmpty();
    assertThat(exchange.client().isEnded()).isTrue();
  }

  @Test
  void callsABodyTextWhereNothingElseIsSaid() {
    TestExchange exchange =
        started(TestExchange.get("/api/x"), new RespondOptions(200, Map.of(), "hello", null));

    assertThat(exchange.client().head().fields().first(FieldName.CONTENT_TYPE))
        .isEqualTo("text/plain; charset=utf-8");
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void answersWithoutABody() {
    TestExchange exchange =
        started(TestExchange.get("/api/x"), new RespondOptions(204, Map.of(), "", null));

    assertThat(exchange.client().status()).isEqualTo(204);
    assertThat(exchange.client().body()).isEmpty();
    assertThat(exchange.client().head().fields().contains(FieldName.CONTENT_TYPE)).isFalse();
  }

  @Test
  void tellsHeadTheLengthOfWhatGetWouldGet() {
    TestExchange exchange =
        started(
            TestExchange.request(Method.HEAD, "/api/x"),
            new RespondOptions(200, Map.of(), "hello", null));

    assertThat(exchange.client().head().bodyLength()).isEqualTo(5);
  }

  @Test
  void answersAnUploadWithoutReadingIt() {
    TestExchange exchange =
        started(
            TestExchange.request(Method.POST, "/api/x").body(1_000_000),
            new RespondOptions(200, Map.of(), "hello", null));

    assertThat(exchange.client().body()).isEqualTo("hello");
    assertThat(exchange.client().isReading()).isFalse();
  }

  @Test
  void isTheSameForEveryExchange() {
    var handler =
        new RespondHandlerType()
            .create(
                new RespondOptions(200, Map.of(), "hello", null), Side.REQUEST, OneLoop.CONTEXT);
    for (int i = 0; i < 3; i++) {
      TestExchange exchange =
          TestExchange.get("/api/x").handler(Stage.CONTENT, handler, Side.REQUEST).start();
      assertThat(exchange.client().body()).isEqualTo("hello");
    }
  }

  private static TestExchange started(TestExchange exchange, RespondOptions options) {
    return exchange
        .handler(
            Stage.CONTENT,
            new RespondHandlerType().create(options, Side.REQUEST, OneLoop.CONTEXT),
            Side.REQUEST)
        .start();
  }
}
