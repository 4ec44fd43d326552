package tollgate.transport.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tollgate.core.http.FieldName;
import tollgate.core.http.Tokens;

/** Header blocks of a response and of a request: {@code benchmarks/jmh Hpack}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // @Setup makes them
public class HpackBenchmark {
  private static final String[] RESPONSE = {
    "Server", "backend/1.27.3",
    "Date", "Mon, 30 Nov 2026 20:13:21 GMT",
    "Content-Type", "application/json; charset=utf-8",
    "Cache-Control", "private, max-age=60",
    "Vary", "Accept-Encoding, Origin",
    "X-Request-Id", "0af7651916cd43dd8448eb211c80319c",
    "Content-Length", "1024",
  };

  private static final String[] REQUEST = {
    "user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142",
    "accept", "application/json, text/plain, */*",
    "accept-encoding", "gzip, deflate, br, zstd",
    "accept-language", "en-GB,en;q=0.9",
    "origin", "https://shop.example.com",
    "referer", "https://shop.example.com/basket",
    "authorization", "Bearer 0123456789012345678901234567890123456789",
  };

  private byte[][] response;
  private int[] hashes;
  private ByteBuf out;
  private HpackEncoder withTable;
  private HpackEncoder withoutTable;
  private HpackDecoder decoder;
  private HeaderList list;
  private byte[] literals;
  private byte[] huffman;
  private byte[] indexed;
  private byte[] target;

  public HpackBenchmark() {}

  @Setup
  public void prepare() throws HpackException {
    response = new byte[RESPONSE.length][];
    hashes = new int[RESPONSE.length];
    for (int i = 0; i < RESPONSE.length; i++) {
      response[i] = RESPONSE[i].getBytes(US_ASCII);
      for (byte b : response[i]) {
        hashes[i] = FieldName.step(hashes[i], Tokens.lower(b));
      }
    }
    out = Unpooled.directBuffer(4096);
    target = new byte[1024];
    withTable = new HpackEncoder();
    withoutTable = new HpackEncoder();
    withoutTable.tableSize(0);
    decoder = new HpackDecoder(4096);
    list = new HeaderList(1 << 16);
    literals = request(new HpackEncoder());
    HpackEncoder peer = new HpackEncoder();
    request(peer);
    byte[] filling = request(peer);
    decoder.decode(filling, 0, filling.length, list);
    indexed = request(peer);
    ByteBuf coded = Unpooled.buffer();
    for (int i = 0; i < REQUEST.length; i += 2) {
      byte[] name = REQUEST[i].getBytes(US_ASCII);
      byte[] value = REQUEST[i + 1].getBytes(US_ASCII);
      coded.writeByte(0x10);
      string(coded, name);
      string(coded, value);
    }
    huffman = new byte[coded.readableBytes()];
    coded.readBytes(huffman);
  }

  private static void string(ByteBuf coded, byte[] text) {
    byte[] code = HuffmanEncoder.encode(text);
    coded.writeByte(0x80 | code.length).writeBytes(code);
  }

  private static byte[] request(HpackEncoder encoder) {
    ByteBuf block = Unpooled.buffer();
    encoder.begin(block);
    for (int i = 0; i < REQUEST.length; i += 2) {
      encoder.field(block, FieldName.of(REQUEST[i]), REQUEST[i + 1]);
    }
    byte[] bytes = new byte[block.readableBytes()];
    block.readBytes(bytes);
    return bytes;
  }

  @Benchmark
  public ByteBuf encodeWithTable() {
    return encode(withTable);
  }

  @Benchmark
  public ByteBuf encodeWithoutTable() {
    return encode(withoutTable);
  }

  private ByteBuf encode(HpackEncoder encoder) {
    out.clear();
    encoder.begin(out);
    encoder.status(out, 200);
    for (int i = 0; i < response.length; i += 2) {
      byte[] name = response[i];
      byte[] value = response[i + 1];
      encoder.field(out, hashes[i], name, 0, name.length, value, 0, value.length);
    }
    return out;
  }

  /** What Huffman encoding of the response's values would add. */
  @Benchmark
  public int huffmanOfValues() {
    int at = 0;
    for (int i = 1; i < response.length; i += 2) {
      at = HuffmanEncoder.encode(response[i], target, at);
    }
    return at;
  }

  @Benchmark
  public HeaderList decodeLiterals() throws HpackException {
    return decode(literals);
  }

  @Benchmark
  public HeaderList decodeHuffman() throws HpackException {
    return decode(huffman);
  }

  @Benchmark
  public HeaderList decodeIndexed() throws HpackException {
    return decode(indexed);
  }

  private HeaderList decode(byte[] block) throws HpackException {
    list.clear();
    decoder.decode(block, 0, block.length, list);
    return list;
  }
}
