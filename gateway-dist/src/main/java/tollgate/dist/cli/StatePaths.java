package tollgate.dist.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.model.StateConfig;
import tollgate.config.read.ConfigReader;
import tollgate.config.read.Loaded;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.MapNode;
import tollgate.config.text.ScalarNode;
import tollgate.config.text.YamlText;
import tollgate.dist.plugins.Plugins;
import tollgate.dist.run.ExitCode;
import tollgate.dist.run.StateFolder;

/** Where a gateway that runs on a root folder keeps its state. */
final class StatePaths {
  private StatePaths() {}

  static Path controlSocketBlocking(Path root) {
    return folderBlocking(root).resolve(StateFolder.CONTROL_SOCKET);
  }

  static Path lastGoodBlocking(Path root) {
    return folderBlocking(root).resolve(StateFolder.LAST_GOOD);
  }

  /**
   * As configured; where the configuration has errors at the moment, as far as {@code gateway.yaml}
   * can still be read.
   */
  private static Path folderBlocking(Path root) {
    if (!Files.isDirectory(root)) {
      throw new CommandFailedException(
          ExitCode.FAILED, root + " is no folder (expected: the root folder of a configuration)");
    }
    return switch (readBlocking(root)) {
      case Loaded.Valid<GatewayConfiguration> valid ->
          valid.value().gateway().value().state().path();
      case Loaded.Invalid<GatewayConfiguration> _ ->
          root.resolve(writtenBlocking(root.resolve("gateway.yaml")));
    };
  }

  /** Without the steps of plug-ins where one of these is broken. */
  private static Loaded<GatewayConfiguration> readBlocking(Path root) {
    Plugins plugins =
        Plugins.loadBlocking() instanceof Loaded.Valid<Plugins> valid
            ? valid.value()
            : Plugins.NONE;
    return ConfigReader.create(plugins.vocabulary()).readBlocking(root);
  }

  private static Path writtenBlocking(Path gatewayFile) {
    try {
      for (ConfigNode document :
          YamlText.parse(gatewayFile.toString(), Files.readAllBytes(gatewayFile)).documents()) {
        String path = text(value(value(document, "state"), "path"));
        if (path != null && "Gateway".equals(text(value(document, "kind")))) {
          return Path.of(path);
        }
      }
    } catch (IOException _) {
      // Nothing to be read there: what is left out means the default.
    }
    return StateConfig.DEFAULT_PATH;
  }

  private static @Nullable ConfigNode value(@Nullable ConfigNode node, String key) {
    return node instanceof MapNode map ? map.value(key) : null;
  }

  private static @Nullable String text(@Nullable ConfigNode node) {
    return node instanceof ScalarNode scalar ? scalar.written() : null;
  }
}
