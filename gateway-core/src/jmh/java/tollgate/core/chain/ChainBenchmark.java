package tollgate.core.chain;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tollgate.core.exchange.Exchange;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Stage;
import tollgate.core.handler.Verdict;
import tollgate.core.testkit.TestExchange;

/**
 * One exchange, from its head to its end, through handlers that do nothing: {@code benchmarks/jmh
 * Chain}. The test kit around it is in the figure; what a handler costs is the difference.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // @Setup makes them
public class ChainBenchmark {
  @Param({"0", "1", "10"})
  public int handlers;

  public ChainBenchmark() {}

  @Benchmark
  public TestExchange exchange() {
    TestExchange exchange = TestExchange.get("/api/items").field("Accept", "*/*");
    for (int i = 0; i < handlers; i++) {
      exchange.handler(Stage.CONTENT, Passing.PASSING);
    }
    exchange.start();
    exchange.upstream().call().answer(200, "");
    return exchange;
  }

  private enum Passing implements Handler {
    PASSING;

    @Override
    public Verdict onRequest(Exchange exchange) {
      return Verdict.Proceed.PROCEED;
    }
  }
}
