package tollgate.handlers.convert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.config.read.Diagnostic;
import tollgate.config.schema.SchemaFile;
import tollgate.config.schema.SchemaFolder;
import tollgate.config.schema.SchemaIndex;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.typed.DocumentType;
import tollgate.core.message.typed.SchemaTypes;
import tollgate.core.message.typed.TypedJson;
import tollgate.core.message.typed.TypedXml;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlParser;

/** What schemas make of XML and JSON. */
class TypedConversionTest {
  @TempDir Path root;

  private final List<Diagnostic> problems = new ArrayList<>();

  private DocumentType schema(String json) throws IOException {
    Path file = root.resolve("schema.json");
    Files.writeString(file, json);
    SchemaIndex index = new SchemaIndex(new SchemaFolder(root, root));
    index.addFileBlocking(file);
    assertThat(index.problems()).isEmpty();
    SchemaFile read = requireNonNull(index.documents().get("conf:/schema.json"));
    return new SchemaTypes(index, problems).document(requireNonNull(read.tree()));
  }

  private DocumentType xsd(String text) throws IOException {
    Path file = root.resolve("schema.xsd");
    Files.writeString(file, text);
    DocumentType type = XsdTypes.ofFileBlocking(new SchemaFolder(root, root), file, problems);
    assertThat(problems).isEmpty();
    return requireNonNull(type);
  }

  private static XmlDocument xml(String text) {
    return XmlParser.parse(text.getBytes(UTF_8), null, PayloadLimits.DEFAULT);
  }

  private static String json(String xml, DocumentType type) {
    return TypedJson.read(xml(xml), type).toString();
  }

  private static String toXml(String json, DocumentType type) {
    return new String(TypedXml.write(JsonParser.parse(json), type).toBytes(), UTF_8);
  }

  private static final String ORDER =
      """
      {
        "type": "object",
        "xml": {"name": "order"},
        "required": ["lines"],
        "properties": {
          "id": {"type": "integer", "xml": {"attribute": true}},
          "total": {"type": "number"},
          "paid": {"type": "boolean"},
          "note": {"type": ["string", "null"]},
          "tag": {"type": "array", "items": {"type": "string"}},
          "lines": {"type": "array", "xml": {"wrapped": true},
                    "items": {"$ref": "#/$defs/line"}},
          "parent": {"$ref": "#"}
        },
        "$defs": {
          "line": {"type": "object", "xml": {"name": "line"},
                   "properties": {"sku": {"type": "string"}, "count": {"type": "integer"}}}
        }
      }
      """;

  @Test
  void typesListsAndAttributesAreThoseOfTheSchema() throws IOException {
    assertThat(
            json(
                "<order id='7'><total>1.50</total><paid>true</paid><tag>a</tag>"
                    + "<lines><line><sku>007</sku><count>2</count></line></lines></order>",
                schema(ORDER)))
        .isEqualTo(
            "{\"id\":7,\"total\":1.50,\"paid\":true,\"tag\":[\"a\"],"
                + "\"lines\":[{\"sku\":\"007\",\"count\":2}]}");
  }

  @Test
  void whatIsNotThereIsAnEmptyList() throws IOException {
    assertThat(json("<order/>", schema(ORDER))).isEqualTo("{\"tag\":[],\"lines\":[]}");
  }

  @Test
  void schemasMayLeadBackToThemselves() throws IOException {
    assertThat(
            json(
                "<order><order><total>2</total><order><total>3</total></order></order></order>",
                schema(ORDER)))
        .contains("\"total\":2")
        .contains("\"parent\":{\"total\":3,\"tag\":[],\"lines\":[]}");
  }

  @Test
  void nilIsNull() throws IOException {
    String nil = " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='true'";
    DocumentType type = schema(ORDER);
    assertThat(json("<order><note" + nil + "/></order>", type)).startsWith("{\"note\":null");
    assertThat(json("<order><note></note></order>", type)).startsWith("{\"note\":\"\"");
    assertThatThrownBy(() -> json("<order><note" + nil + ">x</note></order>", type))
        .isInstanceOf(MalformedPayloadException.class)
        .hasMessage("XML: content in an element that is nil at line 1, column 8");
  }

