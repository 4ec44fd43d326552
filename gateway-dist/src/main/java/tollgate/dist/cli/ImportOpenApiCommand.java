package tollgate.dist.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tollgate.config.model.ApiConfig;
import tollgate.config.openapi.OpenApiDocument;
import tollgate.config.openapi.OpenApiOperation;
import tollgate.config.openapi.OpenApiReader;
import tollgate.config.read.Diagnostic;
import tollgate.config.schema.SchemaFolder;
import tollgate.config.text.TextProblem;
import tollgate.dist.run.ExitCode;

/** {@code import openapi}: an Api document of what an OpenAPI file offers. */
@Command(
    name = "openapi",
    description =
        "Prints a document of kind Api with the operations of an OpenAPI file, which must lie in the"
            + " configuration folder. Writes no file.")
final class ImportOpenApiCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ConfigurationFolder folder = new ConfigurationFolder();

  @Parameters(paramLabel = "FILE", description = "The OpenAPI file, JSON or YAML.")
  private Path file = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the API (default: made of the title).")
  private @Nullable String name;

  @Option(
      names = "--context",
      paramLabel = "PATH",
      description = "Context (default: made of name and version).")
  private @Nullable String context;

  @Option(
      names = "--upstream",
      paramLabel = "NAME",
      description = "Name of the upstream (default: the name of the API).")
  private @Nullable String upstream;

  ImportOpenApiCommand() {}

  @Override
  public Integer call() {
    Path root = folder.path().toAbsolutePath().normalize();
    Path path = file.toAbsolutePath().normalize();
    SchemaFolder schemas = new SchemaFolder(root, folder.path());
    if (!schemas.holds(path)) {
      throw new CommandFailedException(
          ExitCode.FAILED,
          file + " does not lie in " + folder.path() + " (expected: a file of the folder)");
    }
    OpenApiReader reader = new OpenApiReader(schemas);
    OpenApiDocument document;
    try {
      document = reader.readBlocking(path);
    } catch (IOException e) {
      throw new CommandFailedException(
          ExitCode.FAILED, file + " cannot be read: " + e.getMessage());
    }
    if (!reader.problems().isEmpty()) {
      StringBuilder text = new StringBuilder(file + " has errors");
      for (TextProblem problem : reader.problems()) {
        text.append('\n')
            .append(Diagnostic.error(problem.location(), problem.path(), problem.message()));
      }
      throw new CommandFailedException(ExitCode.INVALID_CONFIGURATION, text.toString());
    }
    print(document, root.relativize(path).toString());
    return ExitCode.GOOD;
  }

  private void print(OpenApiDocument document, String openApi) {
    String api = name == null ? named(document.title(), "api") : name;
    String version = named(document.version(), "v1");
    PrintWriter out = spec.commandLine().getOut();
    out.println("kind: Api");
    out.println("name: " + quoted(api));
    out.println("version: " + quoted(version));
    out.println("context: " + quoted(checkedContext(api, version)));
    out.println("security: none                # who may call it: none is anybody");
    out.println("subscription: none");
    out.println("route: {upstream: " + quoted(upstream == null ? api : upstream) + "}");
    out.println("openapi: " + quoted(openApi));
    out.println("validate: {request: enforce, response: log}");
    out.println(document.operations().isEmpty() ? "operations: []" : "operations:");
    for (OpenApiOperation operation : document.operations()) {
      out.println(
          "  - {id: "
              + quoted(operation.id())
              + ", match: "
              + quoted(operation.match().toString())
              + "}");
    }
  }

  private String checkedContext(String api, String version) {
    String wanted = context == null ? "/" + api + "/" + version : context;
    try {
      return ApiConfig.requireContext(wanted);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(ExitCode.USAGE, wanted + " " + e.getMessage());
    }
  }

  /** A title as a name. */
  private static String named(String text, String otherwise) {
    String name =
        text.toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9._-]+", "-")
            .replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
    return name.isEmpty() ? otherwise : name.substring(0, Math.min(name.length(), 100));
  }

  /** Always in quotes: a version may look like a number, a path may hold braces. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
