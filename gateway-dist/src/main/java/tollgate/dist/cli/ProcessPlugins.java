package tollgate.dist.cli;

import tollgate.config.read.Loaded;
import tollgate.dist.plugins.Plugins;
import tollgate.dist.run.ExitCode;

/** The plug-ins of commands that have no configuration to tell problems of. */
final class ProcessPlugins {
  private ProcessPlugins() {}

  /**
   * @throws CommandFailedException with every problem if they cannot be loaded
   */
  static Plugins loadBlocking() {
    return switch (Plugins.loadBlocking()) {
      case Loaded.Valid<Plugins> valid -> valid.value();
      case Loaded.Invalid<Plugins> invalid -> {
        StringBuilder text = new StringBuilder("the plug-ins have errors");
        invalid.problems().forEach(problem -> text.append('\n').append(problem));
        throw new CommandFailedException(ExitCode.INVALID_CONFIGURATION, text.toString());
      }
    };
  }
}
