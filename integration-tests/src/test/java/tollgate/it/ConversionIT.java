package tollgate.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.LeanOrigin;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** Messages in another format than they came in, and what nobody looks into, over sockets. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class ConversionIT {
  private static final List<LeanOrigin.Request> REQUESTS = new CopyOnWriteArrayList<>();

  private static final String CLAIM_XSD =
      """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
        <xs:element name="claim"><xs:complexType>
          <xs:sequence>
            <xs:element name="amount" type="xs:decimal"/>
            <xs:element name="tag" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="open" type="xs:boolean"/>
        </xs:complexType></xs:element>
      </xs:schema>
      """;

  private static final String CLAIM_JSON =
      """
      {"type": "object", "required": ["amount", "tag"], "additionalProperties": false,
       "xml": {"name": "claim"},
       "properties": {
         "open": {"type": "boolean", "xml": {"attribute": true}},
         "amount": {"type": "number"},
         "tag": {"type": "array", "items": {"type": "string"}}}}
      """;

  private static final String OPENAPI =
      """
      openapi: 3.0.3
      info: {title: described, version: "1"}
      paths:
        /pets/{id}:
          put:
            operationId: putPet
            parameters: [{name: id, in: path, required: true, schema: {type: string}}]
            requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
            responses:
              "200": {content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
              "4XX": {content: {application/json: {schema: {type: object, properties: {code: {type: integer}}}}}}
      components:
        schemas:
          Pet:
            type: object
            properties:
              id: {type: integer, xml: {attribute: true}}
              name: {type: string, nullable: true}
              photos: {type: array, xml: {wrapped: true}, items: {type: string, xml: {name: url}}}
      """;

  private static LeanOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin =
        LeanOrigin.start((request, socket) -> {
          REQUESTS.add(request);
          LeanOrigin.ok(
              socket, "Content-Type: " + request.header("X-Echo-Type") + "\r\n", request.body());
        });
    tollgate =
        Tollgate.setup()
            .apis(
                upstream("u", origin.port())
                    + api("plain", "/plain", "u")
                    + api("old", "/old", "u", "faults: wso2")
                    + api("x", "/x", "u", "messages: {convert: {request: xml, response: json}}")
                    + api(
                        "typed",
                        "/typed",
                        "u",
                        "messages: {convert: {request: json, response: json}}",
                        "validate: {request: {xsd: claim.xsd}, response: {jsonSchema: claim.json}}")
                    + api(
                        "described",
                        "/described",
                        "u",
                        "openapi: openapi.yaml",
                        "messages: {convert: {request: xml, response: json}}"))
            .file("claim.xsd", CLAIM_XSD)
            .file("claim.json", CLAIM_JSON)
            .file("openapi.yaml", OPENAPI)
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (tollgate != null) {
      assertThat(tollgate.metrics().sum("tollgate_requests_total", "outcome", "internal")).isZero();
      tollgate.close();
    }
    if (origin != null) {
      origin.close();
    }
  }

  @BeforeEach
  void forget() {
    REQUESTS.clear();
  }

  private static Response post(String path, String type, byte[] body, String... more)
      throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST "
              + path
              + " HTTP/1.1\r\nHost: x\r\nContent-Type: "
              + type
              + "\r\nContent-Length: "
              + body.length
              + "\r\n"
              + String.join("", more)
              + "\r\n");
      return client.send(body).read();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1.0,\"b\":[],\"c\":{},\"d\":null,\"e\":\"\",\"f\":[1],\"g\":1e400,\"h\":0.10000000000000000000000001,\"i\":\"\\u0000x\",\"1k\":true,\"$\":[[1,[2]],\"3\"]}",
        "[]",
        "\"x\"",
        "1e5",
        "null",
        "[[],[[]],{}]"
      })
  void thereAndBackIsTheSameJson(String json) throws IOException {
    Response response =
        post("/x/c", "application/json", json.getBytes(UTF_8), "X-Echo-Type: application/xml\r\n");
    assertThat(response.status()).isEqualTo(200);
    assertThat(new String(response.body(), UTF_8)).isEqualTo(json);
    assertThat(REQUESTS.getFirst().header("Content-Type")).startsWith("application/xml");
    assertThat(new String(REQUESTS.getFirst().body(), UTF_8)).startsWith("<");
  }

  @ParameterizedTest
  @ValueSource(strings = {"image/png", "application/hal+json", "application/x-unknown"})
  void whatNobodyLooksIntoIsTheSameBytes(String type) throws IOException {
    byte[] body = Bytes.random(50_000);
    Response response = post("/plain/c", type, body, "X-Echo-Type: " + type + "\r\n");
    assertThat(response.body()).isEqualTo(body);
    assertThat(REQUESTS.getFirst().body()).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, '{\"a\":', 400, application/problem+json",
    "application/json, '{\"a\":1,\"a\":2}', 400, application/problem+json",
    "application/xml, '<a><b></a>', 400, application/problem+xml",
    "application/xml, '<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><a>&e;</a>', 400, application/problem+xml",
    "application/soap+xml, '<a', 400, application/soap+xml; charset=utf-8",
    "image/png, x, 415, application/problem+json",
    "application/json; charset=utf-7, '{}', 415, application/problem+json",
  })
  void theCallersMistakesGoNowhere(String type, String body, int status, String answer)
      throws IOException {
    Response response = post("/x/c", type, body.getBytes(UTF_8));
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.header("Content-Type")).isEqualTo(answer);
    assertThat(REQUESTS).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "<claim open='1'><amount>007.50</amount></claim>, '{\"claim\":{\"@open\":true,\"amount\":7.50,\"tag\":[]}}'",
    "<claim><amount>1</amount><tag>a</tag></claim>, '{\"claim\":{\"amount\":1,\"tag\":[\"a\"]}}'",
  })
  void anXsdSaysWhatRequestsAre(String xml, String json) throws IOException {
    Response response =
        post(
            "/typed/c",
            "application/xml",
            xml.getBytes(UTF_8),
            "X-Echo-Type: application/json\r\n");
    assertThat(new String(REQUESTS.getFirst().body(), UTF_8)).isEqualTo(json);
    assertThat(REQUESTS.getFirst().header("Content-Type")).isEqualTo("application/json");
    assertThat(response.status()).isEqualTo(502); // the echo is not what the JSON Schema wants
  }

  @ParameterizedTest
  @CsvSource({
    "<claim open='true'><amount>1.50</amount></claim>, 200, '{\"open\":true,\"amount\":1.50,\"tag\":[]}'",
    "<claim><amount>1e400</amount><tag>x</tag></claim>, 200, '{\"amount\":1e400,\"tag\":[\"x\"]}'",
    "<claim><amount>007</amount></claim>, 502, 101511",
    "<claim><amount>1</amount><other/></claim>, 502, 101512",
  })
  void aJsonSchemaSaysWhatAnswersAre(String xml, int status, String json) throws IOException {
    try (LeanOrigin backend =
            LeanOrigin.start((_, socket) ->
                LeanOrigin.ok(socket, "Content-Type: application/xml\r\n", xml.getBytes(UTF_8)));
        Tollgate gateway =
            Tollgate.setup()
                .apis(
                    upstream("u", backend.port())
                        + api(
                            "a",
                            "/a",
                            "u",
                            "messages: {convert: {response: json}}",
                            "validate: {response: {jsonSchema: claim.json}}"))
                .file("claim.json", CLAIM_JSON)
                .start()) {
      Response response = gateway.get("/a/x");
      assertThat(response.status()).isEqualTo(status);
      assertThat(new String(response.body(), UTF_8)).contains(json).doesNotContain("line");
    }
  }

  @Test
  void anOpenApiFileSaysBothWays() throws IOException {
    String json = "{\"id\":7,\"name\":null,\"photos\":[\"a\"]}";
    try (RawClient client = tollgate.client()) {
      client.send(
          "PUT /described/pets/7 HTTP/1.1\r\nHost: x\r\nX-Echo-Type: application/xml\r\n"
              + "Content-Type: application/json\r\nContent-Length: "
              + json.length()
              + "\r\n\r\n"
              + json);
      assertThat(new String(client.read().body(), UTF_8)).isEqualTo(json);
    }
    assertThat(new String(REQUESTS.getFirst().body(), UTF_8))
        .isEqualTo(
            "<Pet id=\"7\"><name xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                + " xsi:nil=\"true\"/><photos><url>a</url></photos></Pet>");
  }

  @Test
  void aBackendsMistakeIsABadGateway() throws IOException {
    Response response =
        post("/x/c", "application/json", Bytes.of("{}"), "X-Echo-Type: application/json\r\n");
    assertThat(response.status()).isEqualTo(502);
    assertThat(new String(response.body(), UTF_8)).contains("\"101511\"").doesNotContain("line");
  }

  @Test
  void codedBodiesAreReadWithinLimits() throws IOException {
    Response response =
        post(
            "/x/c",
            "application/json",
            gzip("{\"a\":[true]}"),
            "Content-Encoding: gzip\r\nX-Echo-Type: application/xml\r\n");
    assertThat(new String(response.body(), UTF_8)).isEqualTo("{\"a\":[true]}");
    assertThat(REQUESTS.getFirst().header("Content-Encoding")).isEmpty();

    REQUESTS.clear();
    Response bomb =
        post(
            "/x/c",
            "application/json",
            gzip(" ".repeat(11 * Bytes.MIB)),
            "Content-Encoding: gzip\r\n");
    assertThat(bomb.status()).isEqualTo(413);
    Response unknown =
        post("/x/c", "application/json", Bytes.of("{}"), "Content-Encoding: chunked\r\n");
    assertThat(unknown.status()).isEqualTo(415);
    assertThat(REQUESTS).isEmpty();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(coded)) {
      out.write(text.getBytes(UTF_8));
    }
    return coded.toByteArray();
  }

  @Test
  void refusalsLookAsTheApiWants() throws IOException {
    try (RawClient client = tollgate.client()) {
      Response response =
          client
              .send(
                  "GET /old/x HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                      + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
              .read();
      assertThat(response.status()).isEqualTo(403);
      assertThat(new String(response.body(), UTF_8))
          .isEqualTo(
              "{\"code\":\"403101\",\"message\":\"Upgrade Not Allowed\",\"description\":\"There are no WebSockets here.\"}");
    }
  }
}
