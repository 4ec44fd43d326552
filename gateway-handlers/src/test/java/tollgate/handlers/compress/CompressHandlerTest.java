package tollgate.handlers.compress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import com.github.luben.zstd.ZstdInputStream;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.config.model.DataSize;
import tollgate.core.coding.ContentCoding;
import tollgate.core.coding.Encoder;
import tollgate.core.exchange.Exchange;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.ChunkFilter;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.handler.Verdict;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.testkit.TestExchange;

class CompressHandlerTest {
  private static final String TEXT = "All work and no play makes Jack a dull boy.\n".repeat(100);
  private static final FieldName CONTENT_ENCODING = FieldName.CONTENT_ENCODING;
  private static final CompressOptions DEFAULTS =
      new CompressOptions(
          CompressOptions.DEFAULT_CODINGS,
          CompressOptions.DEFAULT_TYPES,
          CompressOptions.DEFAULT_MIN_SIZE,
          CompressOptions.DEFAULT_LEVELS);

  private int openEncoders;
  private int madeEncoders;

  @ParameterizedTest
  @EnumSource
  void compressesWhatTheClientAccepts(ContentCoding coding) throws IOException {
    TestExchange exchange = started(coding.token());

    exchange.upstream().call().answer(200, TEXT, "Content-Type", "text/plain");

    Fields fields = exchange.client().head().fields();
    assertThat(fields.all(CONTENT_ENCODING)).containsExactly(coding.token());
    assertThat(fields.all(FieldName.VARY)).containsExactly("Accept-Encoding");
    assertThat(exchange.client().bodyBytes().length).isLessThan(TEXT.length() / 4);
    assertThat(exchange.client().head().bodyLength())
        .isIn((long) exchange.client().bodyBytes().length, BodyLength.UNKNOWN);
    assertThat(decoded(coding, exchange)).isEqualTo(TEXT);
    assertThat(openEncoders).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void decodesTheSameHoweverTheBodyIsCut(ContentCoding coding) throws IOException {
    Random random = new Random(4);
    StringBuilder body = new StringBuilder();
    while (body.length() < 300_000) {
      body.append(Integer.toString(random.nextInt(5000), 36)).append(' ');
    }
    TestExchange exchange = started(coding.token());
    var call = exchange.upstream().call();
    call.head(200, BodyLength.UNKNOWN, "Content-Type", "application/json");
    for (int at = 0; at < body.length(); ) {
      int end = Math.min(body.length(), at + 1 + random.nextInt(70_000));
      call.chunk(body.substring(at, end));
      at = end;
    }
    call.end();

    assertThat(decoded(coding, exchange)).isEqualTo(body.toString());
    assertThat(openEncoders).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void passesEachEventOnAtOnce(ContentCoding coding) throws IOException {
    TestExchange exchange =
        started(
            coding.token(),
            new CompressOptions(
                List.of(coding),
                List.of("text/event-stream"),
                DataSize.ofBytes(0),
                CompressOptions.DEFAULT_LEVELS));
    var call = exchange.upstream().call();
    call.head(200, BodyLength.UNKNOWN, "Content-Type", "text/event-stream");

    for (int i = 1; i <= 3; i++) {
      call.chunk("data: " + i + "\n\n");
      byte[] sent = exchange.client().bodyBytes();
      assertThat(decodedSoFar(coding, sent, 9 * i)).endsWith("data: " + i + "\n\n");
    }
    exchange.clientGoes();
    assertThat(openEncoders).isZero();
    assertThat(madeEncoders).isOne();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-Encoding | gzip",
        "Content-Range | bytes 0-9/100",
        "Cache-Control | public, No-Transform",
        "Repr-Digest | sha-256=:AAAA:",
        "Content-Type | image/png",
        "Content-Type | text/event-stream"
      })
  void leavesAloneWhatMustStayAsItIs(String name, String value) {
    TestExchange exchange = started("gzip");

    exchange.upstream().call().answer(200, TEXT, name, value, "Content-Type", "text/plain");

    assertLeftAlone(exchange, TEXT);
  }

  @ParameterizedTest
  @ValueSource(ints = {206, 204, 304})
  void leavesAloneWhatHasNoWholeBody(int status) {
    TestExchange exchange = started("gzip");

    exchange.upstream().call().head(status, 5000, "Content-Type", "text/plain");

    assertThat(exchange.client().head().fields().contains(CONTENT_ENCODING)).isFalse();
    assertThat(madeEncoders).isZero();
  }

  @Test
  void leavesSmallResponsesAlone() {
    TestExchange exchange = started("gzip");

    exchange.upstream().call().answer(200, "x".repeat(1023), "Content-Type", "text/plain");

    assertLeftAlone(exchange, "x".repeat(1023));
  }

  @Test
  void tellsCachesThatAnotherClientMayGetItCompressed() {
    TestExchange exchange = started("identity");

    exchange.upstream().call().answer(200, TEXT, "Content-Type", "text/plain", "Vary", "Origin");

    assertLeftAlone(exchange, TEXT);
    assertThat(exchange.client().head().fields().all(FieldName.VARY))
        .containsExactly("Origin", "Accept-Encoding");
  }

  @Test
  void addsNothingToAVaryThatSaysItAll() {
    TestExchange exchange = started("gzip");

    exchange
        .upstream()
        .call()
        .answer(200, TEXT, "Content-Type", "text/plain", "Vary", "Origin, accept-encoding");

    assertThat(exchange.client().head().fields().all(FieldName.VARY))
        .containsExactly("Origin, accept-encoding");
  }

  @Test
  void weakensTheEntityTagAndOffersNoRanges() {
    TestExchange exchange = started("gzip");

    exchange
        .upstream()
        .call()
        .answer(200, TEXT, "Content-Type", "text/plain", "ETag", "\"a\"", "Accept-Ranges", "bytes");

    Fields fields = exchange.client().head().fields();
    assertThat(fields.all(FieldName.ETAG)).containsExactly("W/\"a\"");
    assertThat(fields.contains(CompressHandler.ACCEPT_RANGES)).isFalse();
  }

  @Test
  void keepsAWeakEntityTag() {
    TestExchange exchange = started("gzip");

    exchange.upstream().call().answer(200, TEXT, "Content-Type", "text/plain", "ETag", "W/\"a\"");

    assertThat(exchange.client().head().fields().all(FieldName.ETAG)).containsExactly("W/\"a\"");
  }

  @Test
  void answersHeadWithoutAnEncoder() {
    TestExchange exchange =
        TestExchange.request(Method.HEAD, "/api/x")
            .field("Accept-Encoding", "gzip")
            .handler(Stage.CONTENT, counting(DEFAULTS), Side.RESPONSE)
            .start();

    exchange.upstream().call().head(200, 5000, "Content-Type", "text/plain");

    assertThat(exchange.client().head().fields().contains(CONTENT_ENCODING)).isFalse();
    assertThat(exchange.client().head().fields().all(FieldName.VARY))
        .containsExactly("Accept-Encoding");
    assertThat(madeEncoders).isZero();
  }

  @Test
  void closesTheEncoderWhenTheClientGoes() {
    TestExchange exchange = started("zstd");
    var call = exchange.upstream().call();
    call.head(200, BodyLength.UNKNOWN, "Content-Type", "text/plain");
    call.chunk(TEXT);
    assertThat(openEncoders).isOne();

    exchange.clientGoes();

    assertThat(openEncoders).isZero();
  }

  @Test
  void closesTheEncoderWhenTheBackendBreaksOff() {
    TestExchange exchange = started("br");
    var call = exchange.upstream().call();
    call.head(200, BodyLength.UNKNOWN, "Content-Type", "text/plain");
    call.chunk(TEXT);

    call.fail(UpstreamFailure.Kind.RESET);

    assertThat(exchange.client().isAborted()).isTrue();
    assertThat(openEncoders).isZero();
  }

  @Test
  void closesTheEncoderWhenAFilterBeforeItRefusesTheBody() {
    TestExchange exchange =
        TestExchange.get("/api/x")
            .field("Accept-Encoding", "gzip")
            .handler(Stage.CONTENT, counting(DEFAULTS), Side.RESPONSE)
            .handler(Stage.CACHE, new RefusingAtOnce(), Side.RESPONSE)
            .start();

    exchange.upstream().call().answer(200, TEXT, "Content-Type", "text/plain");

    assertThat(exchange.client().isAborted()).isTrue();
    assertThat(madeEncoders).isOne();
    assertThat(openEncoders).isZero();
  }

  private TestExchange started(String accepted) {
    return started(accepted, DEFAULTS);
  }

  private TestExchange started(String accepted, CompressOptions options) {
    return TestExchange.get("/api/x")
        .field("Accept-Encoding", accepted)
        .handler(Stage.CONTENT, counting(options), Side.RESPONSE)
        .start();
  }

  private Handler counting(CompressOptions options) {
    return new CompressHandler(options, coding -> () -> new Counted(coding));
  }

  private void assertLeftAlone(TestExchange exchange, String body) {
    assertThat(exchange.client().body()).isEqualTo(body);
    assertThat(madeEncoders).isZero();
    assertThat(exchange.isEnded()).isTrue();
  }

  private static String decoded(ContentCoding coding, TestExchange exchange) throws IOException {
    assertThat(exchange.client().isEnded()).isTrue();
    try (InputStream in = decoder(coding, exchange.client().bodyBytes())) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /** What a reader has that has not come to the end of the stream. */
  private static String decodedSoFar(ContentCoding coding, byte[] sent, int length)
      throws IOException {
    byte[] text = new byte[length];
    if (coding == ContentCoding.BR) { // its stream wants the end before it gives anything
      DecoderJNI.Wrapper decoder = new DecoderJNI.Wrapper(sent.length);
      decoder.getInputBuffer().put(sent);
      decoder.push(sent.length);
      for (int at = 0; decoder.hasOutput(); ) {
        ByteBuffer piece = decoder.pull();
        int count = piece.remaining();
        piece.get(text, at, count);
        at += count;
      }
      decoder.destroy();
    } else {
      try (InputStream in = decoder(coding, sent)) {
        assertThat(in.readNBytes(text, 0, length)).isEqualTo(length);
      }
    }
    return new String(text, UTF_8);
  }

  private static InputStream decoder(ContentCoding coding, byte[] body) throws IOException {
    InputStream in = new ByteArrayInputStream(body);
    return switch (coding) {
      case GZIP -> new GZIPInputStream(in);
      case BR -> new BrotliInputStream(in);
      case ZSTD -> new ZstdInputStream(in).setContinuous(true);
    };
  }

  /** Refuses the response's body as soon as it comes. */
  private static final class RefusingAtOnce implements Handler {
    @Override
    public String name() {
      return "refusing";
    }

    @Override
    public Verdict onRequest(Exchange exchange) {
      return Verdict.Proceed.PROCEED;
    }

    @Override
    public BodyUse responseBody(Exchange exchange) {
      return new BodyUse.Chunks(new Refusal());
    }
  }

  private static final class Refusal implements ChunkFilter {
    @Override
    public Passed chunk(ByteBuf chunk) {
      chunk.release();
      return new Passed.Refuse(Fault.of(FaultCode.UPSTREAM_BODY_TOO_LARGE, "Refused."));
    }
  }

  private final class Counted implements Encoder {
    private final Encoder encoder;
    private boolean isClosed;

    Counted(ContentCoding coding) {
      encoder = coding.encoder(coding.defaultLevel());
      openEncoders++;
      madeEncoders++;
    }

    @Override
    public void encode(ByteBuf in, ByteBuf out) {
      assertThat(isClosed).isFalse();
      encoder.encode(in, out);
    }

    @Override
    public void flush(ByteBuf out) {
      encoder.flush(out);
    }

    @Override
    public void finish(ByteBuf out) {
      encoder.finish(out);
    }

    @Override
    public void close() {
      if (!isClosed) {
        isClosed = true;
        openEncoders--;
      }
      encoder.close();
    }
  }
}
