package tollgate.handlers.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.fault.Outcome;
import tollgate.core.testkit.TestExchange;

class ValidateHandlerTest {
  private static final String JSON = "application/json";

  @TempDir private Path folder;
  private SchemaRoot root;

  @BeforeEach
  void prepare() throws IOException {
    root =
        new SchemaRoot(folder)
            .write(
                "schemas/order.json",
                """
                {"type": "object", "required": ["id"], "additionalProperties": false,
                 "properties": {"id": {"type": "integer"}, "lines": {"type": "array", "items": {"$ref": "line.json"}}}}
                """)
            .write(
                "schemas/line.json",
                """
                {"type": "object", "properties": {"count": {"type": "integer", "minimum": 1}, "code": {"pattern": "^(?:(a+)a+)+\\\\1b$"}}}
                """)
            .write(
                "schemas/order.xsd",
                """
                <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
                  <xs:element name="order"><xs:complexType><xs:sequence>
                    <xs:element name="count" type="xs:int" maxOccurs="9"/>
                  </xs:sequence></xs:complexType></xs:element>
                </xs:schema>
                """)
            .write(
                "conf.d/api.yaml",
                SchemaRoot.HEAD
                    + """
                    validate: {maxBody: 100KiB}
                    operations:
                      - {id: enforced, match: POST /enforced, validate: {request: {jsonSchema: schemas/order.json}}}
                      - {id: logged, match: POST /logged, validate: {request: {mode: log, jsonSchema: schemas/order.json}}}
                      - {id: unread, match: POST /unread, validate: {request: {mode: "off", jsonSchema: schemas/order.json}}}
                      - {id: answered, match: GET /answered, validate: {response: {jsonSchema: schemas/order.json}}}
                      - {id: watched, match: GET /watched, validate: {response: {mode: log, jsonSchema: schemas/order.json}}}
                      - {id: xml, match: POST /xml, validate: {request: {xsd: schemas/order.xsd}}}
                      - {id: soap, match: GET /soap, validate: {response: {xsd: schemas/order.xsd}}}
                      - {id: any, match: GET /any, validate: {request: {jsonSchema: schemas/order.json}}}
                    """);
  }

  @Test
  void forwardsWhatMatchesByteForByte() throws IOException {
    TestExchange exchange =
        root.compile().started("enforced", "/enforced", "{ \"id\": 1 }\n", "Content-Type", JSON);

    assertThat(exchange.upstream().call().body()).isEqualTo("{ \"id\": 1 }\n");
    assertThat(root.violations).isEmpty();
  }

  @Test
  void namesEachViolationByItsPointer() throws IOException {
    assertThat(
            root.compile()
                .json(
                    "enforced",
                    "{\"lines\": [{\"count\": 1}, {\"count\": 0}], \"a/b\": \"secret\"}"))
        .startsWith("400 The request does not match its schema: ")
        .contains("the whole: lacks the property id")
        .contains("the whole: has a property that is not allowed: a/b")
        .contains("/lines/1/count: is less than 1")
        .doesNotContain("secret");
    assertThat(root.violations).containsExactly("json_schema request");
  }

  @Test
  void namesOfMessagesBreakNoLine() throws IOException {
    String long1 = "n".repeat(5000);
    assertThat(
            root.compile()
                .json("enforced", "{\"id\": 1, \"a\\r\\nb\u202e\": 1, \"" + long1 + "\": 1}"))
        .contains("is not allowed: a??b?")
        .contains("is not allowed: " + "n".repeat(64) + "...")
        .doesNotContain("\n", "n".repeat(65));
  }

