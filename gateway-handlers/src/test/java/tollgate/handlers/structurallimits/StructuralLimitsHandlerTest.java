package tollgate.handlers.structurallimits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.fault.Outcome;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.testkit.FakeUpstream;
import tollgate.core.testkit.TestExchange;
import tollgate.handlers.testing.OneLoop;
import tollgate.handlers.testing.PolicyText;

class StructuralLimitsHandlerTest {
  private static final int HELD_BACK = 64 * 1024;

  private static Handler handler(String options, Side side) {
    StructuralLimitsHandlerType type = new StructuralLimitsHandlerType();
    return type.create(
        PolicyText.options(StructuralLimitsOptions.class, "structuralLimits: {" + options + "}"),
        side,
        OneLoop.CONTEXT);
  }

  private static TestExchange posted(String options, String type, long length) {
    return TestExchange.request(Method.POST, "/api/x")
        .field("Content-Type", type)
        .field("Accept", "application/json")
        .body(length)
        .handler(Stage.CONTENT, handler(options, Side.REQUEST));
  }

  private static TestExchange posted(String options, String type, String body) {
    return posted(options, type, body.getBytes(UTF_8).length).start().send(body).sendEnd();
  }

  private static TestExchange answer(String options) {
    return TestExchange.get("/api/x")
        .handler(Stage.CONTENT, handler(options, Side.RESPONSE))
        .start();
  }

  private static void assertRefused(TestExchange exchange, int status, String code) {
    assertThat(exchange.client().status()).isEqualTo(status);
    assertThat(exchange.client().body()).contains("\"code\":\"" + code + "\"");
    assertThat(exchange.client().isEnded()).isTrue();
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A JSON array of about this many bytes that compresses badly. */
  private static String large(int length) {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("[0");
    while (text.length() < length) {
      text.append(",[").append(random.nextLong()).append(',').append(random.nextLong()).append(']');
    }
    return text.append(']').toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json                    | [1]",
        "Application/JSON; charset=utf-8     | {\"a\":1}",
        "application/problem+json            | {\"a\":\"ä\"}",
        "text/json                           | [1]",
        "application/x-ndjson                | 1",
        "application/xml                     | <a/>",
        "text/xml;charset=\"UTF-8\"          | <a>ä</a>",
        "application/soap+xml; action=x      | <a/>",
        "text/xml; charset=iso-8859-1        | <a/>",
        "image/png                           | [",
        "application/grpc+json               | [",
        "multipart/form-data; boundary=x     | <",
        "application/json                    | ''",
      })
  void passesWhatIsGoodAsItCame(String type, String body) {
    TestExchange exchange = posted("", type, body);
    FakeUpstream.Call backend = exchange.upstream().call();
    assertThat(backend.body()).isEqualTo(body);
    assertThat(backend.bodyLength()).isEqualTo(body.getBytes(UTF_8).length);
    backend.answer(200, "ok");
    assertThat(exchange.client().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/json               | [1,]                  | 400 | 400106",
        "application/vnd.a+json         | {'a':1                | 400 | 400106",
        "application/json               | [[[1]]]               | 400 | 400",
        "application/json               | {'a':1,'a':2}         | 400 | 400",
        "application/json               | [1e999999]            | 400 | 400",
        "application/json; charset=utf-16 | [1]                 | 415 | 415102",
        "application/json; charset=utf-7 | [1]                  | 415 | 415102",
        "application/json               | \uFEFF[1]             | 400 | 400106",
        "application/json, text/plain   | [1]                   | 415 | 415100",
        "application/json;              | [                     | 400 | 400106",
        "json                           | [1]                   | 415 | 415100",
        "application/xml                | <a>                   | 400 | 400106",
        "application/rss+xml            | <!DOCTYPE a><a/>      | 400 | 400",
        "text/xml                       | <a><b><c/></b></a>    | 400 | 400",
        "text/xml; charset=utf-7        | <a/>                  | 415 | 415102",
        "text/xml                       | <?xml version='1.0' encoding='IBM037'?><a/> | 415 | 415102",
        "application/x-ndjson           | {}{}                  | 400 | 400106",
      })
  void refusesTheRestBeforeTheBackendHears(String type, String body, int status, String code) {
    TestExchange exchange =
        posted("json: {depth: 2}, xml: {depth: 2}", type, body.replace('\'', '"'));
    assertRefused(exchange, status, code);
    assertThat(exchange.upstream().calls()).isEmpty();
    assertThat(exchange.record().outcome())
        .isEqualTo(code.equals("400") ? Outcome.THREAT : Outcome.INVALID_REQUEST);
  }