  @ParameterizedTest
  @CsvSource({
    "<total>007</total>, 'no number as JSON writes them, which the schema wants'",
    "<total/>, 'no number as JSON writes them, which the schema wants'",
    "<total>1 2</total>, 'no number as JSON writes them, which the schema wants'",
    "<total><a/></total>, elements where the schema has a value",
    "<paid>1</paid>, 'neither true nor false, which the schema wants'",
    "<lines>x</lines>, text where the schema has a list",
  })
  void whatIsNotOfItsTypeIsMalformed(String content, String problem) throws IOException {
    DocumentType type = schema(ORDER);
    assertThatThrownBy(() -> json("<order>\n" + content + "</order>", type))
        .isInstanceOf(MalformedPayloadException.class)
        .hasMessage("XML: " + problem + " at line 2, column 1");
  }

  @ParameterizedTest
  @CsvSource({
    "18446744073709551616",
    "1e400",
    "-0",
    "0.10000000000000000000000001",
    "' 5\n'",
  })
  void numbersKeepHowTheyAreWritten(String number) throws IOException {
    assertThat(json("<order><total>" + number + "</total></order>", schema(ORDER)))
        .startsWith("{\"total\":" + number.strip() + ",");
  }

  @Test
  void whatIsNotDeclaredIsToldByWhatStandsThere() throws IOException {
    assertThat(
            json(
                "<o:order xmlns:o='urn:o' x='1' o:y='2'><o:more a='b'>t</o:more><more>u</more>"
                    + "<mix>a<b/>c</mix><__proto__>1</__proto__></o:order>",
                schema(ORDER)))
        .isEqualTo(
            "{\"@x\":\"1\",\"@y\":\"2\",\"more\":[{\"@a\":\"b\",\"$\":\"t\"},\"u\"],"
                + "\"mix\":{\"$\":[\"a\",{\"b\":\"\"},\"c\"]},\"__proto__\":\"1\","
                + "\"tag\":[],\"lines\":[]}");
  }

  @Test
  void twoAttributesOfOneLocalNameCannotBeSaid() throws IOException {
    DocumentType type = schema(ORDER);
    assertThatThrownBy(() -> json("<order xmlns:p='urn:p' x='1' p:x='2'/>", type))
        .isInstanceOf(MalformedPayloadException.class);
  }

  @Test
  void jsonBecomesWhatTheSchemaSays() throws IOException {
    assertThat(
            toXml(
                "{\"lines\":[{\"count\":2,\"sku\":\"a&b\"}],\"more\":[1,[2]],\"id\":7,\"tag\":[\"x\",\"y\"],"
                    + "\"note\":null}",
                schema(ORDER)))
        .isEqualTo(
            "<order id=\"7\"><note xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                + " xsi:nil=\"true\"/><tag>x</tag><tag>y</tag>"
                + "<lines><line><sku>a&amp;b</sku><count>2</count></line></lines>"
                + "<more>1</more><more><item>2</item></more></order>");
  }

  @Test
  void namesAndNamespacesOfTheSchemaAreWrittenAndRead() throws IOException {
    DocumentType type =
        schema(
            """
            {"type": "object", "xml": {"name": "Animals", "namespace": "urn:zoo", "prefix": "z"},
             "properties": {
               "plain": {"type": "array", "xml": {"name": "ignored"},
                         "items": {"type": "integer", "xml": {"name": "animal"}}},
               "wrapped": {"type": "array", "xml": {"name": "aliens", "wrapped": true},
                           "items": {"type": "integer", "xml": {"name": "alien", "namespace": "urn:x"}}},
               "bare": {"type": "array", "xml": {"wrapped": true}, "items": {"type": "integer"}},
               "kind": {"type": "string", "xml": {"attribute": true, "namespace": "urn:k"}}
             }}
            """);
    String json = "{\"kind\":\"a\",\"plain\":[1],\"wrapped\":[2,3],\"bare\":[]}";
    String xml = toXml(json, type);
    assertThat(xml)
        .isEqualTo(
            "<z:Animals xmlns:z=\"urn:zoo\" xmlns:a3=\"urn:k\" a3:kind=\"a\"><animal>1</animal>"
                + "<aliens><alien xmlns=\"urn:x\">2</alien><alien xmlns=\"urn:x\">3</alien></aliens>"
                + "<bare/></z:Animals>");
    assertThat(json(xml, type)).isEqualTo(json);
  }

