package tollgate.handlers.edit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tollgate.config.read.Loaded;
import tollgate.config.read.SnippetReader;
import tollgate.core.expression.Scope;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlParser;

/**
 * Bodies read, changed by a step of four edits, and written.
 *
 * <pre>benchmarks/jmh EditBenchmark</pre>
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // @Setup makes them
public class EditBenchmark {
  private static final String JSON_STEP =
      "{remove: [\"$.lines[*].internal\"], rename: {$.note: remark}, move: {$.customer.id: $.customerId}, set: {$.tenant: acme}}";

  private static final String XML_STEP =
      "{remove: [/order/line/internal], rename: {/order/note: remark}, move: {/order/customer/id: /order}, set: {/order/@tenant: acme}}";

  /** About how many bytes a body has. */
  @Param({"1024", "10240"})
  public int bytes;

  private byte[] json;
  private byte[] xml;
  private List<BodyEdit.OfJson> jsonEdits;
  private List<BodyEdit.OfXml> xmlEdits;

  public EditBenchmark() {}

  @Setup
  public void make() {
    StringBuilder lines = new StringBuilder();
    StringBuilder elements = new StringBuilder();
    for (int i = 0; lines.length() < bytes - 100; i++) {
      lines
          .append(i == 0 ? "" : ",")
          .append("{\"sku\":\"a-")
          .append(i)
          .append("\",\"count\":3,\"price\":19.90,\"internal\":true}");
    }
    for (int i = 0; elements.length() < bytes - 100; i++) {
      elements
          .append("<line sku=\"a-")
          .append(i)
          .append("\"><count>3</count><internal>true</internal></line>");
    }
    json =
        ("{\"note\":\"n\",\"customer\":{\"id\":7,\"name\":\"Ann\"},\"lines\":[" + lines + "]}")
            .getBytes(UTF_8);
    xml =
        ("<order><note>n</note><customer><id>7</id></customer>" + elements + "</order>")
            .getBytes(UTF_8);
    jsonEdits = edits(JSON_STEP, BodyEdit.OfJson.class);
    xmlEdits = edits(XML_STEP, BodyEdit.OfXml.class);
  }

  private static <T> List<T> edits(String step, Class<T> type) {
    return switch (SnippetReader.readBlocking(new EditHandlerType().options(), step)) {
      case Loaded.Valid<EditOptions> valid ->
          valid.value().body().stream().map(type::cast).toList();
      case Loaded.Invalid<EditOptions> invalid ->
          throw new IllegalStateException(invalid.problems().toString());
    };
  }

  @Benchmark
  public byte[] editsJson() {
    JsonDocument document = JsonParser.parse(json, PayloadLimits.DEFAULT, DuplicateNames.REFUSE);
    return JsonEdits.run(jsonEdits, document, Scope.EMPTY).toBytes();
  }

  @Benchmark
  public byte[] editsXml() {
    XmlDocument document = XmlParser.parse(xml, null, PayloadLimits.DEFAULT);
    return XmlEdits.run(xmlEdits, document, Scope.EMPTY).toBytes();
  }
}
