package tollgate.config.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tollgate.config.model.GatewayConfiguration;

/**
 * A case in one text file: the input, a line {@code ----}, the expected output. A line {@code ==>
 * name} begins a file of the input; without one, the input is conf.d/case.yaml. A gateway.yaml that
 * is left out is the smallest one.
 */
record GoldenCase(Path file, String input, String expected) {
  private static final String SEPARATOR = "----\n";
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  static List<GoldenCase> all() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<GoldenCase> cases = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        cases.add(read(file));
      }
      return cases;
    }
  }

  private static GoldenCase read(Path file) throws IOException {
    String text = Files.readString(file);
    int separator = text.indexOf("\n" + SEPARATOR) + 1;
    return separator == 0
        ? new GoldenCase(file, text, "")
        : new GoldenCase(
            file, text.substring(0, separator), text.substring(separator + SEPARATOR.length()));
  }

  String name() {
    return file.getFileName().toString().replace(".txt", "");
  }

  /** Writes the files of the input below a root. */
  ConfigRoot writeTo(Path folder) throws IOException {
    ConfigRoot root = new ConfigRoot(folder, TestSteps.ALL);
    root.environment.put("PORT", "8280");
    root.environment.put("PASSWORD", "hunter2");
    Map<String, StringBuilder> files = new LinkedHashMap<>();
    files.put("gateway.yaml", new StringBuilder());
    String name = "conf.d/case.yaml";
    for (String line : input.lines().toList()) {
      if (line.startsWith("==> ")) {
        name = line.substring(4).strip();
      } else {
        files.computeIfAbsent(name, _ -> new StringBuilder()).append(line).append('\n');
      }
    }
    if (files.getOrDefault("gateway.yaml", new StringBuilder()).isEmpty()) {
      files.put("gateway.yaml", new StringBuilder(ConfigRoot.GATEWAY));
    }
    for (Map.Entry<String, StringBuilder> entry : files.entrySet()) {
      root.write(entry.getKey(), entry.getValue().toString());
    }
    return root;
  }

  /** What the reader says: the problems, or the warnings and the records. */
  String actual(ConfigRoot root) {
    StringBuilder out = new StringBuilder();
    root.lines().forEach(line -> out.append(line).append('\n'));
    if (root.read() instanceof Loaded.Valid<GatewayConfiguration> valid) {
      GatewayConfiguration configuration = valid.value();
      out.append("valid\n");
      configuration.upstreams().forEach(upstream -> out.append(upstream.value()).append('\n'));
      configuration.apis().forEach(api -> out.append(api.value()).append('\n'));
      configuration.policies().forEach(policy -> out.append(policy.value()).append('\n'));
    }
    return out.toString().replace(root.folder + "/", "");
  }

  /** Writes the case anew with this output. */
  void update(String actual) throws IOException {
    Files.writeString(file, input + SEPARATOR + actual);
  }
}