  @Test
  void saysWhatAndWhere() {
    TestExchange exchange = posted("json: {depth: 2}", "application/json", "[ [ [1]]]");
    assertThat(exchange.client().body())
        .contains("The payload is beyond the limits here. JSON: more than 2 levels at byte 4.");
    exchange = posted("", "application/json", "{\"a\" 1}");
    assertThat(exchange.client().body())
        .contains("The payload is not well-formed. JSON: no colon behind a name at byte 5.");
  }

  @Test
  void aRequestThatIsEmptyStaysSo() {
    for (long length : new long[] {0, BodyLength.ABSENT, BodyLength.UNKNOWN}) {
      TestExchange exchange = posted("noType: refuse", "application/json", length).start();
      exchange.sendEnd();
      assertThat(exchange.upstream().call().body()).isEmpty();
      exchange.clientGoes();
    }
  }

  @Test
  void otherTypesAreAsThePolicySays() {
    assertRefused(posted("otherTypes: refuse", "text/plain", "x"), 415, "415100");
    assertRefused(posted("otherTypes: json", "text/plain", "x"), 400, "400106");
    assertRefused(posted("otherTypes: xml", "image/png", "x"), 400, "400106");
    TestExchange good = posted("otherTypes: json", "text/plain", "[1]");
    assertThat(good.upstream().call().body()).isEqualTo("[1]");
    good.clientGoes();
  }

  @Test
  void aBodyWithoutATypeIsAsThePolicySays() {
    for (String choice : new String[] {"pass", "refuse", "json"}) {
      TestExchange exchange =
          TestExchange.request(Method.POST, "/api/x")
              .body(1)
              .handler(Stage.CONTENT, handler("noType: " + choice, Side.REQUEST))
              .start();
      exchange.send("[").sendEnd();
      assertThat(exchange.client().status())
          .isEqualTo(choice.equals("pass") ? 0 : choice.equals("json") ? 400 : 415);
      if (choice.equals("pass")) {
        exchange.clientGoes();
      }
    }
  }

