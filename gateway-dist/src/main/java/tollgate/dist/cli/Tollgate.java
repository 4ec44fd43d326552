package tollgate.dist.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tollgate.dist.run.ExitCode;

/** The command line as a whole. */
@Command(
    name = "tollgate",
    description = "An API gateway: one process behind a load balancer, configured in YAML.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      CheckCommand.class,
      ExplainCommand.class,
      DiffCommand.class,
      InitCommand.class,
      ImportCommand.class,
      ReloadCommand.class,
      DrainCommand.class,
      SchemaCommand.class,
      PluginsCommand.class,
      ProxyCommand.class,
      VersionCommand.class
    })
public final class Tollgate implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  Tollgate() {}

  /**
   * Runs one command to its end; {@code run} and {@code proxy} end when the gateway does.
   *
   * @param out for what was asked for
   * @param err for problems and progress
   * @return one of {@link ExitCode}
   */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine line = new CommandLine(new Tollgate());
    addHelp(line);
    for (CommandLine command : line.getSubcommands().values()) {
      addHelp(command);
      command.getSubcommands().values().forEach(Tollgate::addHelp);
    }
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((exception, command, _) -> {
      if (exception instanceof CommandFailedException failed) {
        err.println("tollgate " + command.getCommandName() + ": " + failed.getMessage());
        return failed.exitCode();
      }
      exception.printStackTrace(err);
      return ExitCode.FAILED;
    });
    int exitCode = line.execute(arguments);
    out.flush();
    err.flush();
    return exitCode;
  }

  private static void addHelp(CommandLine line) {
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Shows this and ends.")
                .build());
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
