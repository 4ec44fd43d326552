package tollgate.dist.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tollgate.dist.reload.Changes;
import tollgate.dist.run.ExitCode;

/**
 * {@code reload}: has the running gateway load its configuration now, and tells what came of it.
 */
@Command(name = "reload", description = "Has the running gateway load its configuration now.")
final class ReloadCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ConfigurationFolder folder = new ConfigurationFolder();

  ReloadCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ControlClient.Answer answer =
        ControlClient.ofBlocking(folder.path()).askBlocking("POST", "/v1/reload");
    Map<?, ?> result = JsonValues.object(answer.json());
    String generation = "generation " + result.get("generation") + " serves";
    return switch (String.valueOf(result.get("result"))) {
      case "applied" -> {
        Changes changes =
            new Changes(
                JsonValues.strings(result.get("added")),
                JsonValues.strings(result.get("changed")),
                JsonValues.strings(result.get("removed")));
        JsonValues.strings(result.get("warnings")).forEach(out::println);
        ChangeList.print(changes, out);
        out.println(generation);
        if (Boolean.TRUE.equals(result.get("needsRestart"))) {
          out.println(ChangeList.NEEDS_RESTART);
        }
        yield ExitCode.GOOD;
      }
      case "unchanged" -> {
        out.println("nothing has changed: " + generation);
        yield ExitCode.GOOD;
      }
      case "refused" -> {
        PrintWriter err = spec.commandLine().getErr();
        JsonValues.strings(result.get("problems")).forEach(err::println);
        err.println("refused: " + generation + " on");
        yield ExitCode.INVALID_CONFIGURATION;
      }
      default ->
          throw new CommandFailedException(
              ExitCode.FAILED,
              "the gateway answered " + answer.status() + ": " + answer.json().strip());
    };
  }
}
