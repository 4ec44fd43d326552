package tollgate.handlers.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tollgate.config.openapi.OpenApiDocument;
import tollgate.config.openapi.OpenApiReader;
import tollgate.config.read.Diagnostic;
import tollgate.config.schema.SchemaFolder;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlParser;

/**
 * Bodies of an order compared with their schema: of an OpenAPI document, and of XML Schema.
 *
 * <pre>benchmarks/jmh Validation</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ValidationBenchmark {
  private static final String DOCUMENT =
      """
      openapi: 3.1.0
      paths:
        /orders:
          post:
            requestBody:
              content:
                application/json:
                  schema:
                    type: object
                    required: [id, customer, lines, total]
                    additionalProperties: false
                    properties:
                      id: {type: string, pattern: "^[a-z0-9-]{1,40}$"}
                      placed: {type: string, format: date-time}
                      currency: {enum: [EUR, USD, GBP]}
                      customer: {$ref: "#/components/schemas/Customer"}
                      lines: {type: array, minItems: 1, items: {$ref: "#/components/schemas/Line"}}
                      total: {type: number, minimum: 0}
                      note: {type: [string, "null"], maxLength: 100000}
      components:
        schemas:
          Customer:
            type: object
            required: [name]
            properties: {name: {type: string, minLength: 1}, email: {type: string}, vip: {type: boolean}}
          Line:
            type: object
            required: [sku, count]
            additionalProperties: false
            properties:
              sku: {type: string, minLength: 3, maxLength: 20}
              count: {type: integer, minimum: 1}
              price: {type: number}
              name: {type: string, maxLength: 80}
      """;

  private static final String XSD =
      """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
        <xs:element name="order"><xs:complexType><xs:sequence>
          <xs:element name="line" maxOccurs="unbounded"><xs:complexType>
            <xs:sequence><xs:element name="count" type="xs:int"/><xs:element name="name" type="xs:string"/></xs:sequence>
            <xs:attribute name="sku" type="xs:token" use="required"/>
          </xs:complexType></xs:element>
        </xs:sequence></xs:complexType></xs:element>
      </xs:schema>
      """;

  /** About so many bytes. */
  @Param({"1024", "10240", "1048576"})
  private int bytes;

  private byte[] body = {};
  private JsonDocument document = JsonParser.parse("0");
  private JsonChecker checker = (_, _) -> {};
  private XmlDocument xml = XmlParser.parse("<a/>".getBytes(UTF_8), null, PayloadLimits.DEFAULT);
  private XsdSchema xsd = xsd(new ArrayList<>());

  @Setup
  public void prepare() throws IOException {
    StringBuilder json =
        new StringBuilder(
            "{\"id\":\"order-2026-11-30-0001\",\"placed\":\"2026-11-30T12:00:00Z\",\"currency\":\"EUR\",\"customer\":{\"name\":\"Ada Lovelace\",\"email\":\"ada@example.com\",\"vip\":true},\"total\":199.90,\"note\":null,\"lines\":[");
    StringBuilder lines = new StringBuilder("<order>");
    for (int i = 0; json.length() < bytes - 90; i++) {
      json.append(i == 0 ? "" : ",")
          .append("{\"sku\":\"sku-")
          .append(100 + i)
          .append("\",\"count\":1,\"price\":19.99,\"name\":\"A thing of the usual kind, in blue\"}");
    }
    while (lines.length() < bytes - 90) {
      lines.append("<line sku=\"sku-1\"><count>1</count><name>A thing of the usual kind</name></line>");
    }
    body = json.append("]}").toString().getBytes(UTF_8);
    document = JsonParser.parse(body.clone(), PayloadLimits.DEFAULT, DuplicateNames.REFUSE);
    xml =
        XmlParser.parse(
            lines.append("</order>").toString().getBytes(UTF_8), null, PayloadLimits.DEFAULT);
    List<Diagnostic> problems = new ArrayList<>();
    checker = requireNonNull(checker(problems), problems.toString());
    xsd = xsd(problems);
    Violations violations = new Violations();
    xsd.check(xml, false, violations);
    checker.check(requireNonNull(DocumentNodes.of(document, violations)), violations);
    if (!violations.isEmpty()) {
      throw new IllegalStateException(violations.text());
    }
  }

  private static JsonChecker checker(List<Diagnostic> problems) throws IOException {
    Path root = Files.createTempDirectory("validation");
    Path file = Files.writeString(root.resolve("a.yaml"), DOCUMENT);
    OpenApiReader reader = new OpenApiReader(new SchemaFolder(root, root));
    OpenApiDocument read = reader.readBlocking(file);
    JsonSchemas schemas = new JsonSchemas(reader.schemas(), problems);
    schemas.checkPatterns();
    var place =
        requireNonNull(
            requireNonNull(read.operations().getFirst().body()).content().getFirst().schema());
    return requireNonNull(
        schemas.place(place, read.draft(), LibraryChecker.Sense.REQUEST), problems.toString());
  }

  private static XsdSchema xsd(List<Diagnostic> problems) {
    try {
      Path root = Files.createTempDirectory("validation");
      Path file = Files.writeString(root.resolve("a.xsd"), XSD);
      return requireNonNull(XsdSchema.ofFileBlocking(new SchemaFolder(root, root), file, problems));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Building the document, which every handler that asks for it shares. */
  @Benchmark
  public JsonDocument parse() {
    return JsonParser.parse(body.clone(), PayloadLimits.DEFAULT, DuplicateNames.REFUSE);
  }

  /** From the document to what the library takes. */
  @Benchmark
  public Object convert() {
    return requireNonNull(DocumentNodes.of(document, new Violations()));
  }

  /** Conversion and comparison: what validation adds to a built body. */
  @Benchmark
  public int openApi() {
    Violations violations = new Violations();
    checker.check(requireNonNull(DocumentNodes.of(document, violations)), violations);
    return violations.count();
  }

  /** The same with XML Schema. */
  @Benchmark
  public int xmlSchema() {
    Violations violations = new Violations();
    xsd.check(xml, false, violations);
    return violations.count();
  }
}
