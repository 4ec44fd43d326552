package tollgate.handlers;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.Declared;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.model.OperationConfig;
import tollgate.config.model.PolicyConfig;
import tollgate.config.model.StepConfig;
import tollgate.config.read.ConfigReader;
import tollgate.config.read.Diagnostic;
import tollgate.config.read.Loaded;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.handler.Side;
import tollgate.handlers.testing.OneLoop;

/** The example of every page in docs/handlers loads without a word. */
class DocumentedExamplesTest {
  private static final Path PAGES = Path.of("..", "docs", "handlers");
  private static final Pattern EXAMPLE =
      Pattern.compile("^```[a-z]+ example (\\S+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  @ParameterizedTest
  @MethodSource("pages")
  void loads(String page, @TempDir Path root) throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(PAGES.resolve(page)));
    while (example.find()) {
      Path file = root.resolve(example.group(1));
      Files.createDirectories(requireNonNull(file.getParent()));
      Files.writeString(file, example.group(2));
    }

    switch (ConfigReader.create(BuiltInHandlers.stepShapes()).readBlocking(root)) {
      case Loaded.Valid<GatewayConfiguration> valid -> {
        assertThat(valid.warnings()).isEmpty();
        standsInItsChains(valid.value());
      }
      case Loaded.Invalid<GatewayConfiguration> invalid ->
          throw new AssertionError(
              String.join("\n", invalid.problems().stream().map(Diagnostic::toString).toList()));
    }
  }

  static List<String> pages() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      return files
          .map(file -> requireNonNull(file.getFileName()).toString())
          .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
          .sorted()
          .toList();
    }
  }

  private static void standsInItsChains(GatewayConfiguration configuration) {
    for (Declared<ApiConfig> declared : configuration.apis()) {
      ApiConfig api = declared.value();
      assertThat(BuiltInHandlers.edgeStage(api)).isNotNull();
      for (Declared<PolicyConfig> policy : configuration.policies()) {
        if (api.policies().contains(policy.value().name())) {
          policy.value().request().forEach(step -> stands(step, Side.REQUEST, api));
          policy.value().response().forEach(step -> stands(step, Side.RESPONSE, api));
        }
      }
    }
  }

  private static void stands(StepConfig step, Side side, ApiConfig api) {
    assertThat(Steps.BUILT_IN.step(step, side, OneLoop.CONTEXT).handler().name())
        .isEqualTo(step.name());
    for (OperationConfig operation : api.operations()) {
      String template = operation.match().path().toString();
      RouteHandle route =
          new RouteHandle(api.name(), api.version(), operation.id(), api.context(), template);
      assertThat(Steps.BUILT_IN.problem(step, side, route, operation)).isNull();
    }
  }
}
