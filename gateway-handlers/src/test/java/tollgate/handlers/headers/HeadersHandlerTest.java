package tollgate.handlers.headers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.testkit.TestExchange;
import tollgate.handlers.testing.OneLoop;

class HeadersHandlerTest {
  private static final FieldName A = FieldName.of("X-A");
  private static final FieldName B = FieldName.of("X-B");
  private static final FieldName C = FieldName.of("X-C");
  private static final HeadersOptions EDITS =
      new HeadersOptions(Map.of(B, "set"), Map.of(C, "added"), List.of(A));

  @Test
  void editsTheRequestOnly() {
    TestExchange exchange = started(Side.REQUEST, EDITS);

    Fields sent = exchange.upstream().call().head().fields();
    assertThat(sent.contains(A)).isFalse();
    assertThat(sent.all(B)).containsExactly("set");
    assertThat(sent.all(C)).containsExactly("3", "added");
    exchange.upstream().call().answer(200, "", "X-A", "1", "X-B", "2", "X-C", "3");
    Fields answered = exchange.client().head().fields();
    assertThat(answered.all(A)).containsExactly("1");
    assertThat(answered.all(B)).containsExactly("2");
    assertThat(answered.all(C)).containsExactly("3");
  }

  @Test
  void editsTheResponseOnly() {
    TestExchange exchange = started(Side.RESPONSE, EDITS);

    Fields sent = exchange.upstream().call().head().fields();
    assertThat(sent.all(A)).containsExactly("1");
    assertThat(sent.all(C)).containsExactly("3");
    exchange.upstream().call().answer(200, "", "x-a", "1", "x-a", "1", "x-b", "2", "X-C", "3");
    Fields answered = exchange.client().head().fields();
    assertThat(answered.contains(A)).isFalse();
    assertThat(answered.all(B)).containsExactly("set");
    assertThat(answered.all(C)).containsExactly("3", "added");
  }

  @Test
  void removesThenSetsThenAdds() {
    Map<FieldName, String> set = new LinkedHashMap<>();
    set.put(A, "first");
    TestExchange exchange =
        started(Side.REQUEST, new HeadersOptions(set, Map.of(A, "second"), List.of(A)));

    assertThat(exchange.upstream().call().head().fields().all(A))
        .containsExactly("first", "second");
  }

  @Test
  void leavesWhatWasReceivedAsItWas() {
    TestExchange exchange = started(Side.REQUEST, EDITS);

    assertThat(exchange.upstream().call().head().received().fields().indexOf(A, 0)).isNotNegative();
  }

  private static TestExchange started(Side side, HeadersOptions options) {
    Handler handler = new HeadersHandlerType().create(options, side, OneLoop.CONTEXT);
    return TestExchange.get("/api/x")
        .field("X-A", "1")
        .field("X-B", "2")
        .field("X-C", "3")
        .handler(Stage.CONTENT, handler, side)
        .start();
  }
}
