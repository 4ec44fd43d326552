package tollgate.config.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
import tollgate.config.model.GatewayConfiguration;

/** A folder of 1,000 APIs in ten files, read and validated: {@code benchmarks/jmh Reading}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // @Setup makes them
public class ReadingBenchmark {
  private static final String GATEWAY =
      "kind: Gateway\nname: bench\nlisteners: [{name: http, bind: '127.0.0.1:0'}]\n";
  private static final String UPSTREAM =
      "kind: Upstream\nname: u\ntargets: [{url: 'http://127.0.0.1:1'}]\n";
  private final StepShapes steps = StepShapes.of(List.of());
  private final ConfigReader kept = ConfigReader.create(steps);
  private Path root;

  public ReadingBenchmark() {}

  @Setup
  public void write() throws IOException {
    root = Files.createTempDirectory("tollgate-jmh");
    Files.createDirectory(root.resolve("conf.d"));
    Files.writeString(root.resolve("gateway.yaml"), GATEWAY);
    Files.writeString(root.resolve("conf.d/u.yaml"), UPSTREAM);
    for (int file = 0; file < 10; file++) {
      StringBuilder apis = new StringBuilder();
      for (int i = 100 * file; i < 100 * file + 100; i++) {
        apis.append(api(i));
      }
      Files.writeString(root.resolve("conf.d/" + file + ".yaml"), apis);
    }
  }

  private static String api(int i) {
    String name = "api" + i;
    return "---\nkind: Api\nname: "
        + name
        + "\nversion: v1\ncontext: /"
        + name
        + "/v1\nsecurity: none\nroute: {upstream: u}\n"
        + "operations: [{id: item, match: 'GET /items/{id}'}, {id: create, match: POST /items}]\n";
  }

  /** As at a start. */
  @Benchmark
  public Loaded<GatewayConfiguration> first() {
    return ConfigReader.create(steps).readBlocking(root);
  }

  /** As at a reload that finds nothing changed. */
  @Benchmark
  public Loaded<GatewayConfiguration> again() {
    return kept.readBlocking(root);
  }
}
