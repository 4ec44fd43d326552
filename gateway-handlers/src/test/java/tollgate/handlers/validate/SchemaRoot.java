package tollgate.handlers.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.model.OperationConfig;
import tollgate.config.read.ConfigReader;
import tollgate.config.read.Diagnostic;
import tollgate.config.read.Loaded;
import tollgate.config.read.StepShapes;
import tollgate.config.text.Location;
import tollgate.core.chain.MessageRules;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.FaultStyle;
import tollgate.core.fault.Outcome;
import tollgate.core.handler.Stage;
import tollgate.core.http.Method;
import tollgate.core.message.MessageFormats;
import tollgate.core.message.PayloadLimits;
import tollgate.core.port.Offload;
import tollgate.core.telemetry.ExchangeRecord;
import tollgate.core.telemetry.Telemetry;
import tollgate.core.testkit.TestExchange;
import tollgate.core.upstream.Target;
import tollgate.handlers.testing.OneLoop;

/** A configuration folder with one API, and exchanges with its operations. One thread. */
final class SchemaRoot {
  static final String HEAD =
      """
      {kind: Upstream, name: u, targets: [{url: "http://u"}]}
      ---
      kind: Api
      name: test
      version: v1
      context: /api
      security: none
      route: {upstream: u}
      """;

  private static final MessageRules RULES =
      new MessageRules(
          MessageFormats.builtIn(), PayloadLimits.DEFAULT, Offload.here(), FaultStyle.PROBLEM);

  final Path folder;
  final List<String> violations = new ArrayList<>();

  SchemaRoot(Path folder) throws IOException {
    this.folder = folder;
    write(
        "gateway.yaml",
        "kind: Gateway\nname: edge\nlisteners: [{name: http, bind: '127.0.0.1:0'}]\n");
  }

  SchemaRoot write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(requireNonNull(file.getParent()));
    Files.writeString(file, text);
    return this;
  }

  /** Problems of reading and compiling, with the folder's own name taken off. */
  List<String> problems() {
    return switch (ConfigReader.create(StepShapes.none()).readBlocking(folder)) {
      case Loaded.Invalid<GatewayConfiguration> invalid -> lines(invalid.problems());
      case Loaded.Valid<GatewayConfiguration> valid -> {
        List<Diagnostic> problems = new ArrayList<>();
        var _ = compiled(valid.value(), problems);
        yield lines(problems);
      }
    };
  }

  private List<String> lines(List<Diagnostic> problems) {
    return problems.stream().map(problem -> problem.toString().replace(folder + "/", "")).toList();
  }

  private static Validations compiled(
      GatewayConfiguration configuration, List<Diagnostic> problems) {
    ApiConfig api = configuration.apis().getFirst().value();
    return Validations.compileBlocking(
        api, configuration.root(), configuration.shownRoot(), Location.ofFile("api"), problems);
  }

  /** What is compiled of a folder without problems. */
  Compiled compile() {
    GatewayConfiguration configuration =
        switch (ConfigReader.create(StepShapes.none()).readBlocking(folder)) {
          case Loaded.Valid<GatewayConfiguration> valid -> valid.value();
          case Loaded.Invalid<GatewayConfiguration> invalid ->
              throw new AssertionError(String.join("\n", lines(invalid.problems())));
        };
    List<Diagnostic> problems = new ArrayList<>();
    Validations validations = compiled(configuration, problems);
    if (!problems.isEmpty()) {
      throw new AssertionError(String.join("\n", lines(problems)));
    }
    return new Compiled(configuration.apis().getFirst().value(), validations);
  }

  /** The API with its schemas. */
  final class Compiled {
    private final ApiConfig api;
    private final Validations validations;

    Compiled(ApiConfig api, Validations validations) {
      this.api = api;
      this.validations = validations;
    }

    /** An exchange whose head has been sent; the body of the request, if any, follows. */
    TestExchange started(String operation, String target, @Nullable String body, String... fields) {
      OperationConfig config =
          api.operations().stream()
              .filter(one -> one.id().equals(operation))
              .findFirst()
              .orElseThrow();
      Method method = Method.of(requireNonNull(config.match().method()));
      TestExchange exchange =
          TestExchange.request(method, "/api" + target)
              .operation(config.match().path().toString())
              .messages(RULES);
      for (int i = 0; i < fields.length; i += 2) {
        exchange.field(fields[i], fields[i + 1]);
      }
      if (body != null) {
        exchange.body(body.getBytes(UTF_8).length);
      }
      ValidateHandler handler = validations.handler(operation, OneLoop.CONTEXT, new Counting());
      if (handler != null) {
        exchange.handler(Stage.CONTENT, handler);
      }
      exchange.start();
      if (body != null && !exchange.isEnded()) {
        exchange.send(body).sendEnd();
      }
      return exchange;
    }

    /** The status a request gets, and why if it is refused; {@code 200} if it was forwarded. */
    String ask(String operation, String target, @Nullable String body, String... fields) {
      TestExchange exchange = started(operation, target, body, fields);
      if (exchange.upstream().calls().isEmpty()) {
        return exchange.client().head().status() + " " + detail(exchange.client().body());
      }
      exchange.upstream().call().answer(200, "{}", "Content-Type", "application/json");
      return Integer.toString(exchange.client().head().status());
    }

    /** The same with a JSON body. */
    String json(String operation, String body) {
      return ask(operation, "/" + operation, body, "Content-Type", "application/json");
    }
  }

  /** The detail of problem details in JSON; else all of it. */
  static String detail(String problem) {
    if (!problem.startsWith("{")) {
      return problem;
    }
    int at = problem.indexOf("\"detail\":\"") + 10;
    int errors = problem.indexOf("\",\"errors\":", at);
    int end = errors < 0 ? problem.indexOf("\",\"request_id\"", at) : errors;
    return problem.substring(at, end < 0 ? problem.length() - 2 : end).replace("\\\"", "\"");
  }

  private final class Counting implements Telemetry {
    @Override
    public void started(int loop, String listener) {}

    @Override
    public void ended(int loop, ExchangeRecord ended) {}

    @Override
    public void attempted(int loop, String upstream, Target target, int status, Outcome outcome) {}

    @Override
    public void retried(int loop, String upstream, String reason) {}

    @Override
    public void violated(int loop, RouteHandle route, String kind, String direction) {
      violations.add(kind + " " + direction);
    }
  }
}