  @Test
  void listsNoMoreThanTwenty() throws IOException {
    String many = "{\"id\": 1, \"lines\": [" + "0,".repeat(99) + "0]}";
    assertThat(root.compile().json("enforced", many))
        .contains("/lines/19: is of another type")
        .doesNotContain("/lines/20:")
        .endsWith("; and 80 more");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/vnd.acme.order+json",
        "application/json;charset=\"UTF-8\""
      })
  void takesEveryTypeOfTheFamily(String type) throws IOException {
    SchemaRoot.Compiled compiled = root.compile();
    assertThat(compiled.ask("enforced", "/enforced", "{\"id\": 1}", "Content-Type", type))
        .isEqualTo("200");
    assertThat(compiled.ask("enforced", "/enforced", "{}", "Content-Type", type))
        .startsWith("400 The request does not match");
  }

  @Test
  void refusesOtherTypes() throws IOException {
    SchemaRoot.Compiled compiled = root.compile();
    for (String type : new String[] {"text/plain", "application/xml", "application/octet-stream"}) {
      assertThat(compiled.ask("enforced", "/enforced", "{}", "Content-Type", type))
          .startsWith("415 ");
    }
    assertThat(compiled.ask("enforced", "/enforced", "{\"id\": 1}")).startsWith("415 ");
    assertThat(
            compiled.ask(
                "enforced", "/enforced", "{\"id\": 1}", "Content-Type", JSON, "Content-Type", JSON))
        .startsWith("415 ");
  }

  @Test
  void aMissingBodyViolatesWhereThereShouldBeOne() throws IOException {
    SchemaRoot.Compiled compiled = root.compile();
    assertThat(compiled.ask("enforced", "/enforced", null, "Content-Type", JSON))
        .startsWith("400 ")
        .contains("the whole: is missing");
    assertThat(compiled.ask("any", "/any", null)).isEqualTo("200");
    assertThat(compiled.ask("any", "/any", "{}", "Content-Type", JSON)).startsWith("400 ");
  }

  @Test
  void refusesLargerBodiesAndThoseThatAreNoJson() throws IOException {
    SchemaRoot.Compiled compiled = root.compile();
    assertThat(compiled.json("enforced", "{\"id\": 1}" + " ".repeat(101 * 1024)))
        .startsWith("413 ");
    assertThat(compiled.json("enforced", "{\"id\": ")).startsWith("400 ");
    assertThat(compiled.json("logged", " ".repeat(101 * 1024))).startsWith("413 ");
  }

  @Test
  void boundsNumbers() throws IOException {
    SchemaRoot.Compiled compiled = root.compile();
    assertThat(compiled.json("enforced", "{\"id\": 1e400}")).isEqualTo("200");
    assertThat(compiled.json("enforced", "{\"id\": 1.5e400}")).isEqualTo("200");
    assertThat(compiled.json("enforced", "{\"id\": 1e-400}")).startsWith("400 ");
    assertThat(compiled.json("enforced", "{\"id\": 1e999999}"))
        .contains("has a number with more than 1000 digits");
    assertThat(compiled.json("enforced", "{\"id\": " + "9".repeat(1000) + "}")).isEqualTo("200");
  }

  @Test
  void aPatternThatCannotBeDecidedIsAViolation() throws IOException {
    SchemaRoot.Compiled compiled = root.compile();
    assertThat(compiled.json("enforced", "{\"id\": 1, \"lines\": [{\"code\": \"aaab\"}]}"))
        .isEqualTo("200");
    String hard = "a".repeat(60) + "!";
    assertThat(compiled.json("enforced", "{\"id\": 1, \"lines\": [{\"code\": \"" + hard + "\"}]}"))
        .startsWith("400 ")
        .contains("too hard for its pattern");
  }

  @Test
  void logsAndCountsAndForwards() throws IOException {
    SchemaRoot.Compiled compiled = root.compile();
    assertThat(compiled.json("logged", "{}")).isEqualTo("200");
    assertThat(compiled.json("logged", "{\"id\": ")).isEqualTo("200");
    assertThat(compiled.ask("logged", "/logged", "x", "Content-Type", "text/plain"))
        .isEqualTo("200");
    assertThat(compiled.ask("logged", "/logged", null)).isEqualTo("200");
    assertThat(root.violations).hasSize(4).containsOnly("json_schema request");
    assertThat(compiled.json("logged", "{\"id\": 1}")).isEqualTo("200");
    assertThat(root.violations).hasSize(4);
  }

  @Test
  void looksAtNothingWhenOff() throws IOException {
    assertThat(root.compile().json("unread", "{")).isEqualTo("200");
    assertThat(root.violations).isEmpty();
  }

  @Test
  void refusesAnswersOfTheBackendThatDoNotMatch() throws IOException {
    SchemaRoot.Compiled compiled = root.compile();
    assertThat(answered(compiled, "answered", "{\"id\": 1}", JSON).client().body())
        .isEqualTo("{\"id\": 1}");

    TestExchange bad = answered(compiled, "answered", "{\"id\": \"secret\"}", JSON);
    assertThat(bad.client().head().status()).isEqualTo(502);
    assertThat(bad.client().body()).contains("101512").doesNotContain("/id", "secret");
    assertThat(bad.record().outcome()).isEqualTo(Outcome.INVALID_RESPONSE);

    assertThat(answered(compiled, "answered", "x", "text/plain").client().head().status())
        .isEqualTo(502);
    assertThat(answered(compiled, "answered", "{", JSON).client().head().status()).isEqualTo(502);
    assertThat(root.violations).hasSize(2).containsOnly("json_schema response");
  }

  @Test
  void answersThatAreOnlyWatchedPass() throws IOException {
    SchemaRoot.Compiled compiled = root.compile();
    for (String body : new String[] {"{}", "{", "x"}) {
      TestExchange exchange = answered(compiled, "watched", body, JSON);
      assertThat(exchange.client().head().status()).isEqualTo(200);
      assertThat(exchange.client().body()).isEqualTo(body);
    }
    assertThat(root.violations).hasSize(3);
  }

  private static TestExchange answered(
      SchemaRoot.Compiled compiled, String operation, String body, String type) {
    TestExchange exchange = compiled.started(operation, "/" + operation, null);
    exchange.upstream().call().answer(200, body, "Content-Type", type);
    return exchange;
  }

  @Test
  void comparesXmlWithItsSchema() throws IOException {
    SchemaRoot.Compiled compiled = root.compile();
    assertThat(xml(compiled, "<order><count>1</count></order>")).isEqualTo("200");
    assertThat(xml(compiled, "<order><count>1</count><count>secret</count></order>"))
        .startsWith("400 ")
        .contains("The request does not match its schema: /order[1]/count[2]: is not of its type")
        .doesNotContain("secret");
    assertThat(
            xml(
                compiled,
                "<o xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
                    + " xsi:noNamespaceSchemaLocation='http://192.0.2.1/x.xsd'/>"))
        .startsWith("400 ")
        .contains("/o[1]: is no element that the schema declares");
    assertThat(compiled.json("xml", "{}")).startsWith("415 ");
  }

  @Test
  void comparesTheContentOfASoapBody() throws IOException {
    SchemaRoot.Compiled compiled = root.compile();
    String envelope =
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Header><x/></s:Header><s:Body>%s</s:Body></s:Envelope>";
    assertThat(xml(compiled, envelope.formatted("<order><count>1</count></order>")))
        .isEqualTo("200");
    assertThat(xml(compiled, envelope.formatted("<order><count>x</count></order>")))
        .contains("/s:Envelope[1]/s:Body[1]/order[1]/count[1]: is not of its type");
    assertThat(xml(compiled, envelope.formatted("<other/>")))
        .contains("/s:Envelope[1]/s:Body[1]/other[1]: is no element that the schema declares");
    assertThat(xml(compiled, envelope.formatted(""))).contains("has no content in its SOAP body");
    assertThat(xml(compiled, envelope.formatted("<s:Fault/>"))).startsWith("400 ");
    assertThat(soapAnswer(compiled, envelope.formatted("<s:Fault/>"))).isEqualTo(200);
    assertThat(soapAnswer(compiled, envelope.formatted("<other/>"))).isEqualTo(502);
  }

  private static int soapAnswer(SchemaRoot.Compiled compiled, String body) {
    return answered(compiled, "soap", body, "text/xml").client().head().status();
  }

  private static String xml(SchemaRoot.Compiled compiled, String body) {
    return compiled.ask("xml", "/xml", body, "Content-Type", "text/xml");
  }
}
