package tollgate.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** Messages compared with their schema, over sockets; hostile schemas and messages (D3, D5, D7). */
final class ValidationIT {
  private static final String ORDER =
      """
      {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
       "required": ["id"], "properties": {"id": {"type": "integer"}, "code": {"pattern": "^(a+)+$"},
         "hard": {"pattern": "^(?:(a+)a+)+\\\\1b$"}}}
      """;

  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .file("schemas/order.json", ORDER)
            .file("schemas/numbers.json", "{\"items\": {\"type\": \"integer\"}}")
            .file(
                "specs/shop.yaml",
                """
                openapi: 3.1.0
                info: {title: shop, version: "1"}
                paths:
                  /items/{id}:
                    get:
                      operationId: item
                      parameters:
                        - {name: id, in: path, required: true, schema: {type: integer}}
                        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
                      responses:
                        "200": {description: one, content: {application/json: {schema: {$ref: "parts.yaml#/Item"}}}}
                  /items:
                    post:
                      operationId: add
                      requestBody: {required: true, content: {application/json: {schema: {$ref: "parts.yaml#/Item"}}}}
                """)
            .file("specs/parts.yaml", "Item: {type: object, required: [name]}\n")
            .apis(
                upstream("u", origin.port())
                    + """
                    ---
                    {kind: Api, name: orders, version: v1, context: /orders, security: none, route: {upstream: u}, validate: {maxBody: 64KiB},
                     operations: [
                       {id: place, match: POST /place, validate: {request: {jsonSchema: schemas/order.json}}},
                       {id: many, match: POST /many, validate: {request: {jsonSchema: schemas/numbers.json}}},
                       {id: watch, match: POST /watch, validate: {request: {mode: log, jsonSchema: schemas/order.json}}}]}
                    ---
                    {kind: Api, name: shop, version: v1, context: /shop, security: none, route: {upstream: u},
                     openapi: specs/shop.yaml, validate: {request: enforce, response: enforce}}
                    """)
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  private static Response post(String target, String body, String type) throws IOException {
    return RawClient.once(
        tollgate.port(),
        "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            .formatted(
                target,
                type,
                body.getBytes(UTF_8).length,
                new String(body.getBytes(UTF_8), ISO_8859_1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\": 1}|application/json|200",
        "{\"id\": 1}|application/json; charset=utf-8|200",
        "{\"id\": \"x\"}|application/json; charset=utf-8|400",
        "{\"id\": \"x\"}|APPLICATION/JSON|400",
        "{\"id\": \"x\"}|application/vnd.acme+json|400",
        "[]|application/json|400",
        "{\"id\": 1, \"id\": \"x\"}|application/json|400",
        "{\"id\"|application/json|400",
        "{\"id\": 1}|text/plain|415",
        "{\"id\": 1e999999}|application/json|400",
        "{\"id\": 1e400}|application/json|200",
        "{\"id\": 1, \"hard\": \"aaab\"}|application/json|200",
        "{\"id\": 1, \"hard\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"}|application/json|400"
      })
  void forwardsOnlyWhatMatches(String body, String type, int status) throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    Response response = post("/orders/place", body, type);
    assertThat(response.status()).as(response.text()).isEqualTo(status);
    assertThat(origin.since(mark)).hasSize(status == 200 ? 1 : 0);
  }

  @Test
  void namesViolationsAndNoValues() throws IOException {
    Response response = post("/orders/place", "{\"id\": \"secret\"}", "application/json");
    assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(response.text())
        .contains("\"code\":\"400110\"", "/id: is of another type (expected: integer)")
        .contains(
            "\"errors\":[{\"pointer\":\"#/id\",\"detail\":\"is of another type (expected: integer)\"}]")
        .doesNotContain("secret");
  }

  @Test
  void listsTwentyViolationsAndCountsTheOthers() throws IOException {
    Response response = tollgate.get("/shop/items/x?limit=101");
    assertThat(response.text())
        .contains(
            "{\"in\":\"path\",\"parameter\":\"id\",\"detail\":",
            "{\"in\":\"query\",\"parameter\":\"limit\",\"detail\":\"is more than 100\"}");
    Response many = post("/orders/many", "[" + "\"x\",".repeat(99) + "\"x\"]", "application/json");
    assertThat(many.text()).containsPattern("and [0-9]+ more");
    assertThat(many.text().split("\"pointer\":", -1)).hasSize(20 + 1);
    assertThat(many.text()).contains("{\"pointer\":\"#/19\",").doesNotContain("#/20\"");
  }

  @Test
  void refusesWhatIsTooLargeToBeChecked() throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    for (int kibibytes : new int[] {65, 128}) {
      String padded = "{\"id\": 1, \"pad\": \"" + "x".repeat(kibibytes * 1024) + "\"}";
      assertThat(post("/orders/place", padded, "application/json").status()).isEqualTo(413);
      assertThat(post("/orders/watch", padded, "application/json").status()).isEqualTo(413);
    }
    assertThat(origin.since(mark)).isEmpty();
    String large = "{\"id\": 1, \"pad\": \"" + "x".repeat(60 * 1024) + "\"}";
    assertThat(post("/orders/place", large, "application/json").status()).isEqualTo(200);
    String bad = "{\"pad\": \"" + "x".repeat(60 * 1024) + "\"}";
    assertThat(post("/orders/place", bad, "application/json").status()).isEqualTo(400);
  }

  @Test
  void catastrophicPatternsTakeNoTime() throws IOException {
    String hostile = "{\"id\": 1, \"code\": \"" + "a".repeat(30_000) + "!\"}";
    assertThat(post("/orders/place", hostile, "application/json").status()).isEqualTo(400);
  }

  @Test
  void logsCountsAndForwards() throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    assertThat(post("/orders/watch", "{}", "application/json").status()).isEqualTo(200);
    assertThat(post("/orders/watch", "{", "application/json").status()).isEqualTo(200);
    assertThat(origin.since(mark)).hasSize(2);
    assertThat(
            tollgate
                .metrics()
                .sum(
                    "tollgate_validation_failures_total",
                    "api",
                    "orders",
                    "kind",
                    "json_schema",
                    "direction",
                    "request"))
        .isGreaterThanOrEqualTo(2);
  }

  @Test
  void checksParametersAndAnswersByTheOpenApiFile() throws IOException {
    origin.on(
        "/items/1",
        (_, connection) ->
            connection.reply(
                "200 OK", "Content-Type: application/json\r\n", "{\"name\": 1}".getBytes(UTF_8)));
    origin.on(
        "/items/2",
        (_, connection) ->
            connection.reply(
                "200 OK", "Content-Type: application/json\r\n", "{\"secret\": 1}".getBytes(UTF_8)));
    assertThat(tollgate.get("/shop/items/1?limit=100").status()).isEqualTo(200);
    assertThat(tollgate.get("/shop/items/1?limit=101").text())
        .contains("query parameter limit: is more than 100");
    assertThat(tollgate.get("/shop/items/x").status()).isEqualTo(400);
    Response bad = tollgate.get("/shop/items/2");
    assertThat(bad.status()).isEqualTo(502);
    assertThat(bad.text()).contains("101512").doesNotContain("secret", "name");
    assertThat(tollgate.get("/shop/other").status()).isEqualTo(404);
    assertThat(post("/shop/items", "{\"name\": 1}", "application/json").status()).isEqualTo(200);
    assertThat(post("/shop/items", "{}", "application/json").status()).isEqualTo(400);
    assertThat(post("/shop/items", "<a/>", "application/xml").status()).isEqualTo(415);
  }

  @Test
  void aChangedSchemaIsTakenUpAndABadOneIsNot() throws IOException {
    try (RecordingOrigin other = RecordingOrigin.start();
        Tollgate own =
            Tollgate.setup()
                .file(
                    "specs/a.yaml",
                    "openapi: 3.1.0\npaths: {/a: {post: {requestBody: {content: {application/json: {schema: {$ref: b.json}}}}}}}\n")
                .file("specs/b.json", "{\"type\": \"object\"}")
                .expectError("specs/b.json|reload by")
                .apis(
                    upstream("u", other.port())
                        + "---\n{kind: Api, name: a, version: v1, context: /a, security: none, route: {upstream: u}, openapi: specs/a.yaml, validate: {request: enforce}}\n")
                .start()) {
      String request =
          "POST /a/a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]";
      assertThat(RawClient.once(own.port(), request).status()).isEqualTo(400);
      own.edit("specs/b.json", "{\"type\": \"array\"}");
      assertThat(RawClient.once(own.port(), request).status()).isEqualTo(200);
      own.edit("specs/b.json", "{\"$ref\": \"http://192.0.2.1/x.json\"}");
      assertThat(RawClient.once(own.port(), request).status()).isEqualTo(200);
    }
  }

  @Test
  void hostileSchemasAreRefusedAtLoadAndNothingIsFetched() throws IOException {
    try (ServerSocket trap = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      trap.setSoTimeout(1);
      String remote = "http://127.0.0.1:" + trap.getLocalPort() + "/x";
      Files.createDirectories(tollgate.conf().resolve("../hostile/conf.d"));
      var root = tollgate.conf().resolve("../hostile").normalize();
      Files.createDirectories(root.resolve("s"));
      Files.writeString(
          root.resolve("gateway.yaml"),
          "kind: Gateway\nname: g\nlisteners: [{name: http, bind: '127.0.0.1:0'}]\n");
      Files.writeString(root.resolve("s/a.json"), "{\"$ref\": \"" + remote + ".json\"}");
      Files.writeString(root.resolve("s/b.json"), "{\"anyOf\": [{\"$ref\": \"#\"}]}");
      Files.writeString(root.resolve("s/c.json"), "{\"pattern\": \"((a{99}){99}){99}\"}");
      Files.writeString(
          root.resolve("s/d.json"), "{\"anyOf\": [" + "{},".repeat(1_000_000) + "{}]}");
      Files.writeString(
          root.resolve("s/e.xsd"),
          "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:include schemaLocation='"
              + remote
              + ".xsd'/></xs:schema>");
      Files.writeString(
          root.resolve("s/f.xsd"),
          "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a'><xs:simpleType>"
              + "<xs:restriction base='xs:string'><xs:pattern value='(a+)+b'/></xs:restriction>"
              + "</xs:simpleType></xs:element></xs:schema>");
      StringBuilder api =
          new StringBuilder(
              "{kind: Upstream, name: u, targets: [{url: 'http://127.0.0.1:9'}]}\n---\nkind: Api\nname: a\nversion: v1\ncontext: /\nsecurity: none\nroute: {upstream: u}\noperations:\n");
      for (String name : new String[] {"a.json", "b.json", "c.json", "d.json", "e.xsd", "f.xsd"}) {
        api.append("  - {id: ").append(name, 0, 1).append(", match: POST /").append(name, 0, 1);
        api.append(", validate: {request: {")
            .append(name.endsWith("xsd") ? "xsd" : "jsonSchema")
            .append(": s/")
            .append(name)
            .append("}}}\n");
      }
      Files.writeString(root.resolve("conf.d/a.yaml"), api.toString());
      Tollgate.Ran ran = Tollgate.run("check", "--conf", root.toString());
      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.text())
          .contains("s/a.json:1:10 \"" + remote + ".json\" would have to be fetched")
          .contains("s/b.json:1:21 leads back to a schema that it is part of")
          .contains("s/d.json")
          .contains("more than 100000 subschemas")
          .contains("s/e.xsd:1:");
      Files.writeString(root.resolve("s/a.json"), "{}");
      Files.writeString(root.resolve("s/b.json"), "{}");
      Files.writeString(root.resolve("s/d.json"), "{}");
      Files.writeString(
          root.resolve("s/e.xsd"), "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>");
      assertThat(Tollgate.run("check", "--conf", root.toString()).text())
          .contains("s/c.json:1:13 \"((a{99}){99}){99}\" is larger than 10000 steps")
          .contains("s/f.xsd:1:153 \"(a+)+b\" repeats what can be matched in several ways");
      assertThatThrownBy(trap::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void importsAnOpenApiFile() throws IOException {
    Tollgate.Ran ran =
        Tollgate.run(
            "import",
            "openapi",
            "--conf",
            tollgate.conf().toString(),
            tollgate.conf().resolve("specs/shop.yaml").toString());
    assertThat(ran.exitCode()).as(ran.text()).isZero();
    assertThat(ran.out())
        .contains("kind: Api\nname: \"shop\"\nversion: \"1\"\ncontext: \"/shop/1\"\n")
        .contains("openapi: \"specs/shop.yaml\"\n")
        .contains("  - {id: \"item\", match: \"GET /items/{id}\"}\n");
  }
}
