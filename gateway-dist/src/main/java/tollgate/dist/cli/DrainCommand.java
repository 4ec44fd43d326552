package tollgate.dist.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tollgate.dist.run.ExitCode;

/** {@code drain}: ends the running gateway as SIGTERM does. */
@Command(
    name = "drain",
    description =
        "Has the running gateway finish what it serves and end, as SIGTERM does. Does not wait for"
            + " it.")
final class DrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ConfigurationFolder folder = new ConfigurationFolder();

  DrainCommand() {}

  @Override
  public Integer call() {
    ControlClient.Answer answer =
        ControlClient.ofBlocking(folder.path()).askBlocking("POST", "/v1/drain");
    if (answer.status() / 100 != 2) {
      throw new CommandFailedException(
          ExitCode.FAILED,
          "the gateway answered " + answer.status() + ": " + answer.json().strip());
    }
    spec.commandLine().getOut().println("draining");
    return ExitCode.GOOD;
  }
}
