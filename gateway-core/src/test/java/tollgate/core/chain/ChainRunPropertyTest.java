package tollgate.core.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.Stage;
import tollgate.core.handler.Verdict;
import tollgate.core.http.BodyLength;
import tollgate.core.http.Method;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.testkit.TestExchange;

/** Random chains, random chunking, random interruptions; the seed is the test's name. */
class ChainRunPropertyTest {
  private static final int MAX_BODY = 200_000;

  private final List<ByteBuf> buffers = new ArrayList<>();

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyChunkingOfABodyGivesTheSameResult(long seed) {
    Random random = new Random(seed);
    String body = text(random, random.nextInt(4) == 0 ? MAX_BODY : 3000);
    boolean[] upperCased = new boolean[1];
    TestExchange exchange = exchange(random, body, upperCased).start();

    deliver(random, exchange, body);
    exchange.loop().runTasks();
    var call = exchange.upstream().call();
    String expected = upperCased[0] ? body.toUpperCase(Locale.ROOT) : body;
    assertThat(call.body()).isEqualTo(expected);
    assertThat(call.isEnded()).isTrue();
    if (call.bodyLength() >= 0) {
      assertThat(call.bodyLength()).isEqualTo(expected.length());
    }

    call.head(200, BodyLength.UNKNOWN);
    for (int at = 0; at < body.length(); ) {
      int next = Math.min(body.length(), at + 1 + random.nextInt(5000));
      call.chunk(body.substring(at, next));
      at = next;
      if (random.nextInt(10) == 0) {
        exchange.loop().runTasks();
      }
    }
    call.end();
    exchange.loop().runTasks();
    assertThat(exchange.client().body()).isEqualTo(upperCased[0] ? expected : body);
    assertThat(exchange.client().isEnded()).isTrue();
    assertThat(exchange.record().responseBytes()).isEqualTo(body.length());
    assertNothingLeaked();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyExchangeEndsOnceAndLeavesNoBuffer(long seed) {
    Random random = new Random(seed);
    String body = text(random, 100_000);
    TestExchange exchange = exchange(random, body, new boolean[1]).start();
    int interruptAt = random.nextInt(20);
    for (int step = 0; step < 60 && !exchange.isEnded(); step++) {
      act(random, exchange, step >= interruptAt);
    }
    if (!exchange.isEnded()) {
      exchange.clientGoes();
    }
    exchange.send(tracked("late"));
    exchange.loop().runTasks();
    assertThat(exchange.record()).isNotNull();
    assertNothingLeaked();
  }

  private void act(Random random, TestExchange exchange, boolean mayInterrupt) {
    var calls = exchange.upstream().calls();
    var call = calls.isEmpty() ? null : calls.getLast();
    switch (random.nextInt(mayInterrupt ? 9 : 5)) {
      case 0, 1 -> exchange.send(tracked("x".repeat(random.nextInt(40_000))));
      case 2 -> exchange.loop().runTasks();
      case 3 -> exchange.clientWritable(random.nextBoolean());
      case 4 -> {
        if (call != null && call.hasHead() && !call.isAborted()) {
          call.writable(random.nextBoolean());
        }
      }
      case 5 -> exchange.sendEnd();
      case 6 -> exchange.clientGoes();
      case 7 -> {
        if (call != null && call.hasHead() && !call.isAborted()) {
          call.answer(200, "answer");
        }
      }
      default -> {
        if (call != null && call.hasHead() && !call.isAborted()) {
          call.fail(UpstreamFailure.Kind.RESET);
        }
      }
    }
  }

  private TestExchange exchange(Random random, String body, boolean[] upperCased) {
    TestExchange exchange =
        TestExchange.request(Method.POST, "/api/x")
            .body(random.nextBoolean() ? BodyLength.UNKNOWN : body.length());
    for (int i = random.nextInt(5); i > 0; i--) {
      Steps steps = new Steps("h" + i);
      if (random.nextInt(4) == 0) {
        steps.onRequest =
            _ -> new Verdict.Later(CompletableFuture.completedStage(Verdict.Proceed.PROCEED));
      }
      if (random.nextInt(4) == 0) {
        steps.onResponse =
            _ -> new Verdict.Later(CompletableFuture.completedStage(Verdict.Proceed.PROCEED));
      }
      switch (random.nextInt(4)) {
        case 0 -> {
          upperCased[0] = true;
          steps.requestBody = _ -> new BodyUse.Chunks(new Steps.UpperCase(Long.MAX_VALUE));
          steps.responseBody = _ -> new BodyUse.Chunks(new Steps.UpperCase(Long.MAX_VALUE));
        }
        case 1 -> {
          steps.requestBody = _ -> new BodyUse.Whole(MAX_BODY);
          steps.responseBody = _ -> new BodyUse.Whole(MAX_BODY);
        }
        default -> {}
      }
      exchange.handler(Stage.CONTENT, steps);
    }
    return exchange;
  }

  private void deliver(Random random, TestExchange exchange, String body) {
    for (int at = 0; at < body.length(); ) {
      exchange.loop().runTasks();
      int next =
          Math.min(body.length(), at + 1 + random.nextInt(random.nextInt(8) == 0 ? 5 : 9000));
      exchange.send(tracked(body.substring(at, next)));
      at = next;
    }
    exchange.sendEnd();
  }

  private ByteBuf tracked(String text) {
    ByteBuf buffer = Unpooled.copiedBuffer(text, UTF_8);
    if (buffer.isReadable()) {
      buffers.add(buffer);
    }
    return buffer;
  }

  private void assertNothingLeaked() {
    assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
  }

  private static String text(Random random, int max) {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(max);
    while (text.length() < length) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }
}
