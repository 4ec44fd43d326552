package tollgate.core.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tollgate.core.exchange.Exchange;
import tollgate.core.fault.FaultCode;
import tollgate.core.fault.FaultStyle;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Message;
import tollgate.core.handler.Stage;
import tollgate.core.handler.Verdict;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.media.MediaType;
import tollgate.core.message.MessageFormats;
import tollgate.core.message.Payload;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.json.JsonWriter;
import tollgate.core.port.NoPermitException;
import tollgate.core.port.Offload;
import tollgate.core.testkit.TestExchange;

/** Bodies that are built for handlers, and written again where one has changed them. */
class MessagesTest {
  private static final MediaType OTHER_JSON = MediaType.of("application/other+json");

  private static final MessageFormats FORMATS = MessageFormats.builtIn();

  private final List<String> seen = new ArrayList<>();
  private final LaterOffload later = new LaterOffload();

  /** Work that is done when a test says so. */
  private static final class LaterOffload implements Offload {
    private final List<Runnable> tasks = new ArrayList<>();
    private boolean isFull;

    @Override
    public <T> CompletionStage<T> blocking(String dependency, Callable<T> task) {
      return compute(task);
    }

    @Override
    public <T> CompletionStage<T> compute(Callable<T> task) {
      if (isFull) {
        return CompletableFuture.failedFuture(new NoPermitException("compute"));
      }
      var result = new CompletableFuture<T>();
      tasks.add(() -> {
        try {
          result.complete(task.call());
        } catch (Exception e) {
          result.completeExceptionally(e);
        }
      });
      return result;
    }

    void run() {
      tasks.forEach(Runnable::run);
      tasks.clear();
    }
  }

  /** Asks for messages both ways, and puts another payload in their place if it has one. */
  private final class Reader implements Handler {
    private final String name;
    private final @Nullable String replacement;

    private Reader(String name, @Nullable String replacement) {
      this.name = name;
      this.replacement = replacement;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Verdict onRequest(Exchange exchange) {
      return Verdict.Proceed.PROCEED;
    }

    @Override
    public BodyUse requestBody(Exchange exchange) {
      return new BodyUse.Built(1_000_000);
    }

    @Override
    public BodyUse responseBody(Exchange exchange) {
      return new BodyUse.Built(1_000_000);
    }

    @Override
    public Verdict onRequestMessage(Exchange exchange, Message message) {
      return read(message, ">");
    }

    @Override
    public Verdict onResponseMessage(Exchange exchange, Message message) {
      return read(message, "<");
    }

    private Verdict read(Message message, String direction) {
      Payload payload = message.payload();
      seen.add(name + direction + (payload == null ? "nothing" : text(payload)));
      if (replacement != null) {
        message.replace(Payload.of(JsonParser.parse(replacement)), OTHER_JSON);
      }
      return Verdict.Proceed.PROCEED;
    }
  }

  private static String text(Payload payload) {
    ByteBuf out = Unpooled.buffer();
    JsonWriter.write(payload.json(), out);
    return out.toString(UTF_8);
  }

  private TestExchange exchange(Handler... handlers) {
    return exchange("application/json", handlers);
  }

  private TestExchange exchange(String type, Handler... handlers) {
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x")
            .field("Content-Type", type)
            .messages(new MessageRules(FORMATS, PayloadLimits.DEFAULT, later, FaultStyle.PROBLEM));
    for (Handler handler : handlers) {
      exchange.handler(Stage.CONTENT, handler);
    }
    return exchange;
  }

  private static @Nullable String code(TestExchange exchange) {
    var fault = exchange.record().fault();
    return fault == null ? null : fault.code().code();
  }

  @Test
  void whatNobodyChangesGoesOnByteForByte() {
    TestExchange exchange = exchange(new Reader("a", null), new Reader("b", null)).body(11).start();
    exchange.send("{ \"a\": ").send("1.0}").sendEnd();
    assertThat(seen).containsExactly("a>{ \"a\": 1.0}", "b>{ \"a\": 1.0}");
    assertThat(exchange.upstream().call().body()).isEqualTo("{ \"a\": 1.0}");
    assertThat(exchange.upstream().call().bodyLength()).isEqualTo(11);
    exchange.upstream().call().answer(200, "[ ]", "Content-Type", "application/json");
    assertThat(exchange.client().body()).isEqualTo("[ ]");
    assertThat(seen).endsWith("b<[ ]", "a<[ ]");
  }

  @Test
  void whatIsChangedIsWrittenOnceBehindTheLast() {
    TestExchange exchange =
        exchange(new Reader("a", "[1]"), new Reader("b", null))
            .field("Content-Digest", "sha-256=:x:")
            .body(2)
            .start();
    exchange.send("{}").sendEnd();
    assertThat(seen).containsExactly("a>{}", "b>[1]");
    var call = exchange.upstream().call();
    assertThat(call.body()).isEqualTo("[1]");
    assertThat(call.bodyLength()).isEqualTo(3);
    assertThat(call.head().fields().first(FieldName.CONTENT_TYPE))
        .isEqualTo("application/other+json");
    assertThat(call.head().fields().contains(FieldName.of("Content-Digest"))).isFalse();
    call.answer(200, "{}", "Content-Type", "application/problem+json");
    assertThat(exchange.client().body()).isEqualTo("[1]");
    assertThat(exchange.client().head().bodyLength()).isEqualTo(3);
  }

