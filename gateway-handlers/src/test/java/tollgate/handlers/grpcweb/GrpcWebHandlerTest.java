package tollgate.handlers.grpcweb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.fault.Outcome;
import tollgate.core.grpc.GrpcRules;
import tollgate.core.handler.ChunkFilter.Passed;
import tollgate.core.handler.Stage;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.testkit.TestExchange;

class GrpcWebHandlerTest {
  private static final byte[] MESSAGE = {0, 0, 0, 0, 2, 'h', 'i'};
  private static final FieldName STATUS = FieldName.of("grpc-status");

  private static TestExchange call(String contentType) {
    return TestExchange.request(Method.POST, "/api/demo.Greeter/Hello")
        .field("Content-Type", contentType)
        .field("X-Grpc-Web", "1")
        .body(BodyLength.UNKNOWN)
        .grpc(new GrpcRules(100, Long.MAX_VALUE))
        .handler(Stage.CONTENT, new GrpcWebHandler());
  }

  private static @Nullable String field(TestExchange exchange, FieldName name) {
    return exchange.client().head().fields().first(name);
  }

  private static byte[] frame(String text) {
    byte[] frame = new byte[5 + text.length()];
    frame[0] = (byte) 0x80;
    frame[4] = (byte) text.length();
    System.arraycopy(text.getBytes(ISO_8859_1), 0, frame, 5, text.length());
    return frame;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "application/grpc-web, application/grpc",
    "application/grpc-web+proto, application/grpc+proto",
    "application/grpc-web+json;charset=utf-8, application/grpc+json",
  })
  void asksTheBackendInGrpc(String contentType, String asked) {
    TestExchange exchange = call(contentType).start();
    exchange.send(Unpooled.wrappedBuffer(MESSAGE)).sendEnd();
    var backend = exchange.upstream().call();
    assertThat(backend.head().fields().all(FieldName.CONTENT_TYPE)).containsExactly(asked);
    assertThat(backend.head().fields().all(FieldName.TE)).containsExactly("trailers");
    assertThat(backend.bodyBytes()).isEqualTo(MESSAGE);
    exchange.clientGoes();
  }

  @Test
  void putsTrailersIntoTheBody() {
    TestExchange exchange = call("application/grpc-web+proto").start();
    exchange.send(Unpooled.wrappedBuffer(MESSAGE)).sendEnd();
    var backend = exchange.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "Content-Type", "application/grpc+proto", "X-Own", "1");
    backend.chunk(Unpooled.wrappedBuffer(MESSAGE));
    assertThat(exchange.client().bodyBytes()).isEqualTo(MESSAGE); // a stream goes on as it comes
    backend.end(
        new Trailers(
            List.of(
                new Trailers.Line("Grpc-Status", "0"), new Trailers.Line("x-note-bin", "AA=="))));
    assertThat(field(exchange, FieldName.CONTENT_TYPE)).isEqualTo("application/grpc-web+proto");
    assertThat(field(exchange, FieldName.of("X-Own"))).isEqualTo("1");
    assertThat(exchange.client().bodyBytes())
        .isEqualTo(join(MESSAGE, frame("grpc-status:0\r\nx-note-bin:AA==\r\n")));
    assertThat(exchange.client().trailers().isEmpty()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.OK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1", "HTTP/2"})
  void aBackendThatBreaksOffIsTheLastFrame(String protocol) {
    TestExchange exchange = call("application/grpc-web+proto").protocol(protocol).start();
    exchange.sendEnd();
    var backend = exchange.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "Content-Type", "application/grpc");
    backend.chunk(Unpooled.wrappedBuffer(MESSAGE));
    backend.fail(UpstreamFailure.Kind.RESET);
    assertThat(new String(exchange.client().bodyBytes(), ISO_8859_1))
        .startsWith(new String(join(MESSAGE, new byte[] {(byte) 0x80}), ISO_8859_1))
        .contains("grpc-status:14\r\n");
    assertThat(exchange.client().isAborted()).isFalse();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.UPSTREAM_RESET);
    assertThat(exchange.record().grpcStatus()).isEqualTo(14);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, BodyLength.ABSENT, BodyLength.UNKNOWN})
  void aStatusInTheHeadGoesThereToo(long length) {
    TestExchange exchange = call("application/grpc-web").start();
    exchange.sendEnd();
    var backend = exchange.upstream().call();
    backend.head(
        200, length, "content-type", "application/grpc", "grpc-status", "5", "grpc-message", "no");
    backend.end();
    assertThat(field(exchange, STATUS)).isNull();
    assertThat(exchange.client().head().bodyLength()).isEqualTo(BodyLength.UNKNOWN);
    assertThat(exchange.client().bodyBytes())
        .isEqualTo(frame("grpc-status:5\r\ngrpc-message:no\r\n"));
  }

  @Test
  void speaksBase64BothWays() {
    TestExchange exchange = call("application/grpc-web-text+proto").start();
    exchange.send(Base64.getEncoder().encodeToString(MESSAGE)).sendEnd();
    var backend = exchange.upstream().call();
    assertThat(backend.head().fields().all(FieldName.CONTENT_TYPE))
        .containsExactly("application/grpc+proto");
    assertThat(backend.bodyBytes()).isEqualTo(MESSAGE);
    backend.head(200, BodyLength.UNKNOWN, "content-type", "application/grpc");
    backend.chunk(Unpooled.wrappedBuffer(MESSAGE));
    backend.end(new Trailers(List.of(new Trailers.Line("grpc-status", "0"))));
    assertThat(field(exchange, FieldName.CONTENT_TYPE))
        .isEqualTo("application/grpc-web-text+proto");
    assertThat(exchange.client().body())
        .isEqualTo(
            Base64.getEncoder().encodeToString(MESSAGE)
                + Base64.getEncoder().encodeToString(frame("grpc-status:0\r\n")));
  }

  @Test
  void answersInTheFormThatIsAccepted() {
    TestExchange exchange =
        call("application/grpc-web+proto").field("Accept", "application/grpc-web-text").start();
    exchange.sendEnd();
    var backend = exchange.upstream().call();
    backend.head(200, 0, "content-type", "application/grpc", "grpc-status", "0");
    backend.end();
    assertThat(field(exchange, FieldName.CONTENT_TYPE))
        .isEqualTo("application/grpc-web-text+proto");
    assertThat(Base64.getDecoder().decode(exchange.client().bodyBytes()))
        .isEqualTo(frame("grpc-status:0\r\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AA", "AA=", "A===", "====", "AA=A", "AAAA\n", "AA AA", "%%%%", "AA-_"})
  void refusesWhatIsNoBase64(String body) {
    TestExchange exchange = call("application/grpc-web-text").start();
    exchange.send(body).sendEnd();
    assertThat(exchange.client().status()).isEqualTo(200);
    byte[] answer = Base64.getDecoder().decode(exchange.client().bodyBytes());
    assertThat(new String(answer, ISO_8859_1))
        .contains("grpc-status:13\r\n", "tollgate-code:400103\r\n");
    assertThat(exchange.upstream().call().isAborted()).isTrue();
  }

  @Test
  void leavesOthersAlone() {
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x")
            .field("Content-Type", "application/grpc")
            .body(BodyLength.UNKNOWN)
            .handler(Stage.CONTENT, new GrpcWebHandler())
            .start();
    exchange.sendEnd();
    var backend = exchange.upstream().call();
    assertThat(backend.head().fields().all(FieldName.CONTENT_TYPE))
        .containsExactly("application/grpc");
    backend.head(200, 0, "content-type", "application/grpc", "grpc-status", "0");
    backend.end();
    assertThat(field(exchange, STATUS)).isEqualTo("0");
    assertThat(exchange.client().bodyBytes()).isEmpty();
  }

  @Test
  void anAnswerThatIsNoGrpcPassesAsItIs() {
    TestExchange exchange = call("application/grpc-web").start();
    exchange.sendEnd();
    exchange.upstream().call().answer(502, "<html>", "Content-Type", "text/html");
    assertThat(exchange.client().status()).isEqualTo(502);
    assertThat(exchange.client().body()).isEqualTo("<html>");
  }

  @Test
  void refusalsOfTheGatewayAreFrames() {
    TestExchange exchange = call("application/grpc-web").start();
    exchange.sendEnd();
    exchange.upstream().call().fail(UpstreamFailure.Kind.CONNECT);
    assertThat(field(exchange, FieldName.CONTENT_TYPE)).isEqualTo("application/grpc-web+proto");
    assertThat(new String(exchange.client().bodyBytes(), ISO_8859_1))
        .startsWith("\u0080")
        .contains("grpc-status:14\r\n");
  }

  @Test
  void aLackingStatusIsAFrameToo() {
    TestExchange exchange = call("application/grpc-web").start();
    exchange.sendEnd();
    var backend = exchange.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "content-type", "application/grpc");
    backend.end();
    assertThat(new String(exchange.client().bodyBytes(), ISO_8859_1)).contains("grpc-status:13");
  }

  @Test
  void base64IsThatOfTheJdkHoweverItIsCut() {
    Random random = new Random(20261130);
    for (int round = 0; round < 300; round++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      ByteBuf encoded =
          TextEncoder.takeEncoded(Unpooled.wrappedBuffer(bytes), UnpooledByteBufAllocator.DEFAULT);
      assertThat(encoded.toString(US_ASCII)).isEqualTo(Base64.getEncoder().encodeToString(bytes));

      TextDecoder decoder = new TextDecoder(UnpooledByteBufAllocator.DEFAULT);
      ByteArrayOutputStream decoded = new ByteArrayOutputStream();
      while (encoded.isReadable()) {
        int length = Math.min(encoded.readableBytes(), 1 + random.nextInt(9));
        ByteBuf piece = ((Passed.Pass) decoder.chunk(encoded.readRetainedSlice(length))).buffer();
        byte[] got = new byte[piece.readableBytes()];
        piece.readBytes(got);
        piece.release();
        decoded.writeBytes(got);
      }
      encoded.release();
      assertThat(decoder.end(Trailers.NONE)).isInstanceOf(Passed.Pass.class);
      assertThat(decoded.toByteArray()).isEqualTo(bytes);
    }
  }
}
