package tollgate.config.read;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tollgate.config.openapi.OpenApiDocument;
import tollgate.config.openapi.OpenApiReader;
import tollgate.config.schema.SchemaFolder;
import tollgate.config.schema.SchemaIndex;
import tollgate.config.schema.XsdIndex;
import tollgate.config.text.ContentHash;
import tollgate.config.text.TextProblem;

/**
 * The schemas that configurations name, and what they refer to. One thread; kept between reads, so
 * that files that did not change are not looked through again.
 */
final class SchemaFiles {
  private Map<Named, Looked> before = new HashMap<>();
  private Map<Named, Looked> now = new HashMap<>();
  private Map<Path, String> hashes = new HashMap<>();

  private record Named(Path file, SchemaKind kind) {}

  /**
   * A file with all that it refers to.
   *
   * @param hashes of every file, those that could not be read included
   * @param openApi its operations and nothing of their messages; null where it is no OpenAPI
   *     document, or not a good one
   */
  record Looked(
      Map<Path, String> hashes,
      @Nullable String unreadable,
      List<TextProblem> problems,
      @Nullable OpenApiDocument openApi) {
    Set<Path> files() {
      return hashes.keySet();
    }
  }

  /** Begins a read: what was not asked for since the last time is forgotten. */
  void begin() {
    before = now;
    now = new HashMap<>();
    hashes = new HashMap<>();
  }

  /** Looks a file through, or remembers what was found the last time. */
  Looked lookBlocking(SchemaFolder folder, Path file, SchemaKind kind) {
    Named named = new Named(file, kind);
    Looked known = now.get(named);
    if (known == null) {
      known = before.get(named);
      if (known == null || !isUnchangedBlocking(folder, known)) {
        known = freshBlocking(folder, file, kind);
      }
      now.put(named, known);
    }
    return known;
  }

  private boolean isUnchangedBlocking(SchemaFolder folder, Looked looked) {
    for (Map.Entry<Path, String> entry : looked.hashes().entrySet()) {
      if (!entry.getValue().equals(hashBlocking(folder, entry.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private String hashBlocking(SchemaFolder folder, Path file) {
    return hashes.computeIfAbsent(
        file,
        path -> {
          try {
            return ContentHash.of(folder.bytesBlocking(path).bytes());
          } catch (IOException e) {
            return "! " + e.getMessage();
          }
        });
  }

  private Looked freshBlocking(SchemaFolder folder, Path file, SchemaKind kind) {
    // A folder of its own: what it was asked for is what this file depends on.
    SchemaFolder own = folder.fresh();
    String unreadable = null;
    List<TextProblem> problems = List.of();
    OpenApiDocument openApi = null;
    try {
      switch (kind) {
        case JSON_SCHEMA -> {
          SchemaIndex index = new SchemaIndex(own);
          index.addFileBlocking(file);
          problems = index.problems();
        }
        case XSD -> problems = XsdIndex.readBlocking(own, file).problems();
        case OPENAPI -> {
          OpenApiReader reader = new OpenApiReader(own);
          openApi = reader.readBlocking(file).withoutMessages();
          problems = reader.problems();
        }
      }
    } catch (IOException e) {
      unreadable = e.getMessage();
    }
    Map<Path, String> all = new TreeMap<>();
    Set<Path> asked = new TreeSet<>(own.asked());
    asked.add(file);
    asked.forEach(path -> all.put(path, hashBlocking(folder, path)));
    return new Looked(all, unreadable, List.copyOf(problems), problems.isEmpty() ? openApi : null);
  }
}
