package tollgate.dist.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tollgate.dist.plugins.LoadedPlugin;
import tollgate.dist.plugins.Plugins;
import tollgate.dist.run.ExitCode;

/** {@code plugins}: what was added to the gateway. */
@Command(
    name = "plugins",
    description = "Lists the plug-ins with their versions, steps and formats of messages.")
final class PluginsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  PluginsCommand() {}

  @Override
  public Integer call() {
    Plugins plugins = ProcessPlugins.loadBlocking();
    PrintWriter out = spec.commandLine().getOut();
    if (plugins.all().isEmpty()) {
      out.println("none in " + (Plugins.folder() == null ? "plugins" : Plugins.folder()));
    }
    for (LoadedPlugin plugin : plugins.all()) {
      out.println(plugin.name() + " " + plugin.version());
      print(out, "steps", plugin.stepNames());
      print(out, "formats", plugin.formatNames());
    }
    return ExitCode.GOOD;
  }

  private static void print(PrintWriter out, String what, List<String> names) {
    if (!names.isEmpty()) {
      out.println("  " + what + ": " + String.join(", ", names));
    }
  }
}
