package tollgate.handlers.status;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.handlers.testing.Messages.answered;
import static tollgate.handlers.testing.Messages.with;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.config.model.OperationConfig;
import tollgate.config.model.OperationMatch;
import tollgate.config.model.PathTemplate;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.handler.Side;
import tollgate.core.http.Method;
import tollgate.core.testkit.TestExchange;
import tollgate.handlers.testing.PolicyText;

class StatusHandlerTest {
  private static final StatusHandlerType TYPE = new StatusHandlerType();
  private static final String STEP = "status: {map: {404: 410, 5xx: 503, 500: 502, 2xx: 200}}";

  @ParameterizedTest
  @CsvSource({
    "404, 410",
    "500, 502",
    "501, 503",
    "503, 503",
    "201, 200",
    "400, 400",
    "301, 301",
    "206, 206"
  })
  void aStatusWinsOverItsClass(int status, int expected) {
    TestExchange exchange = answered(TYPE, STEP, status, "text/plain", "x");
    assertThat(exchange.client().status()).isEqualTo(expected);
    assertThat(exchange.client().body()).isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource({"204", "304"})
  void answersThatHaveNoBodyStayWhatTheyAre(int status) {
    TestExchange exchange =
        with(Method.GET, "/api/x", TYPE, Side.RESPONSE, "status: {map: {2xx: 200, 3xx: 200}}")
            .start();
    exchange.upstream().call().answer(status, "");
    assertThat(exchange.client().status()).isEqualTo(status);
  }

  @Test
  void answersToHeadAreMappedAsThoseToGet() {
    TestExchange exchange = with(Method.HEAD, "/api/x", TYPE, Side.RESPONSE, STEP).start();
    exchange.upstream().call().answer(404, "");
    assertThat(exchange.client().status()).isEqualTo(410);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|response[0].status.map: is missing",
        "{map: {}}|response[0].status: maps nothing",
        "{map: {1xx: 200}}|response[0].status.map.1xx: \"1xx\" is no status that can be mapped",
        "{map: {101: 200}}|is no status that can be mapped",
        "{map: {404: 204}}|response[0].status.map.404: \"204\" is about a body that other answers do not have",
        "{map: {304: 200}}|response[0].status.map.304: \"304\" is about a body",
        "{map: {404: 600}}|is out of range",
        "{map: {404: 100}}|is out of range",
      })
  void mistakesAreFoundWhenItIsLoaded(String options, String problem) {
    assertThat(PolicyText.responseProblems("status: " + options)).contains(problem);
  }

  @Test
  void standsInResponsesOnly() {
    assertThat(PolicyText.problems(STEP)).contains("cannot stand in request");
  }

  @Test
  void grpcHasItsOwn() {
    StatusOptions options = PolicyText.responseOptions(StatusOptions.class, STEP);
    RouteHandle route = new RouteHandle("a", "v1", "op", "/a", "/x");
    OperationMatch match = new OperationMatch("POST", PathTemplate.parse("/x"));
    assertThat(
            TYPE.problem(
                options,
                Side.RESPONSE,
                route,
                new OperationConfig(
                    "op", match, OperationConfig.DEFAULT_TIMEOUT, OperationConfig.Stream.GRPC)))
        .contains("gRPC");
    assertThat(TYPE.problem(options, Side.RESPONSE, route, null)).isNull();
  }
}
