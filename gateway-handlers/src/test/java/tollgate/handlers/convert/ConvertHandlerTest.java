package tollgate.handlers.convert;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.config.model.ConvertConfig;
import tollgate.config.model.MessagesConfig.Response;
import tollgate.config.model.MessagesConfig.Shape;
import tollgate.config.model.MessagesConfig.Target;
import tollgate.core.chain.MessageRules;
import tollgate.core.fault.FaultStyle;
import tollgate.core.handler.Stage;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.message.MessageFormats;
import tollgate.core.message.PayloadLimits;
import tollgate.core.port.Offload;
import tollgate.core.testkit.TestExchange;
import tollgate.handlers.testing.OneLoop;

class ConvertHandlerTest {
  private static final Response JSON = new Response.To(Target.JSON);

  @SuppressWarnings("NullAway") // what a record of another module may leave out is not seen
  private static TestExchange post(
      @Nullable Target request, @Nullable Response response, Shape shape) {
    return TestExchange.request(Method.POST, "/api/x")
        .messages(
            new MessageRules(
                MessageFormats.builtIn(),
                PayloadLimits.DEFAULT,
                Offload.here(),
                FaultStyle.PROBLEM))
        .handler(
            Stage.CONTENT,
            ConvertHandler.of(
                new ConvertConfig(request, response, shape),
                MessageTypes.NONE,
                16 << 20,
                OneLoop.CONTEXT));
  }

  private static TestExchange exact(String body) {
    TestExchange exchange =
        post(Target.XML, JSON, Shape.EXACT)
            .field("Content-Type", "application/json")
            .body(body.length())
            .start();
    return exchange.send(body).sendEnd();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1.0,\"b\":[],\"c\":{},\"d\":null,\"e\":\"\",\"f\":[1],\"g\":1e400,\"i\":\"\\u0000x\",\"1k\":true,\"$\":[[1,[2]],\"3\"]}",
        "[]",
        "\"x\"",
        "1e5",
        "null",
        "[[],[[]],{}]"
      })
  void thereAndBackIsExact(String json) {
    TestExchange exchange = exact(json);
    var call = exchange.upstream().call();
    assertThat(call.head().fields().first(FieldName.CONTENT_TYPE)).isEqualTo("application/xml");
    assertThat(call.body()).startsWith("<");
    assertThat(call.bodyLength()).isEqualTo(call.body().length());
    call.answer(200, call.body(), "Content-Type", "application/xml", "ETag", "\"1\"");
    assertThat(exchange.client().body()).isEqualTo(json);
    assertThat(exchange.client().head().fields().first(FieldName.CONTENT_TYPE))
        .isEqualTo("application/json");
    assertThat(exchange.client().head().fields().first(FieldName.of("ETag"))).isEqualTo("W/\"1\"");
  }

  @Test
  void whatHasTheFormatAlreadyPassesByteForByteAndIsReadAllTheSame() {
    TestExchange good =
        post(Target.XML, null, Shape.EXACT)
            .field("Content-Type", "text/xml")
            .body(11)
            .start()
            .send("<a  b='c'/>")
            .sendEnd();
    assertThat(good.upstream().call().body()).isEqualTo("<a  b='c'/>");
    TestExchange bad =
        post(Target.XML, null, Shape.EXACT)
            .field("Content-Type", "text/xml")
            .body(3)
            .start()
            .send("<a>")
            .sendEnd();
    assertThat(bad.client().status()).isEqualTo(400);
    assertThat(bad.client().head().fields().first(FieldName.CONTENT_TYPE))
        .isEqualTo("application/problem+xml");
    assertThat(bad.upstream().calls()).isEmpty();
  }

  @Test
  void asksForTheWholeAnswerAsItIs() {
    TestExchange exchange =
        post(null, JSON, Shape.EXACT)
            .field("Accept", "application/json")
            .field("Accept-Encoding", "gzip")
            .field("Range", "bytes=0-1")
            .start();
    var fields = exchange.upstream().call().head().fields();
    assertThat(fields.first(FieldName.of("Accept-Encoding"))).isEqualTo("identity");
    assertThat(fields.first(FieldName.ACCEPT)).isEqualTo("application/json, */*;q=0.1");
    assertThat(fields.contains(FieldName.of("Range"))).isFalse();
    exchange.upstream().call().answer(200, "");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, <a/>",
        "application/xml, <a/>",
        "'application/json, application/xml', <a/>",
        "application/json, '{\"a\":\"\"}'",
        "'application/*;q=0.1, text/json', '{\"a\":\"\"}'"
      })
  void byWhatTheCallerAccepts(@Nullable String accept, String expected) {
    TestExchange exchange = post(null, Response.Negotiated.NEGOTIATED, Shape.EXACT);
    if (accept != null) {
      exchange.field("Accept", accept);
    }
    exchange.start();
    exchange.upstream().call().answer(200, "<a/>", "Content-Type", "application/xml");
    assertThat(exchange.client().body()).isEqualTo(expected);
    assertThat(exchange.client().head().fields().first(FieldName.VARY)).isEqualTo("Accept");
  }

  @Test
  void whoAcceptsNeitherIsToldSo() {
    TestExchange exchange =
        post(null, Response.Negotiated.NEGOTIATED, Shape.EXACT).field("Accept", "image/*").start();
    assertThat(exchange.client().status()).isEqualTo(406);
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @Test
  void anErrorOfSomethingElseIsLeftAlone() {
    TestExchange exchange = post(null, JSON, Shape.EXACT).start();
    exchange.upstream().call().answer(503, "<p>down</p>", "Content-Type", "text/html");
    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(exchange.client().body()).isEqualTo("<p>down</p>");
  }

  @Test
  void anAnswerThatCannotBeReadIsABadGateway() {
    TestExchange exchange = post(null, JSON, Shape.EXACT).start();
    exchange.upstream().call().answer(200, "png", "Content-Type", "image/png");
    assertThat(exchange.client().status()).isEqualTo(502);
  }

  @Test
  void theGatewaysOwnAnswersAreLeftAlone() {
    TestExchange exchange =
        post(Target.XML, JSON, Shape.EXACT).field("Content-Type", "image/png").body(3).start();
    assertThat(exchange.client().status()).isEqualTo(415);
    assertThat(exchange.client().body()).startsWith("{\"type\"");
  }

  @Test
  void largeOnesTakeTheirTimeElsewhere() {
    String large = "[" + "1,".repeat(100_000) + "1]";
    TestExchange exchange = exact(large);
    exchange.loop().runTasks();
    String xml = exchange.upstream().call().body();
    assertThat(xml).startsWith("<");
    exchange.upstream().call().answer(200, xml, "Content-Type", "application/xml");
    exchange.loop().runTasks();
    assertThat(exchange.client().body()).isEqualTo(large);
  }
}
