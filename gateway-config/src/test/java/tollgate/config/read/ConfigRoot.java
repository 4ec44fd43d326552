package tollgate.config.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tollgate.config.model.GatewayConfiguration;

/** A root folder that tests write into. One thread. */
final class ConfigRoot {
  static final String GATEWAY =
      "kind: Gateway\nname: edge\nlisteners: [{name: http, bind: '127.0.0.1:0'}]\n";

  final Path folder;
  final Map<String, String> environment = new HashMap<>();
  private final ConfigReader reader;

  ConfigRoot(Path folder) {
    this(folder, StepShapes.none());
  }

  ConfigRoot(Path folder, StepShapes steps) {
    this.folder = folder;
    this.reader = ConfigReader.create(steps, environment::get);
  }

  ConfigRoot write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  ConfigRoot gateway() throws IOException {
    return write("gateway.yaml", GATEWAY);
  }

  Loaded<GatewayConfiguration> read() {
    return reader.readBlocking(folder);
  }

  /** The configuration; fails with the problems when there is none. */
  GatewayConfiguration valid() {
    return switch (read()) {
      case Loaded.Valid<GatewayConfiguration> valid -> valid.value();
      case Loaded.Invalid<GatewayConfiguration> invalid ->
          throw new AssertionError("invalid: " + String.join("\n", lines(invalid.problems())));
    };
  }

  /** Every line that would be printed, valid or not, with the folder's own name taken off. */
  List<String> lines() {
    return switch (read()) {
      case Loaded.Valid<GatewayConfiguration> valid -> lines(valid.warnings());
      case Loaded.Invalid<GatewayConfiguration> invalid -> lines(invalid.problems());
    };
  }

  ConfigReader reader() {
    return reader;
  }

  private List<String> lines(List<Diagnostic> diagnostics) {
    return diagnostics.stream()
        .map(line -> line.toString().replace(folder + "/", "").replace(folder.toString(), "."))
        .toList();
  }
}
