package tollgate.handlers.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.http.RequestHead;
import tollgate.core.testkit.TestExchange;
import tollgate.handlers.rewrite.RewriteOptions.QueryEdits;
import tollgate.handlers.testing.OneLoop;

class RewriteHandlerTest {
  @ParameterizedTest
  @CsvSource({
    "/orders/{orderId}, /v2/{orderId}, /api/orders/7, /v2/7",
    "/orders/{orderId}, /v2/o-{orderId}.json, /api/orders/7, /v2/o-7.json",
    "/a/{x}/b/{y}, /{y}/{x}/{y}, /api/a/1/b/2, /2/1/2",
    "/orders/{orderId}, /v2/{orderId}, /api/orders/a%20b%3Fc, /v2/a%20b%3Fc",
    "/files/{path*}, /store/{path}, /api/files/a/b/c, /store/a/b/c",
    "/files/{path*}, /store/{path}, /api/files/, /store/",
    "/orders/{orderId}, /v2/{path}, /api/orders/7, /v2/orders/7",
    "/orders/{orderId}, /fixed, /api/orders/7, /fixed",
  })
  void buildsThePathFromThatOfTheCaller(String template, String path, String asked, String sent) {
    assertThat(sent(TestExchange.get(asked).operation(template), path(path)).path())
        .isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/{path}, /api/orders/7, /v2/orders/7",
    "/v2/{path}, /api/orders/, /v2/orders/",
    "/v2/{path}, /api/, /v2/",
    "/v2/{path}, /api, /v2/",
    "/{path}, /api/x, /x",
  })
  void takesAllThatIsBelowTheContextWhereThereAreNoOperations(
      String path, String asked, String sent) {
    assertThat(sent(TestExchange.get(asked), path(path)).path()).isEqualTo(sent);
  }

  @Test
  void leavesTheQueryAlone() {
    assertThat(sent(TestExchange.get("/api/x?a=%7e&&b"), path("/y")).query()).isEqualTo("a=%7e&&b");
  }

  @Test
  void refusesAPathThatWouldNotBeCanonical() {
    TestExchange exchange =
        started(
            TestExchange.get("/api/files/").operation("/files/{rest*}"), path("/store/{rest}/x"));

    assertThat(exchange.client().status()).isEqualTo(400);
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @Test
  void editsTheQuery() {
    RewriteOptions options =
        new RewriteOptions(null, new QueryEdits(Map.of("lang", "en"), List.of("debug")), null);

    RequestHead sent = sent(TestExchange.get("/api/x?debug=1&a=1"), options);
    assertThat(sent.query()).isEqualTo("a=1&lang=en");
    assertThat(sent.path()).isEqualTo("/x");
  }

  @Test
  void leavesNoQuestionMarkBehind() {
    RewriteOptions options =
        new RewriteOptions(null, new QueryEdits(Map.of(), List.of("debug")), null);

    assertThat(sent(TestExchange.get("/api/x?debug=1"), options).query()).isNull();
  }

  @Test
  void sendsAnotherHostToTheSameTarget() {
    TestExchange exchange =
        started(
            TestExchange.get("/api/x"),
            new RewriteOptions(null, QueryEdits.NONE, "orders.internal:8080"));

    assertThat(exchange.upstream().call().head().authority()).isEqualTo("orders.internal:8080");
    assertThat(exchange.upstream().call().target().host()).isEqualTo("backend-0");
  }

  @Test
  void sendsTheTargetsHostElse() {
    assertThat(sent(TestExchange.get("/api/x"), path("/y")).authority())
        .isEqualTo("backend-0:8080");
  }

  private static RewriteOptions path(String path) {
    return new RewriteOptions(PathPattern.parse(path), QueryEdits.NONE, null);
  }

  private static RequestHead sent(TestExchange exchange, RewriteOptions options) {
    return started(exchange, options).upstream().call().head();
  }

  private static TestExchange started(TestExchange exchange, RewriteOptions options) {
    Handler handler = new RewriteHandlerType().create(options, Side.REQUEST, OneLoop.CONTEXT);
    return exchange.handler(Stage.CONTENT, handler, Side.REQUEST).start();
  }
}
