package tollgate.core.message.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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

/**
 * One payload in one piece of memory outside the heap, as it comes from a connection: {@code
 * benchmarks/jmh Scanner}. A scanner is made for each, as for each request.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // @Setup makes them
public class ScannerBenchmark {
  @Param({"1024", "10240", "1048576"})
  public int bytes;

  private final byte[] window = new byte[8 * 1024];
  private final JsonLimits json =
      new JsonLimits(
          32, 1_000, 1_000_000, 1_000_000, 256, 1 << 20, 400, 999, false, 10L * 1024 * 1024);
  private final XmlLimits xml =
      new XmlLimits(64, 1_000_000, 1_000_000, 100, 64, 256, 1 << 16, 1 << 20, 10L * 1024 * 1024);
  private ByteBuf jsonBody;
  private ByteBuf xmlBody;

  public ScannerBenchmark() {}

  @Setup
  public void make() {
    StringBuilder orders = new StringBuilder("{\"orders\":[");
    StringBuilder elements = new StringBuilder("<orders xmlns=\"urn:orders\">");
    for (int i = 0; orders.length() < bytes - 200; i++) {
      orders
          .append(i == 0 ? "" : ",")
          .append("{\"id\":")
          .append(100_000 + i)
          .append(",\"name\":\"Jürgen Müller\",\"total\":")
          .append(i)
          .append(".95,\"paid\":true,\"note\":null,\"lines\":[{\"sku\":\"A-1\",\"count\":2}],")
          .append("\"address\":{\"street\":\"Some street 12\",\"city\":\"Colombo\"}}");
    }
    for (int i = 0; elements.length() < bytes - 200; i++) {
      elements
          .append("<order id=\"")
          .append(100_000 + i)
          .append("\"><name>Jürgen Müller</name><total currency=\"EUR\">")
          .append(i)
          .append(".95</total><line sku=\"A-1\" count=\"2\"/></order>\n");
    }
    jsonBody = direct(orders.append("]}").toString());
    xmlBody = direct(elements.append("</orders>").toString());
  }

  private static ByteBuf direct(String text) {
    byte[] encoded = text.getBytes(UTF_8);
    return Unpooled.directBuffer(encoded.length).writeBytes(encoded);
  }

  @TearDown
  public void release() {
    jsonBody.release();
    xmlBody.release();
  }

  @Benchmark
  public boolean json() {
    return good(new JsonScanner(json, window), jsonBody);
  }

  @Benchmark
  public boolean xml() {
    return good(new XmlScanner(xml, window, null), xmlBody);
  }

  private static boolean good(PayloadScanner scanner, ByteBuf body) {
    if (!scanner.scan(body) || !scanner.end()) {
      throw new IllegalStateException(String.valueOf(scanner.finding()));
    }
    return true;
  }
}
