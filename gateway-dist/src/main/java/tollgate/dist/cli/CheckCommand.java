package tollgate.dist.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.read.ConfigReader;
import tollgate.config.read.Diagnostic;
import tollgate.config.read.Loaded;
import tollgate.handlers.BuiltInHandlers;

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
    Loaded<GatewayConfiguration> loaded =
        ConfigReader.create(BuiltInHandlers.stepShapes()).readBlocking(folder.path());
    List<Diagnostic> problems =
        switch (loaded) {
          case Loaded.Valid<GatewayConfiguration> valid -> valid.warnings();
          case Loaded.Invalid<GatewayConfiguration> invalid -> invalid.problems();
        };
    spec.commandLine().getOut().print(format.print(folder.path(), problems));
    return loaded instanceof Loaded.Valid ? ExitCode.GOOD : ExitCode.INVALID_CONFIGURATION;
  }
}
