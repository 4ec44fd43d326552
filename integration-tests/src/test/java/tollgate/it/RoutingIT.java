package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.OriginRequest;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** Which operation a request meets, what it is told when there is none, and where it is sent. */
final class RoutingIT {
  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .apis(
                upstream("u", origin.port())
                    + """
                    ---
                    {kind: Api, name: orders, version: v1, context: /orders/v1, security: none, route: {upstream: u}, operations: [
                      {id: list, match: GET /orders}, {id: create, match: POST /orders}, {id: item, match: "GET /orders/{id}"},
                      {id: special, match: GET /orders/special}, {id: lines, match: "PUT /orders/{id}/lines/{line}"},
                      {id: files, match: "* /files/{path*}"}, {id: slash, match: GET /orders/}]}
                    ---
                    {kind: Api, name: orders, version: v1x, context: /orders/v1/x, security: none, route: {upstream: u}}
                    ---
                    {kind: Api, name: kept, version: v1, context: /kept, security: none, route: {upstream: u, stripContext: false, preserveHost: true}}
                    ---
                    {kind: Api, name: hosted, version: v1, context: /hosted, hosts: [api.example.com], security: none, route: {upstream: u}}
                    ---
                    {kind: Api, name: wild, version: v1, context: /hosted, hosts: ["*.example.com"], security: none, route: {upstream: u}}
                    ---
                    {kind: Api, name: anyhost, version: v1, context: /hosted, security: none, route: {upstream: u}}
                    ---
                    {kind: Api, name: only, version: v1, context: /only, hosts: [only.example.com], security: none, route: {upstream: u}}
                    ---
                    {kind: Api, name: created, version: v1, context: /created, state: created, security: none, route: {upstream: u}}
                    ---
                    {kind: Api, name: retired, version: v1, context: /retired, state: retired, security: none, route: {upstream: u}}
                    ---
                    {kind: Api, name: blocked, version: v1, context: /blocked, state: blocked, security: none, route: {upstream: u}}
                    ---
                    {kind: Api, name: prototyped, version: v1, context: /prototyped, state: prototyped, security: none, route: {upstream: u}}
                    ---
                    {kind: Api, name: deprecated, version: v1, context: /deprecated, state: deprecated, sunset: 2030-01-02T03:04:05Z, security: none, route: {upstream: u}}
                    """)
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /orders/v1/orders, list, /orders",
    "GET, /orders/v1/orders/, slash, /orders/",
    "POST, /orders/v1/orders, create, /orders",
    "GET, /orders/v1/orders/7, item, /orders/7",
    "GET, /orders/v1/orders/special, special, /orders/special",
    "PUT, /orders/v1/orders/7/lines/8, lines, /orders/7/lines/8",
    "PATCH, /orders/v1/files/a/b/c, files, /files/a/b/c",
    "GET, /orders/v1/files/, files, /files/",
    "HEAD, /orders/v1/orders/7, item, /orders/7"
  })
  void findsTheOperationAndStripsTheContext(
      String method, String path, String operation, String arrived) throws IOException {
    double before = count("orders", operation);
    Response response =
        RawClient.once(
            tollgate.port(),
            method + " " + path + "?q=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    assertThat(response.status()).isEqualTo(200);
    assertThat(origin.last().line()).isEqualTo(method + " " + arrived + "?q=1 HTTP/1.1");
    Patience.await().until(() -> count("orders", operation) == before + 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/nothing",
        "/orders",
        "/orders/v1",
        "/orders/v1/",
        "/orders/v1/ordersx",
        "/orders/v1/orders/7/lines",
        "/Orders/v1/orders",
        "/orders/v1/Orders",
        "/orders/v1x"
      })
  void answers404WhereNothingIs(String path) throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    Problems.assertProblem(tollgate.get(path), 404);
    assertThat(origin.since(mark)).isEmpty();
  }

  @Test
  void answers405WithTheMethodsThatAreAllowed() throws IOException {
    Response response =
        RawClient.once(tollgate.port(), "DELETE /orders/v1/orders HTTP/1.1\r\nHost: x\r\n\r\n");
    Problems.assertProblem(response, 405);
    assertThat(Set.of(String.valueOf(response.header("Allow")).split(", ?", -1)))
        .contains("GET", "HEAD", "POST")
        .doesNotContain("DELETE");
    assertThat(
            RawClient.once(tollgate.port(), "OPTIONS /orders/v1/orders HTTP/1.1\r\nHost: x\r\n\r\n")
                .status())
        .isEqualTo(405);
    assertThat(
            RawClient.once(
                    tollgate.port(), "HEAD /orders/v1/orders/7/lines/8 HTTP/1.1\r\nHost: x\r\n\r\n")
                .status())
        .isEqualTo(405);
  }

  @Test
  void prefersTheLongestContext() throws IOException {
    assertThat(tollgate.get("/orders/v1/x/orders").status()).isEqualTo(200);
    assertThat(origin.last().path()).isEqualTo("/orders");
    assertThat(tollgate.awaitAccessLogLine("/orders/v1/x/orders").path("api_version").asString())
        .isEqualTo("v1x");
  }

  @Test
  void sendsTheRootOfAContextAsASlash() throws IOException {
    assertThat(tollgate.get("/orders/v1/x?q").status()).isEqualTo(200);
    assertThat(origin.last().target()).isEqualTo("/?q");
  }

  @Test
  void keepsContextAndHostWhereToldTo() throws IOException {
    assertThat(
            RawClient.once(
                    tollgate.port(), "GET /kept/it HTTP/1.1\r\nHost: Shop.Example.com:8080\r\n\r\n")
                .status())
        .isEqualTo(200);
    OriginRequest received = origin.last();
    assertThat(received.path()).isEqualTo("/kept/it");
    assertThat(received.header("Host")).isEqualToIgnoringCase("shop.example.com:8080");
    assertThat(received.header("X-Forwarded-Host")).isEqualToIgnoringCase("shop.example.com:8080");
  }

  @ParameterizedTest
  @CsvSource({
    "api.example.com, hosted",
    "API.EXAMPLE.com, hosted",
    "api.example.com:8280, hosted",
    "api.example.com., hosted",
    "shop.example.com, wild",
    "example.com, anyhost",
    "other.test, anyhost",
    "127.0.0.1, anyhost",
    "[::1]:8280, anyhost"
  })
  void choosesByHost(String host, String api) throws IOException {
    String path = "/hosted/" + api + "/" + Integer.toHexString(host.hashCode());
    assertThat(
            RawClient.once(
                    tollgate.port(), "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .status())
        .isEqualTo(200);
    assertThat(tollgate.awaitAccessLogLine(path).path("api").asString()).isEqualTo(api);
  }

  @Test
  void hidesAnApiFromOtherHosts() throws IOException {
    assertThat(
            RawClient.once(
                    tollgate.port(), "GET /only/x HTTP/1.1\r\nHost: only.example.com\r\n\r\n")
                .status())
        .isEqualTo(200);
    Problems.assertProblem(
        RawClient.once(tollgate.port(), "GET /only/x HTTP/1.1\r\nHost: other.example.com\r\n\r\n"),
        404);
  }

  @ParameterizedTest
  @CsvSource({"created, 404", "retired, 404", "blocked, 503", "prototyped, 200", "deprecated, 200"})
  void answersByTheStateOfAnApi(String state, int status) throws IOException {
    Response response = tollgate.get("/" + state + "/x");
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.headers().has("Deprecation")).isEqualTo(state.equals("deprecated"));
    if (state.equals("deprecated")) {
      assertThat(response.header("Sunset")).isEqualTo("Wed, 02 Jan 2030 03:04:05 GMT");
    }
    if (state.equals("blocked")) {
      assertThat(Problems.assertProblem(response, 503).path("code").asString()).isEqualTo("700700");
    }
  }

  /** Nobody learns from the answer that there is such an API. */
  @Test
  void answersForAHiddenApiAsForNone() throws IOException {
    Response hidden = tollgate.get("/created/x");
    Response none = tollgate.get("/nothing/x");
    assertThat(hidden.headers().names()).isEqualTo(none.headers().names());
    assertThat(hidden.text().replaceAll("\"request_id\":\"[^\"]*\"", ""))
        .isEqualTo(none.text().replaceAll("\"request_id\":\"[^\"]*\"", ""));
  }

  @Test
  void answersHeadOfARefusalWithoutABody() throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send(
          "HEAD /nothing HTTP/1.1\r\nHost: x\r\n\r\nGET /kept/next HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readHeadOnly().status()).isEqualTo(404);
      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  @Test
  void labelsMetricsByConfigurationOnly() throws IOException {
    tollgate.get("/secret-path?token=secret-query", "X: secret-value");
    RawClient.once(
        tollgate.port(), "SECRETMETHOD /secret-path HTTP/1.1\r\nHost: secret-host\r\n\r\n");
    assertThat(tollgate.metrics().text()).doesNotContain("secret", "SECRETMETHOD");
    assertThat(
            tollgate.metrics().sum("tollgate_requests_total", "api", "_none", "method", "_other"))
        .isGreaterThan(0);
  }

  private static double count(String api, String operation) throws IOException {
    return tollgate.metrics().sum("tollgate_requests_total", "api", api, "operation", operation);
  }
}