  @Test
  void twoTypesAreNone() {
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x")
            .field("Content-Type", "text/plain")
            .field("Content-Type", "application/json")
            .body(3)
            .handler(Stage.CONTENT, handler("", Side.REQUEST))
            .start();
    assertRefused(exchange, 415, "415100");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked", "compress", "gzip, gzip, gzip", "snappy"})
  void refusesCodingsThatAreNotRead(String coding) {
    TestExchange exchange =
        posted("", "application/json", 3).field("Content-Encoding", coding).start();
    assertRefused(exchange, 415, "415101");
    assertThat(exchange.client().head().fields().first(FieldName.of("Accept-Encoding")))
        .isEqualTo("gzip, deflate, br, zstd");
    TestExchange other = posted("", "image/png", 3).field("Content-Encoding", coding).start();
    other.send("abc").sendEnd();
    assertThat(other.upstream().call().body()).isEqualTo("abc");
    other.clientGoes();
  }

  @Test
  void decodesForTheCheckAlone() {
    byte[] body = gzip("[1,2,3]".getBytes(UTF_8));
    TestExchange exchange =
        posted("", "application/json", body.length).field("Content-Encoding", "gzip").start();
    for (byte one : body) {
      exchange.send(Unpooled.wrappedBuffer(new byte[] {one}));
    }
    exchange.sendEnd();
    assertThat(exchange.upstream().call().bodyBytes()).isEqualTo(body);
    assertThat(exchange.upstream().call().bodyLength()).isEqualTo(body.length);
    assertThat(exchange.upstream().call().head().fields().first(FieldName.CONTENT_ENCODING))
        .isEqualTo("gzip");
    exchange.clientGoes();
  }

  @Test
  void refusesInACodingWhatItRefusesPlain() {
    assertRefused(coded("[1,]".getBytes(UTF_8), 0), 400, "400106");
    assertRefused(coded("[[[1]]]".getBytes(UTF_8), 0), 400, "400");
    assertRefused(coded("[1]".getBytes(UTF_8), 3), 400, "400106");
  }

  @Test
  void stopsBombs() {
    byte[] blanks = " ".repeat(5 << 20).getBytes(UTF_8);
    TestExchange exchange = coded(blanks, 0);
    assertRefused(exchange, 413, "413103");
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.THREAT);
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  /** Without what would come last. */
  private static TestExchange coded(byte[] plain, int less) {
    byte[] body = gzip(plain);
    TestExchange exchange =
        posted("json: {depth: 2}", "application/json", BodyLength.UNKNOWN)
            .field("Content-Encoding", "gzip")
            .start();
    return exchange.send(Unpooled.wrappedBuffer(body, 0, body.length - less)).sendEnd();
  }

  @Test
  void aCodingThatNeverSaysAnythingIsTooLarge() {
    TestExchange exchange =
        posted("json: {size: 1KiB}", "application/json", BodyLength.UNKNOWN)
            .field("Content-Encoding", "gzip")
            .start();
    exchange.send(Unpooled.wrappedBuffer(new byte[] {31, -117, 8, 8, 0, 0, 0, 0, 0, 0}));
    for (int i = 0; i < 70 && !exchange.isEnded(); i++) {
      exchange.send("n".repeat(1024)); // a file's name without end
    }
    assertRefused(exchange, 413, "413103");
  }

  @Test
  void refusesABodyOverItsSize() {
    TestExchange exchange = posted("json: {size: 8B}", "application/json", "[1,2,3,4,5]");
    assertRefused(exchange, 413, "413103");
  }

  @Test
  void letsTheFirstPieceGoWhenItHasPassed() {
    String body = large(2 * HELD_BACK);
    TestExchange exchange = posted("", "application/json", body.length()).start();
    exchange.send(body.substring(0, HELD_BACK - 1));
    assertThat(exchange.upstream().calls()).isEmpty();
    exchange.send(body.substring(HELD_BACK - 1, HELD_BACK));
    assertThat(exchange.upstream().call().bodyLength()).isEqualTo(body.length());
    exchange.send(body.substring(HELD_BACK)).sendEnd();
    assertThat(exchange.upstream().call().body()).isEqualTo(body);
    exchange.clientGoes();
  }

  @Test
  void aLaterRefusalAnswersAndAbortsTheBackend() {
    TestExchange exchange = posted("", "application/json", BodyLength.UNKNOWN).start();
    exchange.send(large(HELD_BACK + 10));
    assertThat(exchange.upstream().call().hasHead()).isTrue();
    exchange.send("]");
    assertRefused(exchange, 400, "400106");
    assertThat(exchange.upstream().call().isAborted()).isTrue();
    assertThat(exchange.upstream().call().isEnded()).isFalse();
  }

  @Test
  void holdsTheWholeWhereThePolicySaysSo() {
    String body = large(4 * HELD_BACK);
    TestExchange exchange = posted("hold: true", "application/json", BodyLength.UNKNOWN).start();
    exchange.send(body);
    assertThat(exchange.upstream().calls()).isEmpty();
    exchange.sendEnd();
    assertThat(exchange.upstream().call().body()).isEqualTo(body);
    assertThat(exchange.upstream().call().bodyLength()).isEqualTo(body.length());
    exchange.clientGoes();

    TestExchange bad = posted("hold: true", "application/json", BodyLength.UNKNOWN).start();
    bad.send(body).send("]").sendEnd();
    assertRefused(bad, 400, "400106");
    assertThat(bad.upstream().calls()).isEmpty();
  }

  @Test
  void aBadAnswerIsTheBackendsFault() {
    TestExchange exchange = answer("");
    FakeUpstream.Call backend = exchange.upstream().call();
    backend.head(200, 6, "Content-Type", "application/json");
    assertThat(exchange.client().status()).isZero();
    backend.chunk("[1,]");
    assertRefused(exchange, 502, "101511");
    assertThat(exchange.client().body()).doesNotContain("byte");
    assertThat(backend.isAborted()).isTrue();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.INVALID_RESPONSE);
  }

