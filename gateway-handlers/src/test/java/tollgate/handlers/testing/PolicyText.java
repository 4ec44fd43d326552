package tollgate.handlers.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.model.PolicyConfig;
import tollgate.config.model.StepConfig;
import tollgate.config.read.ConfigReader;
import tollgate.config.read.Diagnostic;
import tollgate.config.read.Loaded;
import tollgate.handlers.BuiltInHandlers;

/** Reads steps as a policy holds them, through the real reader of configurations. */
public final class PolicyText {
  private PolicyText() {}

  /** The options of one step of a request list, as {@code headers: {remove: [X-A]}}. */
  public static <O> O options(Class<O> type, String step) {
    return step(step).options(type);
  }

  /** As {@link #options}, of a step in a response list. */
  public static <O> O responseOptions(Class<O> type, String step) {
    return switch (read("response", step)) {
      case Loaded.Valid<GatewayConfiguration> valid ->
          valid.value().policies().getFirst().value().response().getFirst().options(type);
      case Loaded.Invalid<GatewayConfiguration> invalid ->
          throw new AssertionError(invalid.problems().toString());
    };
  }

  public static StepConfig step(String step) {
    return switch (read("request", step)) {
      case Loaded.Valid<GatewayConfiguration> valid -> {
        PolicyConfig policy = valid.value().policies().getFirst().value();
        yield policy.request().getFirst();
      }
      case Loaded.Invalid<GatewayConfiguration> invalid ->
          throw new AssertionError(invalid.problems().toString());
    };
  }

  /** The problems of one step, one a line, without their places. */
  public static String problems(String step) {
    return problems("request", step);
  }

  /** As {@link #problems}, of a step in a response list. */
  public static String responseProblems(String step) {
    return problems("response", step);
  }

  private static String problems(String list, String step) {
    return switch (read(list, step)) {
      case Loaded.Valid<GatewayConfiguration> _ -> "";
      case Loaded.Invalid<GatewayConfiguration> invalid ->
          invalid.problems().stream()
              .filter(Diagnostic::isError)
              .map(problem -> problem.path() + ": " + problem.message())
              .collect(Collectors.joining("\n"));
    };
  }

  private static Loaded<GatewayConfiguration> read(String list, String step) {
    try {
      Path root = Files.createTempDirectory("policy");
      Path policy = Files.createDirectory(root.resolve("conf.d")).resolve("policy.yaml");
      try {
        Files.writeString(
            root.resolve("gateway.yaml"),
            "kind: Gateway\nname: edge\nlisteners: [{name: http, bind: \"127.0.0.1:0\"}]\n");
        Files.writeString(policy, "kind: Policy\nname: p\n" + list + ":\n  - " + step + "\n");
        return ConfigReader.create(BuiltInHandlers.stepShapes()).readBlocking(root);
      } finally {
        for (Path file :
            List.of(policy, root.resolve("gateway.yaml"), root.resolve("conf.d"), root)) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
