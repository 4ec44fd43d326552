package tollgate.dist.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tollgate.dist.explain.AskedRequest;
import tollgate.dist.explain.Explanation;
import tollgate.dist.run.ExitCode;

/** {@code explain}: what would become of a request, without sending one. */
@Command(
    name = "explain",
    description =
        "Shows what would become of a request: listener, operation, handlers, and what the backend"
            + " would be sent. Sends nothing.")
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ConfigurationFolder folder = new ConfigurationFolder();

  @Option(names = "-X", paramLabel = "METHOD", description = "Method (default: ${DEFAULT-VALUE}).")
  private String method = "GET";

  @Option(
      names = "-H",
      paramLabel = "'NAME: VALUE'",
      description = "A header field; may be given again.")
  private List<String> headers = List.of();

  @Parameters(paramLabel = "URL", description = "http://host:port/path?query, or only the path.")
  private String url = "";

  ExplainCommand() {}

  @Override
  public Integer call() {
    AskedRequest asked;
    try {
      asked = AskedRequest.parse(method, url, headers);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
    try (Trial trial = Trial.ofBlocking(folder.path())) {
      spec.commandLine().getOut().print(Explanation.of(trial.snapshot(), asked));
    }
    return ExitCode.GOOD;
  }
}
