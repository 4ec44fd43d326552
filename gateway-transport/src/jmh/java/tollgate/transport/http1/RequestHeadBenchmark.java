package tollgate.transport.http1;
import tollgate.transport.wire.Malformed;
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.Input;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
import org.openjdk.jmh.annotations.Warmup;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.HopByHop;
import tollgate.core.http.ReceivedRequest;

/** A request's head, read and edited: {@code benchmarks/jmh RequestHead}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // @Setup makes them
public class RequestHeadBenchmark {
  private static final FieldName COOKIE = FieldName.of("Cookie");
  private static final String LINE = "GET /orders/v1/items/17?page=2 HTTP/1.1\r\n";
  private static final String SMALL = "Host: api.example.com\r\nAccept: */*\r\n";
  private static final String BROWSER =
      """
      Host: api.example.com\r
      Connection: keep-alive\r
      User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142\r
      Accept: application/json, text/plain, */*\r
      Accept-Encoding: gzip, deflate, br, zstd\r
      Accept-Language: en-GB,en;q=0.9\r
      Origin: https://shop.example.com\r
      Referer: https://shop.example.com/basket\r
      Authorization: Bearer 0123456789012345678901234567890123456789\r
      Cookie: session=0123456789abcdef; theme=dark\r
      Sec-Fetch-Mode: cors\r
      Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r
      """;

  /** Two fields, or the twelve of a browser. */
  @Param({"small", "browser"})
  public String fields;

  private final RequestParser parser = new RequestParser("http", HttpLimits.DEFAULTS);
  private final Input input = new Input(ByteBufAllocator.DEFAULT);
  private ByteBuf bytes;
  private ReceivedRequest received;

  public RequestHeadBenchmark() {}

  @Setup
  public void read() {
    String text = LINE + (fields.equals("small") ? SMALL : BROWSER) + "\r\n";
    bytes = Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes(text.getBytes(US_ASCII)));
    received = parse();
  }

  @Benchmark
  public ReceivedRequest parse() {
    parser.reset();
    bytes.readerIndex(0);
    input.append(bytes);
    try {
      return requireNonNull(parser.parse(input));
    } catch (Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is done to every head that is forwarded, and one field of a policy. */
  @Benchmark
  public Fields edit() {
    Fields edited = Fields.over(received.fields());
    HopByHop.stripRequest(edited);
    edited.set(FieldName.X_FORWARDED_FOR, "192.0.2.7");
    edited.remove(COOKIE);
    return edited.copy();
  }
}