  @Test
  void handlersOfBytesSeeWhatWasWritten() {
    Steps bytes = new Steps("bytes", seen);
    bytes.requestBody = _ -> new BodyUse.Whole(100);
    TestExchange exchange =
        exchange(new Reader("a", "[1]"), bytes, new Reader("b", null)).body(2).start();
    exchange.send("{}").sendEnd();
    assertThat(seen).contains("bytes>body:[1]", "b>[1]");
    assertThat(exchange.upstream().call().body()).isEqualTo("[1]");
  }

  @Test
  void emptyIsNothing() {
    TestExchange exchange = exchange(new Reader("a", null)).body(BodyLength.UNKNOWN).start();
    exchange.sendEnd();
    assertThat(seen).containsExactly("a>nothing");
    exchange.upstream().call().answer(200, "");
    assertThat(seen).endsWith("a<nothing");
    assertThat(exchange.client().status()).isEqualTo(200);
  }

  @Test
  void refusesWhatIsNotOfItsType() {
    TestExchange exchange = exchange(new Reader("a", null)).body(2).start();
    exchange.send("{]").sendEnd();
    assertThat(exchange.client().status()).isEqualTo(400);
    assertThat(exchange.client().body()).contains("at line 1, column 2");
    assertThat(code(exchange)).isEqualTo(FaultCode.MALFORMED_PAYLOAD.code());
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @Test
  void refusesTypesThatNobodyReadsBeforeTheBodyIsRead() {
    TestExchange exchange = exchange("image/png", new Reader("a", null)).body(2).start();
    assertThat(exchange.client().status()).isEqualTo(415);
    assertThat(exchange.client().isReading()).isFalse();
  }

  @Test
  void aBackendsBadAnswerIsABadGateway() {
    TestExchange exchange = exchange(new Reader("a", null)).body(2).start();
    exchange.send("{}").sendEnd();
    exchange.upstream().call().answer(200, "{", "Content-Type", "application/json");
    assertThat(exchange.client().status()).isEqualTo(502);
    assertThat(code(exchange)).isEqualTo(FaultCode.UPSTREAM_PAYLOAD.code());
    assertThat(exchange.client().body()).doesNotContain("line 1");
  }

  /** What was to be built is not what another handler reads of the refusal. */
  @Test
  void aRefusalInItsPlaceIsReadAsBytes() {
    Steps bytes = new Steps("bytes", seen);
    bytes.responseBody = _ -> new BodyUse.Whole(10_000);
    TestExchange exchange = exchange(bytes, new Reader("a", null)).body(BodyLength.UNKNOWN).start();
    exchange.send("[" + " ".repeat(1_000_000) + "]");
    assertThat(exchange.client().status()).isEqualTo(413);
    assertThat(exchange.client().body()).contains("\"413100\"");
    assertThat(seen).noneMatch(step -> step.startsWith("a"));
  }

  @Test
  void unservedPathsOfAnApiAreRefusedInItsStyle() {
    TestExchange exchange =
        TestExchange.get("/api/other")
            .operation("/x")
            .messages(new MessageRules(FORMATS, PayloadLimits.DEFAULT, later, FaultStyle.WSO2))
            .start();
    assertThat(exchange.client().status()).isEqualTo(404);
    assertThat(exchange.client().body()).startsWith("{\"code\":\"900906\",\"type\":");
  }

  @Test
  void aPartOfAnAnswerIsNotRead() {
    TestExchange exchange = exchange(new Reader("a", null)).body(2).start();
    exchange.send("{}").sendEnd();
    exchange.upstream().call().answer(206, "{}", "Content-Type", "application/json");
    assertThat(exchange.client().status()).isEqualTo(502);
  }

  @Test
  void codingsAreUndoneForReadingAndLeftAloneOtherwise() throws IOException {
    byte[] coded = gzip("[1, 2]");
    TestExchange unchanged =
        exchange(new Reader("a", null))
            .field("Content-Encoding", "gzip")
            .body(coded.length)
            .start();
    unchanged.send(Unpooled.wrappedBuffer(coded)).sendEnd();
    built(unchanged);
    assertThat(seen).containsExactly("a>[1, 2]");
    assertThat(unchanged.upstream().call().bodyBytes()).isEqualTo(coded);
    unchanged.upstream().call().answer(200, "");

    TestExchange changed =
        exchange(new Reader("b", "[3]"))
            .field("Content-Encoding", "gzip")
            .body(coded.length)
            .start();
    changed.send(Unpooled.wrappedBuffer(coded)).sendEnd();
    built(changed);
    assertThat(changed.upstream().call().body()).isEqualTo("[3]");
    assertThat(changed.upstream().call().head().fields().contains(FieldName.CONTENT_ENCODING))
        .isFalse();
    changed.upstream().call().answer(200, "");
  }

  @Test
  void aBombIsTooMuch() throws IOException {
    byte[] coded = gzip(" ".repeat(11 << 20));
    TestExchange exchange =
        exchange(new Reader("a", null))
            .field("Content-Encoding", "gzip")
            .body(coded.length)
            .start();
    exchange.send(Unpooled.wrappedBuffer(coded)).sendEnd();
    built(exchange);
    assertThat(exchange.client().status()).isEqualTo(413);
  }

  @Test
  void codingsThatNobodyReadsAreRefused() {
    TestExchange exchange =
        exchange(new Reader("a", null)).field("Content-Encoding", "chunked").body(2).start();
    assertThat(exchange.client().status()).isEqualTo(415);
  }

  private void built(TestExchange exchange) {
    later.run();
    exchange.loop().runTasks();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(coded)) {
      out.write(text.getBytes(UTF_8));
    }
    return coded.toByteArray();
  }

