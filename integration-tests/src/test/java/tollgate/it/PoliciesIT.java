package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.OriginRequest;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/**
 * What the first handlers do to real traffic: header edits, rewriting, fixed answers, CORS, request
 * ids, trace context.
 */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class PoliciesIT {
  private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PREFLIGHT =
      "OPTIONS /cors/x HTTP/1.1\r\n"
          + "Host: x\r\n"
          + "Origin: %s\r\n"
          + "Access-Control-Request-Method: %s\r\n\r\n";

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
                    kind: Policy
                    name: hardened
                    request:
                      - headers: {set: {X-Channel: api}, add: {X-More: "2"}, remove: [X-Debug]}
                    response:
                      - headers: {set: {X-Frame-Options: DENY}, remove: [Server, X-Powered-By]}
                    ---
                    kind: Policy
                    name: moved
                    request:
                      - rewrite: {path: "/v2/{id}/parts", query: {set: {lang: "d e"}, remove: [debug]}, host: backend.internal}
                    ---
                    kind: Policy
                    name: fixed
                    request:
                      - respond: {status: 418, headers: {X-Kind: pot}, body: '{"tea":true}', contentType: application/json}
                    ---
                    kind: Policy
                    name: empty
                    request: [{respond: {status: 204}}]
                    ---
                    {kind: Api, name: edited, version: v1, context: /edited, security: none, policies: [hardened], route: {upstream: u}}
                    ---
                    {kind: Api, name: moved, version: v1, context: /moved, security: none, policies: [moved, hardened], route: {upstream: u},
                     operations: [{id: item, match: "GET /items/{id}"}]}
                    ---
                    {kind: Api, name: fixed, version: v1, context: /fixed, security: none, policies: [fixed], route: {upstream: u}}
                    ---
                    {kind: Api, name: empty, version: v1, context: /empty, security: none, policies: [empty], route: {upstream: u}}
                    ---
                    {kind: Api, name: plain, version: v1, context: /plain, security: none, route: {upstream: u}}
                    ---
                    {kind: Api, name: cors, version: v1, context: /cors, security: none, route: {upstream: u},
                     cors: {origins: ["https://shop.example.com"], methods: [GET, PUT], headers: [X-A, X-B], exposeHeaders: [X-Seen], credentials: true, maxAge: 10m},
                     operations: [{id: get, match: GET /x}, {id: put, match: PUT /x}, {id: other, match: GET /other}]}
                    """)
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @Test
  void editsFieldsOnBothSides() throws IOException {
    origin.on(
        "/fields",
        (request, connection) ->
            connection.reply(
                "200 OK",
                "Server: x/1.0\r\nX-Powered-By: y\r\nX-Frame-Options: ALLOW\r\n",
                Bytes.of("ok")));
    Response response =
        tollgate.get(
            "/edited/fields", "X-Debug: 1", "X-Channel: forged", "X-Channel: twice", "X-More: 1");
    OriginRequest received = origin.last();
    assertThat(received.headers().all("X-Channel")).containsExactly("api");
    assertThat(received.headers().all("X-More")).containsExactly("1", "2");
    assertThat(received.headers().has("X-Debug")).isFalse();
    assertThat(response.headers().names()).doesNotContain("server", "x-powered-by");
    assertThat(response.headers().all("X-Frame-Options")).containsExactly("DENY");
  }

  @Test
  void rewritesPathQueryAndHost() throws IOException {
    assertThat(tollgate.get("/moved/items/a%20b?debug=1&q=%41&lang=fr").status()).isEqualTo(200);
    OriginRequest received = origin.last();
    assertThat(received.path()).isEqualTo("/v2/a%20b/parts");
    assertThat(received.target().substring(received.target().indexOf('?') + 1).split("&", -1))
        .containsExactlyInAnyOrder("q=%41", "lang=d%20e");
    assertThat(received.header("Host")).isEqualTo("backend.internal");
    assertThat(received.header("X-Channel")).isEqualTo("api");
  }

  @Test
  void answersFixedResponsesWithoutTheBackend() throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    try (RawClient client = tollgate.client()) {
      client.send("POST /fixed/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
      Response response = client.read();
      assertThat(response.status()).isEqualTo(418);
      assertThat(response.header("X-Kind")).isEqualTo("pot");
      assertThat(response.header("Content-Type")).isEqualTo("application/json");
      assertThat(response.text()).isEqualTo("{\"tea\":true}");
    }
    Response empty = tollgate.get("/empty/x");
    assertThat(empty.status()).isEqualTo(204);
    assertThat(empty.headers().has("Content-Length")).isFalse();
    assertThat(origin.since(mark)).isEmpty();
  }

  @Test
  void answersThePreflightOfAnAllowedOrigin() throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    Response response =
        RawClient.once(tollgate.port(), PREFLIGHT.formatted("https://shop.example.com", "PUT"));
    assertThat(response.status()).isEqualTo(204);
    assertThat(response.headers().all("Access-Control-Allow-Origin"))
        .containsExactly("https://shop.example.com");
    assertThat(response.header("Access-Control-Allow-Methods")).isEqualTo("GET, PUT");
    assertThat(response.header("Access-Control-Allow-Headers")).isEqualTo("X-A, X-B");
    assertThat(response.header("Access-Control-Allow-Credentials")).isEqualTo("true");
    assertThat(response.header("Access-Control-Max-Age")).isEqualTo("600");
    assertThat(response.header("Vary")).isEqualTo("Origin");
    assertThat(origin.since(mark)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://evil.example.com, GET, 403",
    "https://shop.example.com.evil.test, GET, 403",
    "'null', GET, 403",
    "https://shop.example.com, DELETE, 405"
  })
  void refusesOtherPreflights(String from, String method, int status) throws IOException {
    Response response = RawClient.once(tollgate.port(), PREFLIGHT.formatted(from, method));
    assertThat(response.status()).isEqualTo(status);
    if (status == 403) {
      assertThat(response.headers().has("Access-Control-Allow-Origin")).isFalse();
    }
  }

  @Test
  void tellsTheBrowserWhoMayReadAnAnswer() throws IOException {
    origin.on(
        "/x",
        (request, connection) ->
            connection.reply(
                "200 OK", "Access-Control-Allow-Origin: *\r\nX-Seen: 1\r\n", Bytes.of("ok")));
    Response allowed = tollgate.get("/cors/x", "Origin: https://shop.example.com");
    assertThat(allowed.headers().all("Access-Control-Allow-Origin"))
        .containsExactly("https://shop.example.com");
    assertThat(allowed.header("Access-Control-Expose-Headers")).isEqualTo("X-Seen");
    assertThat(allowed.headers().all("Vary")).containsExactly("Origin");
    Response other = tollgate.get("/cors/x", "Origin: https://evil.example.com");
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.headers().names())
        .doesNotContain("access-control-allow-origin", "access-control-allow-credentials");
    assertThat(tollgate.get("/cors/x").headers().all("Vary")).containsExactly("Origin");
  }

  @Test
  void tellsTheBrowserWhoMayReadThatThereIsNothing() throws IOException {
    String origin = "Origin: https://shop.example.com";
    Response nothing = tollgate.get("/cors/nothing", origin);
    assertThat(nothing.status()).isEqualTo(404);
    assertThat(nothing.header("Access-Control-Allow-Origin")).isEqualTo("https://shop.example.com");
    try (RawClient client = tollgate.client()) {
      client.send("DELETE /cors/x HTTP/1.1\r\nHost: x\r\n" + origin + "\r\n\r\n");
      Response method = client.read();
      assertThat(method.status()).isEqualTo(405);
      assertThat(method.header("Allow")).isEqualTo("GET, HEAD, OPTIONS, PUT");
      assertThat(method.header("Access-Control-Allow-Origin"))
          .isEqualTo("https://shop.example.com");
    }
    assertThat(tollgate.get("/cors/nothing", "Origin: https://evil.example.com").headers().names())
        .doesNotContain("access-control-allow-origin");
  }

  @Test
  void makesARequestIdForBothSides() throws IOException {
    Response response = tollgate.get("/plain/id");
    String id = String.valueOf(response.header("X-Request-Id"));
    assertThat(id).matches("[0-9a-f-]{36}");
    assertThat(response.header("activityid")).isEqualTo(id);
    assertThat(origin.last().header("X-Request-Id")).isEqualTo(id);
    assertThat(tollgate.awaitAccessLogLine("/plain/id").path("request_id").asString())
        .isEqualTo(id);
    assertThat(tollgate.get("/plain/id").header("X-Request-Id")).isNotEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({"X-Request-Id, given-1", "activityid, given-2"})
  void keepsAGivenRequestId(String name, String id) throws IOException {
    Response response = tollgate.get("/plain/given", name + ": " + id);
    assertThat(response.header("X-Request-Id")).isEqualTo(id);
    assertThat(origin.last().header("X-Request-Id")).isEqualTo(id);
    assertThat(origin.last().header("activityid")).isEqualTo(id);
  }

  @Test
  void takesPartInTheCallersTrace() throws IOException {
    tollgate.get(
        "/plain/traced",
        "traceparent: 00-" + TRACE_ID + "-00f067aa0ba902b7-01",
        "tracestate: a=1,b=2");
    OriginRequest received = origin.last();
    assertThat(received.headers().all("traceparent"))
        .singleElement()
        .asString()
        .matches("00-" + TRACE_ID + "-(?!00f067aa0ba902b7)[0-9a-f]{16}-01");
    assertThat(received.header("tracestate")).isEqualTo("a=1,b=2");
    var line = tollgate.awaitAccessLogLine("/plain/traced");
    assertThat(line.path("trace_id").asString()).isEqualTo(TRACE_ID);
    assertThat(String.valueOf(received.header("traceparent")))
        .contains(line.path("span_id").asString());
  }

  @ParameterizedTest
  @CsvSource({
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
    "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "rubbish"
  })
  void beginsATraceWhereNoneIsValid(String parent) throws IOException {
    tollgate.get("/plain/untraced", "traceparent: " + parent, "tracestate: a=1");
    assertThat(origin.last().header("traceparent"))
        .matches("00-(?!0{32})(?!" + TRACE_ID + ")[0-9a-f]{32}-[0-9a-f]{16}-01");
    assertThat(origin.last().headers().has("tracestate")).isFalse();
  }
}
