package tollgate.config.read;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.Environment;
import tollgate.config.text.Location;
import tollgate.config.text.ParsedText;
import tollgate.config.text.Repeats;
import tollgate.config.text.Resolver;
import tollgate.config.text.YamlText;

/**
 * Reads one value from YAML text, apart from any folder; for tests of shapes and for tools. Any
 * thread.
 */
public final class SnippetReader {
  /** The name of the text in problems. */
  public static final String FILE = "snippet";

  private SnippetReader() {}

  /**
   * Reads with the environment of the process, and file names relative to the current folder.
   * Blocks on {@code ${file:}}.
   */
  public static <T> Loaded<T> readBlocking(ValueType<T> type, String yaml) {
    return readBlocking(type, yaml, Path.of(""), Environment.ofProcess());
  }

  /** Reads one value; that the files it names exist is not checked. Blocks on {@code ${file:}}. */
  public static <T> Loaded<T> readBlocking(
      ValueType<T> type, String yaml, Path root, Environment environment) {
    ParsedText parsed = YamlText.parse(FILE, yaml.getBytes(StandardCharsets.UTF_8));
    Path absolute = root.toAbsolutePath().normalize();
    Resolver resolver = new Resolver(environment, new RootFiles(absolute));
    Reading.Findings findings = new Reading.Findings(absolute, new Repeats(), resolver);
    List<T> values = new ArrayList<>();
    for (ConfigNode document : parsed.documents()) {
      T value = type.read(resolver.resolve(document), Reading.of(findings));
      if (value != null) {
        values.add(value);
      }
    }
    List<Diagnostic> diagnostics = new ArrayList<>();
    parsed.problems().forEach(problem -> diagnostics.add(Diagnostic.of(problem)));
    resolver.problems().forEach(problem -> diagnostics.add(Diagnostic.of(problem)));
    diagnostics.addAll(findings.diagnostics());
    if (parsed.documents().size() != 1 && parsed.complete()) {
      String message = parsed.documents().size() + " documents (expected: one)";
      diagnostics.add(Diagnostic.error(Location.ofFile(FILE), "", message));
    }
    boolean valid = values.size() == 1 && diagnostics.stream().noneMatch(Diagnostic::isError);
    return valid
        ? new Loaded.Valid<>(values.getFirst(), diagnostics)
        : new Loaded.Invalid<>(diagnostics);
  }
}
