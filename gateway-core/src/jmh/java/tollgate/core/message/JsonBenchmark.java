package tollgate.core.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Random;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tollgate.core.media.MediaType;
import tollgate.core.message.JsonXml.Shape;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonEditor;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.json.JsonPath;
import tollgate.core.message.json.JsonWriter;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlParser;

/** JSON bodies built, written, converted, asked and edited: {@code benchmarks/jmh JsonBenchmark}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // @Setup makes them
public class JsonBenchmark {
  /** About how many bytes a body has. */
  @Param({"1024", "10240", "1048576"})
  public int bytes;

  private final JsonMessages messages = new JsonMessages(DuplicateNames.REFUSE);
  private final JsonPath price = JsonPath.compile("$.orders[?@.total > 400].customer.name");
  private final JsonPath note = JsonPath.compile("$.orders[0].note");
  private final JsonDocument value = JsonParser.parse("\"changed\"");
  private ByteBuf body;
  private ByteBuf out;
  private JsonDocument json;
  private byte[] xml;

  public JsonBenchmark() {}

  @Setup
  public void make() {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("{\"orders\":[");
    while (text.length() < bytes - 200) {
      text.append(text.length() > 12 ? "," : "")
          .append("{\"id\":")
          .append(random.nextInt(1_000_000))
          .append(",\"customer\":{\"name\":\"Customer ")
          .append(random.nextInt(1000))
          .append("\",\"vip\":")
          .append(random.nextBoolean())
          .append("},\"total\":")
          .append(random.nextInt(1000))
          .append('.')
          .append(random.nextInt(100))
          .append(",\"note\":\"caf\u00e9 \\\"au lait\\\"\",\"tags\":[\"a\",\"b\"],\"parent\":null}");
    }
    byte[] utf8 = text.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    body = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(utf8);
    out = PooledByteBufAllocator.DEFAULT.directBuffer(4 * utf8.length);
    json = JsonParser.parse(utf8, PayloadLimits.DEFAULT, DuplicateNames.REFUSE);
    xml = JsonXml.toXml(json, Shape.EXACT).toBytes();
  }

  @TearDown
  public void free() {
    body.release();
    out.release();
  }

  @Benchmark
  public Payload build() {
    return messages.build(body, MediaType.JSON, PayloadLimits.DEFAULT);
  }

  @Benchmark
  public int write() {
    JsonWriter.write(json, out.clear());
    return out.readableBytes();
  }

  @Benchmark
  public int writeCompact() {
    JsonWriter.writeCompact(json, JsonDocument.ROOT, out.clear());
    return out.readableBytes();
  }

  @Benchmark
  public XmlDocument toXml() {
    return JsonXml.toXml(json, Shape.EXACT);
  }

  @Benchmark
  public JsonDocument fromXml() {
    XmlDocument document = XmlParser.parse(xml, null, PayloadLimits.DEFAULT);
    return JsonXml.toJson(document, Shape.EXACT);
  }

  /** What a gateway does that turns requests to XML and their answers back to JSON. */
  @Benchmark
  public int toXmlAndBack() {
    XmlDocument sent = messages.build(body, MediaType.JSON, PayloadLimits.DEFAULT).xml();
    sent.write(out.clear());
    XmlDocument received = XmlParser.parse(sent.toBytes(), null, PayloadLimits.DEFAULT);
    JsonWriter.write(JsonXml.toJson(received, Shape.EXACT), out.clear());
    return out.readableBytes();
  }

  @Benchmark
  public int[] select() {
    return price.select(json);
  }

  @Benchmark
  public JsonDocument edit() {
    return JsonEditor.set(json, note, value);
  }
}
