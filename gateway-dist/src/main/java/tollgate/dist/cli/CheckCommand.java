package tollgate.dist.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tollgate.config.read.Loaded;
import tollgate.dist.run.ExitCode;

/** {@code check}: what {@code run} would say of a configuration, without running it. */
@Command(
    name = "check",
    description =
        "Checks a configuration as run would: all problems at once, with file, line and column.")
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ConfigurationFolder folder = new ConfigurationFolder();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private ReportFormat format = ReportFormat.TEXT;

  CheckCommand() {}

  @Override
  public Integer call() {
    try (Trial trial = Trial.ofBlocking(folder.path())) {
      spec.commandLine().getOut().print(format.print(folder.path(), trial.problems()));
      return trial.loaded() instanceof Loaded.Valid
          ? ExitCode.GOOD
          : ExitCode.INVALID_CONFIGURATION;
    }
  }
}