  @Test
  void branchesAreLookedAtTogether() throws IOException {
    DocumentType type =
        schema(
            """
            {"xml": {"name": "pet"},
             "allOf": [{"properties": {"age": {"type": "integer"}}}],
             "oneOf": [
               {"properties": {"bark": {"type": "boolean"}, "toys": {"type": "array"}}},
               {"properties": {"bark": {"type": "integer"}, "name": {"type": ["integer", "string"]}}}],
             "properties": {"one": {"enum": [1, 2]}, "any": {}}}
            """);
    assertThat(
            json(
                "<pet><age>3</age><bark>true</bark><bark>4</bark><name>5</name><one>1</one>"
                    + "<any>6</any></pet>",
                type))
        .isEqualTo("{\"age\":3,\"bark\":[true,4],\"name\":\"5\",\"one\":1,\"any\":\"6\"}");
  }

  @Test
  void anObjectOfOnePropertyIsTheRootElement() throws IOException {
    DocumentType type =
        schema(
            "{\"properties\": {\"claim\": {\"properties\": {\"amount\": {\"type\": \"number\"}}}}}");
    assertThat(json("<claim><amount>1.0</amount></claim>", type))
        .isEqualTo("{\"claim\":{\"amount\":1.0}}");
    assertThat(toXml("{\"claim\":{\"amount\":1.0}}", type))
        .isEqualTo("<claim><amount>1.0</amount></claim>");
    assertThatThrownBy(() -> toXml("[]", type)).isInstanceOf(MalformedPayloadException.class);
  }

  @ParameterizedTest
  @CsvSource({"'{\"1k\":1}'", "'{\"a\":\"\\u0000\"}'", "'{\"@a\":[1]}'", "'{\"$\":{}}'"})
  void whatXmlCannotSayIsMalformed(String json) throws IOException {
    DocumentType type = schema(ORDER);
    assertThatThrownBy(() -> toXml(json, type)).isInstanceOf(MalformedPayloadException.class);
  }

  @Test
  void badNamesAreProblemsOfTheSchema() throws IOException {
    var _ = schema("{\"properties\": {\"a\": {\"xml\": {\"name\": \"1k\", \"prefix\": \"xml\"}}}}");
    assertThat(problems).extracting(Diagnostic::message).anyMatch(text -> text.contains("\"1k\""));
    assertThat(problems).hasSize(2);
  }

  @Test
  void depthCostsNoStack() throws IOException {
    DocumentType type = schema(ORDER);
    int depth = 50_000;
    String xml = "<order>".repeat(depth) + "</order>".repeat(depth);
    PayloadLimits limits = PayloadLimits.NONE;
    JsonDocument json = TypedJson.read(XmlParser.parse(xml.getBytes(UTF_8), null, limits), type);
    assertThat(TypedXml.write(json, type).size()).isGreaterThan(depth);
  }

