package tollgate.dist.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names a root folder. */
final class ConfigurationFolder {
  static final Path DEFAULT = Path.of("conf");

  @Option(
      names = "--conf",
      paramLabel = "DIR",
      description = "Root folder of the configuration, with gateway.yaml in it (default: conf).")
  private Path path = DEFAULT;

  ConfigurationFolder() {}

  /** As given, so that problems print it the way the user wrote it. */
  Path path() {
    return path;
  }
}
