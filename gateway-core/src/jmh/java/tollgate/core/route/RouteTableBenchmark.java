package tollgate.core.route;

import java.util.List;
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
import tollgate.config.model.PathTemplate;
import tollgate.core.http.Method;

/** Host, path and method to a match: {@code benchmarks/jmh RouteTable}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // @Setup makes them
public class RouteTableBenchmark {
  /** How many APIs, each with two operations. */
  @Param({"1", "100", "10000"})
  public int apis;

  private RouteTable<String> table;
  private String first;
  private String last;

  public RouteTableBenchmark() {}

  @Setup
  public void build() {
    RouteTable.Builder<String> builder = RouteTable.builder();
    for (int i = 0; i < apis; i++) {
      String name = "api" + i;
      builder.add(
          new ApiRoutes<>(
              name,
              name,
              "/" + name + "/v1",
              List.of(),
              List.of(operation(Method.GET, "/items/{id}"), operation(Method.POST, "/items")),
              false));
    }
    table = builder.build();
    first = "/api0/v1/items/1";
    last = "/api" + (apis - 1) + "/v1/items/1";
  }

  private static ApiRoutes.Operation<String> operation(Method method, String path) {
    return new ApiRoutes.Operation<>(method, PathTemplate.parse(path), path);
  }

  @Benchmark
  public Match<String> firstApi() {
    return table.match("gateway.example.com", first, Method.GET, null);
  }

  @Benchmark
  public Match<String> lastApi() {
    return table.match("gateway.example.com", last, Method.GET, null);
  }

  @Benchmark
  public Match<String> noApi() {
    return table.match("gateway.example.com", "/none/v1/items/1", Method.GET, null);
  }
}
