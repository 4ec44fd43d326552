package tollgate.dist.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tollgate.dist.reload.Changes;
import tollgate.dist.run.ExitCode;

/** {@code diff}: what a reload or a restart would change. */
@Command(
    name = "diff",
    description =
        "Shows what differs between the folder and the configuration that a gateway accepted last:"
            + " + added, ~ changed, - removed.")
final class DiffCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ConfigurationFolder folder = new ConfigurationFolder();

  @Option(
      names = "--live",
      description =
          "Asks the running gateway instead of reading what was noted in the state folder.")
  private boolean isLive;

  DiffCommand() {}

  @Override
  public Integer call() {
    try (Trial trial = Trial.ofBlocking(folder.path())) {
      Map<String, String> now = Changes.objects(trial.snapshot().configuration());
      Changes changes = Changes.between(isLive ? live() : lastGood(), now);
      PrintWriter out = spec.commandLine().getOut();
      ChangeList.print(changes, out);
      if (ChangeList.needsRestart(changes)) {
        out.println(ChangeList.NEEDS_RESTART);
      }
      return ExitCode.GOOD;
    }
  }

  private Map<String, String> live() {
    return JsonValues.hashes(
        ControlClient.ofBlocking(folder.path()).askBlocking("GET", "/v1/config").json());
  }

  private Map<String, String> lastGood() {
    Path file = StatePaths.lastGoodBlocking(folder.path());
    try {
      return JsonValues.hashes(Files.readString(file, UTF_8));
    } catch (NoSuchFileException _) {
      throw new CommandFailedException(
          ExitCode.FAILED,
          "nothing to compare with: no gateway has accepted this configuration yet ("
              + file
              + " is missing)");
    } catch (IOException e) {
      throw new CommandFailedException(
          ExitCode.FAILED, file + " cannot be read: " + e.getMessage());
    }
  }
}
