package tollgate.handlers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.config.model.CorsConfig;
import tollgate.core.fault.Outcome;
import tollgate.core.handler.Stage;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.testkit.TestExchange;
import tollgate.handlers.cors.CorsHandler;
import tollgate.handlers.requestid.RequestIdHandler;
import tollgate.handlers.testing.OneLoop;
import tollgate.handlers.testing.RefusingHandler;

/** A body that is refused somewhere in its middle, behind the handlers of a real chain. */
class MidBodyRefusalTest {
  private static final int HELD_BACK = 64 * 1024;
  private static final CorsConfig CORS =
      new CorsConfig(
          List.of("https://shop.example.com"), List.of("POST"), List.of(), List.of(), false, null);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7})
  void refusesAtTheSameByteHoweverTheBodyIsCut(int size) {
    TestExchange exchange = posted(RefusingHandler.ofRequests(10), 20);
    String body = "0123456789abcdefghij";
    int sent = 0;
    while (!exchange.isEnded() && sent < body.length()) {
      exchange.send(body.substring(sent, Math.min(sent + size, body.length())));
      sent += size;
    }

    assertThat(exchange.client().status()).isEqualTo(400);
    assertThat(sent).isEqualTo((10 + size - 1) / size * size);
    assertThat(exchange.upstream().calls()).isEmpty();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.INVALID_REQUEST);
  }

  @Test
  void tellsTheClientThroughTheWholeChain() {
    TestExchange exchange = posted(RefusingHandler.ofRequests(3), 4).send("abcd");

    var fields = exchange.client().head().fields();
    assertThat(fields.first(FieldName.of("Access-Control-Allow-Origin")))
        .isEqualTo("https://shop.example.com");
    assertThat(exchange.client().body())
        .contains("\"request_id\":\"" + fields.first(FieldName.of("X-Request-Id")) + "\"");
  }

  @Test
  void passesABodyThatEndsBeforeTheByte() {
    TestExchange exchange = posted(RefusingHandler.ofRequests(10), 9).send("012345678").sendEnd();

    assertThat(exchange.upstream().call().body()).isEqualTo("012345678");
    exchange.upstream().call().answer(200, "ok");
    assertThat(exchange.client().status()).isEqualTo(200);
  }

  @Test
  void abortsABackendThatHasSeenTheBeginning() {
    TestExchange exchange =
        posted(RefusingHandler.ofRequests(HELD_BACK + 10), BodyLength.UNKNOWN)
            .send("x".repeat(HELD_BACK));
    assertThat(exchange.upstream().call().hasHead()).isTrue();

    exchange.send("0123456789");

    assertThat(exchange.client().status()).isEqualTo(400);
    assertThat(exchange.upstream().call().isAborted()).isTrue();
    assertThat(exchange.upstream().call().isEnded()).isFalse();
    assertThat(exchange.upstream().call().body()).doesNotContain("0123456789");
  }

  @Test
  void cutsAResponseThatHasBegunShort() {
    TestExchange exchange =
        TestExchange.get("/api/x").handler(Stage.CONTENT, RefusingHandler.ofResponses(6)).start();
    exchange.upstream().call().head(200, BodyLength.UNKNOWN);
    exchange.upstream().call().chunk("hello");
    exchange.upstream().call().chunk(" world");

    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(exchange.client().body()).isEqualTo("hello");
    assertThat(exchange.client().isAborted()).isTrue();
    assertThat(exchange.client().isEnded()).isFalse();
    assertThat(exchange.upstream().call().isAborted()).isTrue();
  }

  @Test
  void keepsNoBuffer() {
    TestExchange exchange = posted(RefusingHandler.ofRequests(10), 20);
    ByteBuf first = Unpooled.copiedBuffer("01234", UTF_8);
    ByteBuf second = Unpooled.copiedBuffer("56789", UTF_8);
    ByteBuf late = Unpooled.copiedBuffer("abc", UTF_8);
    exchange.send(first).send(second).send(late);

    assertThat(first.refCnt()).isZero();
    assertThat(second.refCnt()).isZero();
    assertThat(late.refCnt()).isZero();
  }

  private static TestExchange posted(RefusingHandler handler, long length) {
    return TestExchange.request(Method.POST, "/api/x")
        .field("Origin", "https://shop.example.com")
        .body(length)
        .handler(Stage.LISTENER, RequestIdHandler.create(OneLoop.CONTEXT))
        .handler(Stage.EDGE, CorsHandler.of(CORS))
        .handler(Stage.CONTENT, handler)
        .start();
  }
}
