package tollgate.config.read;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ContentHash;
import tollgate.config.text.Location;
import tollgate.config.text.MapNode;
import tollgate.config.text.Nearest;
import tollgate.config.text.ParsedText;
import tollgate.config.text.Repeats;
import tollgate.config.text.Resolver;
import tollgate.config.text.ScalarNode;
import tollgate.config.text.TextProblem;
import tollgate.config.text.YamlText;

/** Reads the documents of one file, blind to all other files. Immutable. */
final class FileReading {
  private final Map<String, Kind<?>> kinds = new LinkedHashMap<>();
  private final Path root;
  private final Repeats repeats;

  /**
   * @param repeats what the files of this read have in common
   */
  FileReading(List<Kind<?>> kinds, Path root, Repeats repeats) {
    kinds.forEach(kind -> this.kinds.put(kind.name(), kind));
    this.root = root;
    this.repeats = repeats;
  }

  /**
   * One document.
   *
   * @param identity what it claims to be, or null when that cannot be said
   * @param place of its name, or of the document
   * @param value the record, or null when there was a problem
   */
  record Document(
      Kind<?> kind,
      @Nullable String identity,
      Location place,
      Location start,
      String contentHash,
      List<Reading.FileMention> files,
      @Nullable Object value) {}

  /**
   * All of one file.
   *
   * @param looseNames names of documents whose kind cannot be told, so that they may be of any
   * @param complete whether every document is in the list, so that what is missing there is missing
   *     indeed
   */
  record Result(
      List<Document> documents,
      List<Diagnostic> diagnostics,
      List<Reading.Mention> mentions,
      Set<String> looseNames,
      boolean complete) {}

  Result read(ConfigFolder.ConfigFile file, byte[] bytes, Resolver resolver) {
    ParsedText parsed = YamlText.parse(file.label(), bytes, repeats);
    List<Diagnostic> diagnostics = new ArrayList<>();
    List<Reading.Mention> mentions = new ArrayList<>();
    List<Document> documents = new ArrayList<>();
    Set<String> looseNames = new HashSet<>();
    boolean complete = parsed.complete();
    for (TextProblem problem : parsed.problems()) {
      diagnostics.add(Diagnostic.of(problem));
    }
    boolean mayHoldUses = mayHoldUses(bytes);
    for (ConfigNode raw : parsed.documents()) {
      Reading.Findings findings = new Reading.Findings(root, repeats, resolver);
      ConfigNode resolved = mayHoldUses ? resolver.resolve(raw) : raw;
      Document document = read(resolved, file.isMain(), findings);
      diagnostics.addAll(findings.diagnostics());
      mentions.addAll(findings.mentions);
      if (document != null) {
        documents.add(document);
        complete &= document.identity() != null || document.kind().identity().isEmpty();
      } else if (raw instanceof MapNode map && map.value("name") instanceof ScalarNode name) {
        looseNames.add(name.text());
      } else {
        complete = false;
      }
    }
    for (TextProblem problem : resolver.problems()) {
      diagnostics.add(Diagnostic.of(problem));
    }
    return new Result(documents, diagnostics, mentions, looseNames, complete);
  }

  /** False when no value of the file can hold a dollar sign, written as such or as an escape. */
  private static boolean mayHoldUses(byte[] bytes) {
    for (byte b : bytes) {
      if (b == '$' || b == '\\') {
        return true;
      }
    }
    return false;
  }

  private @Nullable Document read(ConfigNode node, boolean isMain, Reading.Findings findings) {
    Reading reading = Reading.of(findings);
    if (!(node instanceof MapNode map)) {
      reading.refuse(node, "(expected: a map with kind and name)");
      return null;
    }
    Kind<?> kind = kindOf(map, reading);
    if (kind == null || !standsRight(kind, map, isMain, reading)) {
      return null;
    }
    Object value = kind.shape().read(map, reading);
    ConfigNode name = map.value("name");
    return new Document(
        kind,
        kind.identityOf(map),
        name == null ? map.location() : name.location(),
        map.location(),
        value == null ? "" : ContentHash.of(map),
        List.copyOf(findings.files),
        value);
  }

  private @Nullable Kind<?> kindOf(MapNode map, Reading reading) {
    Reading position = reading.key("kind");
    ConfigNode node = map.value("kind");
    String expected = "(expected one of: " + String.join(", ", kinds.keySet()) + ")";
    if (node == null) {
      for (MapNode.Entry entry : map.entries()) {
        if (Nearest.of(entry.key(), List.of("kind")) != null) {
          reading
              .key(entry.key())
              .problem(entry.location(), "unknown key (did you mean \"kind\"?)");
          return null;
        }
      }
      position.problem(map.location(), "is missing " + expected);
      return null;
    }
    if (!(node instanceof ScalarNode scalar) || scalar.isNull()) {
      position.refuse(node, expected);
      return null;
    }
    Kind<?> kind = kinds.get(scalar.text());
    if (kind == null) {
      String hint = Nearest.hint(scalar.text(), kinds.keySet());
      position.refuse(node, "is no known kind " + expected + hint);
    }
    return kind;
  }

  private static boolean standsRight(Kind<?> kind, MapNode map, boolean isMain, Reading reading) {
    boolean gateway = kind.name().equals("Gateway");
    if (gateway == isMain) {
      return true;
    }
    String expected = gateway ? ConfigFolder.MAIN_FILE : ConfigFolder.FOLDER;
    ConfigNode place = map.value("kind");
    reading
        .key("kind")
        .problem(
            (place == null ? map : place).location(),
            kind.name() + " stands in the wrong file (expected: in " + expected + ")");
    return false;
  }
}
