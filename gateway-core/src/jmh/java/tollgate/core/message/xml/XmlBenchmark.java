package tollgate.core.message.xml;

import java.nio.charset.StandardCharsets;
import java.util.Map;
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
import tollgate.core.message.PayloadLimits;

/** Reading, writing and asking documents of orders: {@code benchmarks/jmh XmlBenchmark}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // @Setup makes them
public class XmlBenchmark {
  private static final String ITEM =
      "<o:item id=\"17\" o:unit=\"kg\"><o:name>Tea &amp; more</o:name>"
          + "<price>2.50</price></o:item>\n";

  /** About how many bytes the document has. */
  @Param({"1024", "10240", "1048576"})
  public int bytes;

  private byte[] text;
  private XmlDocument document;
  private XmlPath path;

  public XmlBenchmark() {}

  @Setup
  public void make() throws XmlPathException {
    String items = ITEM.repeat(Math.max(1, bytes / ITEM.length()));
    String whole = "<o:order xmlns:o=\"urn:order\">" + items + "</o:order>";
    text = whole.getBytes(StandardCharsets.UTF_8);
    document = XmlParser.parse(text, null, PayloadLimits.DEFAULT);
    path = XmlPath.compile("sum(//price)", Map.of());
  }

  @Benchmark
  public XmlDocument parse() {
    return XmlParser.parse(text, null, PayloadLimits.DEFAULT);
  }

  @Benchmark
  public XmlDocument buildAgain() {
    return new XmlBuilder().copy(document, document.root()).build();
  }

  @Benchmark
  public double select() {
    return path.number(document);
  }
}