  @Test
  void aGoodAnswerPassesAsItCame() {
    TestExchange exchange = answer("");
    exchange.upstream().call().answer(200, "[1,2]", "Content-Type", "application/json");
    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(exchange.client().body()).isEqualTo("[1,2]");
    assertThat(exchange.client().head().bodyLength()).isEqualTo(5);
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void aLongAnswerBeginsWhenItsFirstPieceHasPassed() {
    String body = large(2 * HELD_BACK);
    TestExchange exchange = answer("");
    FakeUpstream.Call backend = exchange.upstream().call();
    backend.head(200, body.length(), "Content-Type", "application/json");
    backend.chunk(body.substring(0, 100));
    assertThat(exchange.client().status()).isZero();
    backend.chunk(body.substring(100, HELD_BACK));
    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(exchange.client().head().bodyLength()).isEqualTo(body.length());
    backend.chunk(body.substring(HELD_BACK));
    backend.end();
    assertThat(exchange.client().body()).isEqualTo(body);
  }

  @Test
  void anAnswerThatGoesWrongLaterIsCut() {
    TestExchange exchange = answer("");
    FakeUpstream.Call backend = exchange.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "Content-Type", "application/json");
    backend.chunk(large(HELD_BACK + 10));
    backend.chunk("]");
    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(exchange.client().isAborted()).isTrue();
    assertThat(exchange.client().isEnded()).isFalse();
  }

  @Test
  void holdsAWholeAnswer() {
    String body = large(3 * HELD_BACK);
    TestExchange exchange = answer("hold: true");
    FakeUpstream.Call backend = exchange.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "Content-Type", "application/json");
    backend.chunk(body);
    assertThat(exchange.client().status()).isZero();
    backend.end();
    assertThat(exchange.client().body()).isEqualTo(body);
    assertThat(exchange.client().head().bodyLength()).isEqualTo(body.length());
  }

  @Test
  void aBackendThatFailsWhileItsAnswerIsHeldIsSaidTo() {
    TestExchange exchange = answer("");
    FakeUpstream.Call backend = exchange.upstream().call();
    backend.head(200, 10, "Content-Type", "application/json");
    backend.chunk("[1");
    backend.fail(UpstreamFailure.Kind.RESET);
    assertRefused(exchange, 502, "101505");
  }

  @Test
  void linesOfAnAnswerGoOnAsTheyCome() {
    TestExchange exchange = answer("");
    FakeUpstream.Call backend = exchange.upstream().call();
    backend.head(200, BodyLength.UNKNOWN, "Content-Type", "application/x-ndjson");
    backend.chunk("{}\n");
    assertThat(exchange.client().body()).isEqualTo("{}\n");
    backend.end();
    assertThat(exchange.client().isEnded()).isTrue();
  }

  @Test
  void leavesPartsAndAnswersOfTheGatewayAlone() {
    TestExchange part = answer("");
    part.upstream().call().answer(206, "1,2", "Content-Type", "application/json");
    assertThat(part.client().body()).isEqualTo("1,2");

    TestExchange failed = answer("json: {members: 1}");
    failed.upstream().call().fail(UpstreamFailure.Kind.CONNECT);
    assertRefused(failed, 502, "101503");
  }

  @Test
  void anAnswerInAnUnknownCodingIsTheBackendsFault() {
    TestExchange exchange = answer("");
    exchange
        .upstream()
        .call()
        .answer(200, "[1]", "Content-Type", "application/json", "Content-Encoding", "lzma");
    assertRefused(exchange, 502, "101511");
  }

  @Test
  void keepsNoBuffer() {
    TestExchange exchange = posted("hold: true", "application/json", BodyLength.UNKNOWN).start();
    ByteBuf first = Unpooled.copiedBuffer("[1,", UTF_8);
    ByteBuf second = Unpooled.copiedBuffer("]", UTF_8);
    ByteBuf late = Unpooled.copiedBuffer("x", UTF_8);
    exchange.send(first).send(second).send(late);
    assertThat(first.refCnt()).isZero();
    assertThat(second.refCnt()).isZero();
    assertThat(late.refCnt()).isZero();
  }

  @Test
  void aClientThatGoesLeavesNothing() {
    TestExchange exchange =
        posted("", "application/json", BodyLength.UNKNOWN)
            .field("Content-Encoding", "gzip, br")
            .start();
    exchange.clientGoes();
    assertThat(exchange.record().outcome()).isEqualTo(Outcome.CLIENT_CLOSED);
  }
}