  @Test
  void whatTheSchemaDeclaresIsTheSameThereAndBack() throws IOException {
    DocumentType type = schema(ORDER);
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      String json = order(random, 0);
      assertThat(json(toXml(json, type), type)).as("seed %d", seed).isEqualTo(json);
    }
  }

  private static String order(Random random, int depth) {
    StringBuilder json = new StringBuilder("{\"id\":").append(random.nextInt());
    if (random.nextBoolean()) {
      json.append(",\"total\":").append(random.nextInt(1000)).append(".50");
    }
    json.append(",\"paid\":").append(random.nextBoolean());
    json.append(",\"note\":").append(random.nextBoolean() ? "null" : text(random));
    json.append(",\"tag\":[");
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      json.append(text(random)).append(i == 1 ? "" : ",");
    }
    json.append("],\"lines\":[");
    for (int i = random.nextInt(3); i > 0; i--) {
      json.append("{\"sku\":")
          .append(text(random))
          .append(",\"count\":1}")
          .append(i == 1 ? "" : ",");
    }
    json.append(']');
    if (depth < 3 && random.nextBoolean()) {
      json.append(",\"parent\":").append(order(random, depth + 1));
    }
    return json.append('}').toString();
  }

  private static String text(Random random) {
    String[] texts = {
      "", " ", "a", "007", "true", "<&>", "\u00fc\ud83d\ude00", "null", "]]>", "x y"
    };
    return '"' + texts[random.nextInt(texts.length)] + '"';
  }

  private static final String XSD =
      """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:orders"
          targetNamespace="urn:orders" elementFormDefault="qualified">
        <xs:element name="order" type="o:Order"/>
        <xs:complexType name="Base">
          <xs:sequence><xs:element name="id" type="xs:int"/></xs:sequence>
          <xs:attribute name="version" type="xs:decimal"/>
        </xs:complexType>
        <xs:complexType name="Order">
          <xs:complexContent><xs:extension base="o:Base">
            <xs:sequence>
              <xs:element name="line" maxOccurs="unbounded">
                <xs:complexType>
                  <xs:sequence>
                    <xs:element name="sku" type="o:Sku"/>
                    <xs:element name="price" type="o:Price" minOccurs="0"/>
                    <xs:choice><xs:element name="a" type="xs:boolean"/><xs:element name="b"/></xs:choice>
                  </xs:sequence>
                </xs:complexType>
              </xs:element>
              <xs:group ref="o:More"/>
              <xs:element ref="o:order" minOccurs="0"/>
            </xs:sequence>
          </xs:extension></xs:complexContent>
        </xs:complexType>
        <xs:simpleType name="Sku"><xs:restriction base="xs:string"/></xs:simpleType>
        <xs:complexType name="Price">
          <xs:simpleContent><xs:extension base="xs:double">
            <xs:attribute name="currency" type="xs:string"/>
          </xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:group name="More"><xs:sequence>
          <xs:element name="note" type="xs:string" form="unqualified" minOccurs="0"/>
        </xs:sequence></xs:group>
      </xs:schema>
      """;

  @Test
  void anXsdSaysTypesListsAndNames() throws IOException {
    DocumentType type = xsd(XSD);
    String json =
        "{\"order\":{\"@version\":1.50,\"id\":7,\"line\":[{\"sku\":\"007\","
            + "\"price\":{\"@currency\":\"EUR\",\"$\":2.50},\"a\":true}],\"note\":\"x\"}}";
    String xml =
        "<order xmlns=\"urn:orders\" version=\"1.50\"><id>7</id><line><sku>007</sku>"
            + "<price currency=\"EUR\">2.50</price><a>true</a></line><note xmlns=\"\">x</note></order>";
    assertThat(json(xml, type)).isEqualTo(json);
    assertThat(toXml(json, type)).isEqualTo(xml);
    assertThat(
            json(
                xml.replace("<order xmlns", "<p:order xmlns:p='urn:orders' xmlns")
                    .replace("</order>", "</p:order>"),
                type))
        .isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource({
    "+7, 7",
    "007, 7",
    "000, 0",
    "-01, -1",
    ".5, 0.5",
    "5., 5",
    "1.e3, 1e3",
    "-INF, '\"-INF\"'",
    "NaN, '\"NaN\"'",
  })
  void numbersOfXmlSchemaBecomeThoseOfJson(String written, String number) throws IOException {
    DocumentType type =
        xsd(
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
                + "<xs:element name='n' type='xs:double'/></xs:schema>");
    assertThat(json("<n>" + written + "</n>", type)).isEqualTo("{\"n\":" + number + "}");
  }

  @Test
  void whatAnXsdDoesNotDeclareIsAProblemWithItsPlace() throws IOException {
    Path file = root.resolve("bad.xsd");
    Files.writeString(
        file,
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' targetNamespace='urn:t'>\n"
            + "<xs:element name='a' type='t:Missing'/>\n<xs:element name='b' type='xs:int'/></xs:schema>");
    assertThat(XsdTypes.ofFileBlocking(new SchemaFolder(root, Path.of("conf")), file, problems))
        .isNull();
    assertThat(problems)
        .extracting(Diagnostic::toString)
        .containsExactly("conf/bad.xsd:2:1 \"t:Missing\" is no type of the schema");
  }

  @Test
  void oneDocumentSaysNothingOfAnother() throws IOException {
    assertThat(schema("{\"properties\": {\"a\": {\"type\": \"integer\"}, \"b\": {}}}").saysXml())
        .isFalse();
    assertThat(schema(ORDER).saysXml()).isTrue();
    assertThat(
            schema(
                    "{\"items\": {\"properties\": {\"a\": {\"items\": {\"xml\": {\"name\": \"x\"}}}}}}")
                .saysXml())
        .isTrue();
  }

  @Test
  void xsdBooleansMayBeDigits() throws IOException {
    DocumentType type =
        xsd(
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
                + "<xs:element name='b' type='xs:boolean'/></xs:schema>");
    assertThat(json("<b> 1 </b>", type)).isEqualTo("{\"b\":true}");
    assertThatThrownBy(() -> json("<b>yes</b>", type))
        .isInstanceOf(MalformedPayloadException.class);
  }
}
