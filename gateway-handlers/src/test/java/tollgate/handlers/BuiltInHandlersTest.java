package tollgate.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.CorsConfig;
import tollgate.config.model.MessagesConfig;
import tollgate.config.model.StepConfig;
import tollgate.config.model.ValidateConfig;
import tollgate.config.read.StepPlace;
import tollgate.config.text.Location;
import tollgate.core.chain.Chain;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.http.Cidr;
import tollgate.core.http.FieldName;
import tollgate.core.http.TrustedProxies;
import tollgate.core.testkit.TestExchange;
import tollgate.handlers.testing.OneLoop;

class BuiltInHandlersTest {
  private static final CorsConfig CORS =
      new CorsConfig(List.of("*"), List.of("GET"), List.of(), List.of(), false, null);

  @Test
  void listsTheStepsOfPolicies() {
    assertThat(BuiltInHandlers.steps())
        .extracting(HandlerType::name)
        .containsExactly(
            "compress",
            "edit",
            "grpcWeb",
            "headers",
            "respond",
            "rewrite",
            "status",
            "structuralLimits",
            "template");
    assertThat(BuiltInHandlers.stepShapes().all())
        .extracting(shape -> shape.name() + " " + shape.places().stream().sorted().toList())
        .containsExactly(
            "compress " + List.of(StepPlace.RESPONSE),
            "edit " + List.of(StepPlace.REQUEST, StepPlace.RESPONSE),
            "grpcWeb " + List.of(StepPlace.REQUEST),
            "headers " + List.of(StepPlace.REQUEST, StepPlace.RESPONSE),
            "respond " + List.of(StepPlace.REQUEST),
            "rewrite " + List.of(StepPlace.REQUEST),
            "status " + List.of(StepPlace.RESPONSE),
            "structuralLimits " + List.of(StepPlace.REQUEST, StepPlace.RESPONSE),
            "template " + List.of(StepPlace.REQUEST, StepPlace.RESPONSE));
  }

  @Test
  void looksAtProxiesOnlyWhereSomeAreTrusted() {
    Cidr range = Cidr.parse("10.0.0.0/8");
    assertThat(range).isNotNull();
    assertThat(names(BuiltInHandlers.listenerStage(Map.of(), OneLoop.CONTEXT)))
        .containsExactly("requestId", "traceContext", "identityFields");
    assertThat(
            names(
                BuiltInHandlers.listenerStage(
                    Map.of("http", TrustedProxies.of(List.of(range))), OneLoop.CONTEXT)))
        .containsExactly("requestId", "traceContext", "clientAddress", "identityFields");
  }

  @Test
  void standsAtTheEdgeOnlyWhereThereIsSomethingToDo() {
    assertThat(edge(ApiConfig.State.PUBLISHED, null)).isEmpty();
    assertThat(edge(ApiConfig.State.PUBLISHED, CORS)).containsExactly("cors");
    assertThat(edge(ApiConfig.State.BLOCKED, CORS)).containsExactly("cors", "apiState");
    assertThat(edge(ApiConfig.State.DEPRECATED, null)).containsExactly("apiState");
    assertThat(edge(ApiConfig.State.CREATED, CORS)).containsExactly("apiState");
    assertThat(edge(ApiConfig.State.RETIRED, CORS)).containsExactly("apiState");
  }

  @Test
  void letsPagesReadThatAnApiIsBlocked() {
    TestExchange exchange = TestExchange.get("/api/x").field("Origin", "https://shop.example.com");
    for (Chain.Entry entry : BuiltInHandlers.edgeStage(api(ApiConfig.State.BLOCKED, CORS))) {
      exchange.handler(entry.stage(), entry.handler(), entry.side());
    }
    exchange.start();

    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(exchange.client().head().fields().all(FieldName.of("Access-Control-Allow-Origin")))
        .containsExactly("*");
  }

  @Test
  void knowsNoOtherSteps() {
    StepConfig step = new StepConfig("header", "options", Location.ofFile("policy.yaml"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Steps.BUILT_IN.step(step, Side.REQUEST, OneLoop.CONTEXT))
        .withMessage(
            "header: no such step (expected one of: compress, edit, grpcWeb, headers, respond,"
                + " rewrite, status, structuralLimits, template)");
  }

  private static List<String> edge(ApiConfig.State state, @Nullable CorsConfig cors) {
    return names(BuiltInHandlers.edgeStage(api(state, cors)));
  }

  private static ApiConfig api(ApiConfig.State state, @Nullable CorsConfig cors) {
    return new ApiConfig(
        "a",
        "v1",
        "/a",
        List.of(),
        state,
        null,
        ApiConfig.Security.NONE,
        ApiConfig.Subscription.NONE,
        List.of(),
        cors,
        new ApiConfig.Route("u", true, false),
        null,
        ValidateConfig.NONE,
        MessagesConfig.DEFAULTS,
        ApiConfig.Faults.PROBLEM,
        List.of());
  }

  private static List<String> names(List<Chain.Entry> entries) {
    return entries.stream().map(entry -> entry.handler().name()).toList();
  }
}