  @Test
  void largeOnesAreBuiltElsewhere() {
    String large = "[" + "1,".repeat(50_000) + "1]";
    TestExchange exchange = exchange(new Reader("a", "[1]")).body(large.length()).start();
    exchange.send(large).sendEnd();
    assertThat(seen).isEmpty();
    assertThat(exchange.upstream().calls()).isEmpty();
    built(exchange);
    assertThat(seen).hasSize(1);
    assertThat(exchange.upstream().calls()).isEmpty();
    built(exchange); // what is written for the backend
    assertThat(exchange.upstream().call().body()).isEqualTo("[1]");
    exchange.upstream().call().answer(200, large, "Content-Type", "application/json");
    built(exchange);
    assertThat(seen).hasSize(2);
    assertThat(exchange.isEnded()).isFalse();
    built(exchange);
    assertThat(exchange.client().body()).isEqualTo("[1]");
    assertThat(exchange.client().head().fields().first(FieldName.CONTENT_TYPE))
        .isEqualTo("application/other+json");
  }

  @Test
  void whoeverComesNextSeesWhatWasWrittenElsewhere() {
    String large = "[" + "1,".repeat(50_000) + "1]";
    Steps whole = new Steps("whole", seen);
    whole.requestBody = _ -> new BodyUse.Whole(1_000_000);
    whole.responseBody = _ -> new BodyUse.Whole(1_000_000);
    TestExchange exchange =
        exchange(new Reader("a", "[1]"), whole, new Reader("b", "[2]"))
            .body(large.length())
            .start();
    exchange.send(large).sendEnd();
    built(exchange);
    built(exchange);
    assertThat(seen).endsWith("whole>body:[1]", "b>[1]");
    exchange.upstream().call().answer(200, large, "Content-Type", "application/json");
    built(exchange);
    built(exchange);
    assertThat(seen).contains("whole<body:[2]", "a<[2]");
    assertThat(exchange.client().body()).isEqualTo("[1]");
  }

  @Test
  void aClientThatGoesWhileItsMessageIsWrittenLeavesNothing() {
    String large = "[" + "1,".repeat(50_000) + "1]";
    TestExchange exchange = exchange(new Reader("a", "[1]")).body(large.length()).start();
    exchange.send(large).sendEnd();
    built(exchange);
    exchange.clientGoes();
    built(exchange);
    assertThat(exchange.upstream().calls()).isEmpty();
    assertThat(exchange.isEnded()).isTrue();
  }

  @Test
  void thereMayBeTooMuchToWrite() {
    String large = "[" + "1,".repeat(50_000) + "1]";
    TestExchange exchange = exchange(new Reader("a", "[1]")).body(large.length()).start();
    exchange.send(large).sendEnd();
    later.run();
    later.isFull = true;
    exchange.loop().runTasks();
    exchange.loop().runTasks();
    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(code(exchange)).isEqualTo(FaultCode.NO_PERMIT.code());
  }

  @Test
  void aClientThatGoesWhileItsMessageIsBuiltLeavesNothing() {
    String large = "[" + "1,".repeat(50_000) + "1]";
    TestExchange exchange = exchange(new Reader("a", null)).body(large.length()).start();
    exchange.send(large).sendEnd();
    exchange.clientGoes();
    later.run();
    exchange.loop().runTasks();
    assertThat(seen).isEmpty();
    assertThat(exchange.isEnded()).isTrue();
  }

  @Test
  void thereMayBeTooMuchToBuild() {
    String large = "[" + "1,".repeat(50_000) + "1]";
    later.isFull = true;
    TestExchange exchange = exchange(new Reader("a", null)).body(large.length()).start();
    exchange.send(large).sendEnd();
    exchange.loop().runTasks();
    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(code(exchange)).isEqualTo(FaultCode.NO_PERMIT.code());
  }
}
