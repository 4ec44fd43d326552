package tollgate.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tollgate.config.model.CorsConfig;
import tollgate.config.model.StepConfig;
import tollgate.core.chain.Chain;
import tollgate.core.exchange.Ending;
import tollgate.core.exchange.Exchange;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.handler.Verdict;
import tollgate.core.testkit.TestExchange;
import tollgate.handlers.cors.CorsHandler;
import tollgate.handlers.testing.OneLoop;
import tollgate.handlers.testing.PolicyText;

/** Chains of the built-in handlers: responses go back the way the requests came. */
class UnwindingTest {
  private static final List<String> STEPS =
      List.of(
          "headers: {set: {X-A: 1}}",
          "rewrite: {path: /elsewhere}",
          "headers: {remove: [X-A]}",
          "rewrite: {query: {set: {a: 1}}}");

  private static final Map<String, StepConfig> READ = new HashMap<>();

  @Test
  void answersOfTheBackendPassEveryHandlerInReverse() {
    List<String> log = new ArrayList<>();
    TestExchange exchange = start(all(STEPS), log);
    exchange.upstream().call().answer(200, "ok");

    assertThat(log)
        .containsExactly(
            "> requestId",
            "> traceContext",
            "> cors",
            "> headers",
            "> rewrite",
            "> headers",
            "> rewrite",
            "< rewrite",
            "< headers",
            "< rewrite",
            "< headers",
            "< cors",
            "< traceContext",
            "< requestId",
            "end rewrite",
            "end headers",
            "end rewrite",
            "end headers",
            "end cors",
            "end traceContext",
            "end requestId");
  }

  @Test
  void aReplyPassesThoseBeforeItAndEndsThoseThatWereEntered() {
    List<String> log = new ArrayList<>();
    start(all(List.of(STEPS.get(0), "respond: {body: here}", STEPS.get(1))), log);

    assertThat(log)
        .containsExactly(
            "> requestId",
            "> traceContext",
            "> cors",
            "> headers",
            "> respond",
            "< headers",
            "< cors",
            "< traceContext",
            "< requestId",
            "end respond",
            "end headers",
            "end cors",
            "end traceContext",
            "end requestId");
  }

  @Test
  void anyChainUnwindsInExactReverse() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<String> steps = new ArrayList<>();
      int count = random.nextInt(12);
      for (int i = 0; i < count; i++) {
        steps.add(random.nextInt(8) == 0 ? "respond: {}" : STEPS.get(random.nextInt(STEPS.size())));
      }
      int reply = steps.indexOf("respond: {}");
      List<String> log = new ArrayList<>();
      TestExchange exchange = start(all(steps), log);
      if (reply < 0) {
        exchange.upstream().call().answer(200, "ok");
      }

      List<String> in = names(log, "> ");
      List<String> back = names(log, "< ");
      assertThat(in).as("seed %d", seed).hasSize(3 + (reply < 0 ? count : reply + 1));
      assertThat(names(log, "end ")).as("seed %d", seed).isEqualTo(in.reversed());
      assertThat(back)
          .as("seed %d", seed)
          .isEqualTo((reply < 0 ? in : in.subList(0, in.size() - 1)).reversed());
      assertThat(exchange.record().status()).isEqualTo(200);
    }
  }

  private static List<Chain.Entry> all(List<String> steps) {
    List<Chain.Entry> entries =
        new ArrayList<>(BuiltInHandlers.listenerStage(Map.of(), OneLoop.CONTEXT));
    CorsConfig cors =
        new CorsConfig(List.of("*"), List.of("GET"), List.of(), List.of(), false, null);
    entries.add(new Chain.Entry(CorsHandler.of(cors), Stage.EDGE, Side.BOTH));
    for (String step : steps) {
      StepConfig config = READ.computeIfAbsent(step, PolicyText::step);
      entries.add(Steps.BUILT_IN.step(config, Side.REQUEST, OneLoop.CONTEXT));
    }
    return entries;
  }

  /** Every handler on both sides, so that its place shows. */
  private static TestExchange start(List<Chain.Entry> entries, List<String> log) {
    TestExchange exchange = TestExchange.get("/api/x");
    for (Chain.Entry entry : entries) {
      exchange.handler(entry.stage(), new Logged(entry.handler(), log));
    }
    return exchange.start();
  }

  private static List<String> names(List<String> log, String mark) {
    return log.stream()
        .filter(line -> line.startsWith(mark))
        .map(line -> line.substring(mark.length()))
        .toList();
  }

  /** Writes down the calls of a handler and passes them on. */
  private record Logged(Handler handler, List<String> log) implements Handler {
    @Override
    public String name() {
      return handler.name();
    }

    @Override
    public boolean appliesTo(Exchange exchange) {
      return handler.appliesTo(exchange);
    }

    @Override
    public BodyUse requestBody(Exchange exchange) {
      return handler.requestBody(exchange);
    }

    @Override
    public Verdict onRequest(Exchange exchange) {
      log.add("> " + name());
      return handler.onRequest(exchange);
    }

    @Override
    public Verdict onResponse(Exchange exchange) {
      log.add("< " + name());
      return handler.onResponse(exchange);
    }

    @Override
    public void onEnd(Exchange exchange, Ending ending) {
      log.add("end " + name());
      handler.onEnd(exchange, ending);
    }
  }
}
