package tollgate.handlers.cors;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.handlers.cors.CorsHandler.ALLOW_CREDENTIALS;
import static tollgate.handlers.cors.CorsHandler.ALLOW_HEADERS;
import static tollgate.handlers.cors.CorsHandler.ALLOW_METHODS;
import static tollgate.handlers.cors.CorsHandler.ALLOW_ORIGIN;
import static tollgate.handlers.cors.CorsHandler.EXPOSE_HEADERS;
import static tollgate.handlers.cors.CorsHandler.MAX_AGE;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.config.model.CorsConfig;
import tollgate.core.handler.Stage;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.testkit.TestExchange;

class CorsHandlerTest {
  private static final String SHOP = "https://shop.example.com";
  private static final CorsConfig LISTED =
      new CorsConfig(
          List.of(SHOP, "http://localhost:3000"),
          List.of("GET", "POST"),
          List.of("X-Token", "Content-Type"),
          List.of("X-Total", "X-Page"),
          true,
          Duration.ofMinutes(10));
  private static final CorsConfig ANYBODY =
      new CorsConfig(List.of("*"), List.of("GET"), List.of("*"), List.of("*"), false, null);

  @Test
  void answersAPreflightWithExactLists() {
    TestExchange exchange = preflight(LISTED, SHOP);

    assertThat(exchange.client().status()).isEqualTo(204);
    Fields fields = exchange.client().head().fields();
    assertThat(fields.all(ALLOW_ORIGIN)).containsExactly(SHOP);
    assertThat(fields.all(ALLOW_CREDENTIALS)).containsExactly("true");
    assertThat(fields.all(ALLOW_METHODS)).containsExactly("GET, POST");
    assertThat(fields.all(ALLOW_HEADERS)).containsExactly("X-Token, Content-Type");
    assertThat(fields.all(MAX_AGE)).containsExactly("600");
    assertThat(fields.all(FieldName.VARY)).containsExactly("Origin");
    assertThat(fields.contains(EXPOSE_HEADERS)).isFalse();
    assertThat(exchange.client().body()).isEmpty();
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @Test
  void answersAPreflightOfAnyOrigin() {
    TestExchange exchange = preflight(ANYBODY, "https://anywhere.example");

    assertThat(exchange.client().status()).isEqualTo(204);
    Fields fields = exchange.client().head().fields();
    assertThat(fields.all(ALLOW_ORIGIN)).containsExactly("*");
    assertThat(fields.all(ALLOW_HEADERS)).containsExactly("*, Authorization");
    assertThat(fields.contains(ALLOW_CREDENTIALS)).isFalse();
    assertThat(fields.contains(MAX_AGE)).isFalse();
    assertThat(fields.contains(FieldName.VARY)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example.com",
        "https://shop.example.com.evil.example",
        "https://shop.example.com:443",
        "http://shop.example.com",
        "HTTPS://SHOP.EXAMPLE.COM",
        "https://shop.example.com/",
        "null",
        ""
      })
  void refusesPreflightsOfOtherOrigins(String origin) {
    TestExchange exchange = preflight(LISTED, origin);

    assertThat(exchange.client().status()).isEqualTo(403);
    assertThat(corsFields(exchange)).isEmpty();
    assertThat(exchange.client().head().fields().all(FieldName.VARY)).containsExactly("Origin");
    assertThat(exchange.client().body()).doesNotContain("evil");
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @Test
  void letsAListedOriginReadTheAnswer() {
    TestExchange exchange = started(LISTED, TestExchange.get("/api/x").field("Origin", SHOP));
    exchange.upstream().call().answer(200, "ok");

    Fields fields = exchange.client().head().fields();
    assertThat(fields.all(ALLOW_ORIGIN)).containsExactly(SHOP);
    assertThat(fields.all(ALLOW_CREDENTIALS)).containsExactly("true");
    assertThat(fields.all(EXPOSE_HEADERS)).containsExactly("X-Total, X-Page");
    assertThat(fields.all(FieldName.VARY)).containsExactly("Origin");
    assertThat(fields.contains(ALLOW_METHODS)).isFalse();
    assertThat(fields.contains(MAX_AGE)).isFalse();
  }

  @Test
  void passesRequestsOfOtherOriginsWithoutAWordOfCors() {
    TestExchange exchange =
        started(LISTED, TestExchange.get("/api/x").field("Origin", "https://evil.example.com"));
    exchange.upstream().call().answer(200, "ok", "Access-Control-Allow-Origin", "*");

    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(corsFields(exchange)).isEmpty();
    assertThat(exchange.client().head().fields().all(FieldName.VARY)).containsExactly("Origin");
  }

  @Test
  void believesNeitherOfTwoOrigins() {
    TestExchange exchange =
        started(LISTED, TestExchange.get("/api/x").field("Origin", SHOP).field("Origin", SHOP));
    exchange.upstream().call().answer(200, "ok");

    assertThat(corsFields(exchange)).isEmpty();
  }

  @Test
  void tellsCachesThatAnswersDifferByOriginEvenWithoutOne() {
    TestExchange exchange = started(LISTED, TestExchange.get("/api/x"));
    exchange.upstream().call().answer(200, "ok", "Vary", "Accept-Encoding, X-Origin,");

    assertThat(exchange.client().head().fields().all(FieldName.VARY))
        .containsExactly("Accept-Encoding, X-Origin,", "Origin");
    assertThat(corsFields(exchange)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"origin", "Accept, ORIGIN", "Accept,\tOrigin\t,X", "*", "a,*"})
  void doesNotRepeatVary(String vary) {
    TestExchange exchange = started(LISTED, TestExchange.get("/api/x"));
    exchange.upstream().call().answer(200, "ok", "Vary", vary);

    assertThat(exchange.client().head().fields().all(FieldName.VARY)).containsExactly(vary);
  }

  @Test
  void marksAnswersForAnyOriginAlsoWithoutOne() {
    TestExchange exchange = started(ANYBODY, TestExchange.get("/api/x"));
    exchange.upstream().call().answer(200, "ok");

    Fields fields = exchange.client().head().fields();
    assertThat(fields.all(ALLOW_ORIGIN)).containsExactly("*");
    assertThat(fields.all(EXPOSE_HEADERS)).containsExactly("*");
    assertThat(fields.contains(FieldName.VARY)).isFalse();
  }

  @Test
  void replacesWhatTheBackendSaysAboutCors() {
    TestExchange exchange = started(LISTED, TestExchange.get("/api/x").field("Origin", SHOP));
    exchange
        .upstream()
        .call()
        .answer(
            200,
            "ok",
            "Access-Control-Allow-Origin",
            "https://evil.example.com",
            "access-control-allow-methods",
            "DELETE",
            "Access-Control-Allow-Headers",
            "X-Evil",
            "Access-Control-Max-Age",
            "1",
            "Access-Control-Expose-Headers",
            "X-Evil",
            "Access-Control-Allow-Private-Network",
            "true");

    assertThat(corsFields(exchange))
        .isEqualTo(
            """
            Access-Control-Allow-Origin: https://shop.example.com
            Access-Control-Allow-Credentials: true
            Access-Control-Expose-Headers: X-Total, X-Page
            """);
  }

  @Test
  void passesAnOrdinaryOptionsRequest() {
    TestExchange exchange =
        started(LISTED, TestExchange.request(Method.OPTIONS, "/api/x").field("Origin", SHOP));

    assertThat(exchange.upstream().calls()).hasSize(1);
  }

  private static TestExchange preflight(CorsConfig cors, String origin) {
    return started(
        cors,
        TestExchange.request(Method.OPTIONS, "/api/x")
            .field("Origin", origin)
            .field("Access-Control-Request-Method", "POST")
            .field("Access-Control-Request-Headers", "x-anything"));
  }

  private static TestExchange started(CorsConfig cors, TestExchange exchange) {
    return exchange.handler(Stage.EDGE, CorsHandler.of(cors)).start();
  }

  /** Everything the client is told about CORS. */
  private static String corsFields(TestExchange exchange) {
    Fields fields = exchange.client().head().fields();
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < fields.received().count(); i++) {
      if (!fields.isRemoved(i) && fields.received().nameStartsWith(i, "access-control-")) {
        lines
            .append(fields.received().name(i))
            .append(": ")
            .append(fields.received().value(i))
            .append('\n');
      }
    }
    for (int i = 0; i < fields.addedCount(); i++) {
      if (fields.addedName(i).text().startsWith("Access-Control-")) {
        lines.append(fields.addedName(i)).append(": ").append(fields.addedValue(i)).append('\n');
      }
    }
    return lines.toString();
  }
}
