package tollgate.handlers.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.handler.Side;
import tollgate.handlers.Steps;
import tollgate.handlers.testing.PolicyText;

class RewriteOptionsTest {
  @Test
  void defaultsToLeavingEverythingElseAlone() {
    assertThat(options("rewrite: {host: a.example}"))
        .isEqualTo(new RewriteOptions(null, RewriteOptions.QueryEdits.NONE, "a.example"));
    assertThat(options("rewrite: {path: /v2}"))
        .isEqualTo(
            new RewriteOptions(
                PathPattern.parse("/v2"),
                new RewriteOptions.QueryEdits(Map.of(), List.of()),
                null));
  }

  @Test
  void readsEveryKey() {
    assertThat(
            options(
                "rewrite: {path: \"/v2/{id}\", query: {set: {lang: en, n: 1}, remove: [debug]}, host: \"A.example:81\"}"))
        .isEqualTo(
            new RewriteOptions(
                PathPattern.parse("/v2/{id}"),
                new RewriteOptions.QueryEdits(Map.of("lang", "en", "n", "1"), List.of("debug")),
                "a.example:81"));
  }

  @Test
  void refusesAStepThatRewritesNothing() {
    assertThat(PolicyText.problems("rewrite: {}")).contains("rewrites nothing");
    assertThat(PolicyText.problems("rewrite: {query: {}}")).contains("rewrites nothing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v2",
        "/v2//x",
        "/v2/../x",
        "/v2/./x",
        "/v2/{a",
        "/v2/a}",
        "/v2/{}",
        "/v2/{a*}",
        "/v2/{a b}",
        "/v2/a b",
        "/v2/%41",
        "/v2/%2f",
        "/v2/x?y=1",
        "/v2/x#y",
        "/v2/%zz",
        "/v2/ü"
      })
  void refusesPathsThatCouldNotBeSent(String path) {
    assertThat(PolicyText.problems("rewrite: {path: \"" + path + "\"}"))
        .startsWith("request[0].rewrite.path: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a b", "http://a", "a:0", "a:99999", "a@b", "a,b", ""})
  void refusesHostsThatAreNone(String host) {
    assertThat(PolicyText.problems("rewrite: {host: \"" + host + "\"}"))
        .startsWith("request[0].rewrite.host: ");
  }

  @Test
  void refusesToSetAndRemoveOneParameter() {
    assertThat(PolicyText.problems("rewrite: {query: {set: {a: 1}, remove: [a]}}"))
        .contains("a is both set and removed");
  }

  @Test
  void mayOnlyStandInTheRequest() {
    assertThat(new RewriteHandlerType().sides().sees(Side.RESPONSE)).isFalse();
  }

  @Test
  void tellsOfAParameterThatTheOperationHasNot() {
    var step = PolicyText.step("rewrite: {path: \"/v2/{orderId}/{lineId}\"}");

    assertThat(
            Steps.BUILT_IN.problem(
                step, Side.REQUEST, route("/orders/{orderId}/lines/{lineId}"), null))
        .isNull();
    assertThat(Steps.BUILT_IN.problem(step, Side.REQUEST, route("/orders/{orderId}"), null))
        .isEqualTo(
            "path \"/v2/{orderId}/{lineId}\" has {lineId}, which the operation op does not have (expected: {path} or one of orderId)");
    assertThat(Steps.BUILT_IN.problem(step, Side.REQUEST, route(null), null))
        .contains("(expected: {path})");
  }

  private static RouteHandle route(@org.jspecify.annotations.Nullable String template) {
    return new RouteHandle("orders", "v1", "op", "/orders/v1", template);
  }

  private static RewriteOptions options(String step) {
    return PolicyText.options(RewriteOptions.class, step);
  }
}
