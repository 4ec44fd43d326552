package tollgate.config.schema;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.Location;
import tollgate.config.text.TextProblem;

/** A file of the configuration folder as it was read. Immutable. */
public final class SchemaFile {
  private final Path path;
  private final String iri;
  private final String label;
  private final byte[] bytes;
  private final @Nullable ConfigNode tree;
  private final @Nullable TextProblem problem;

  private SchemaFile(
      Path path,
      String iri,
      String label,
      byte[] bytes,
      @Nullable ConfigNode tree,
      @Nullable TextProblem problem) {
    this.path = path;
    this.iri = iri;
    this.label = label;
    this.bytes = bytes;
    this.tree = tree;
    this.problem = problem;
  }

  static SchemaFile ofBytes(Path path, String iri, String label, byte[] bytes) {
    return new SchemaFile(path, iri, label, bytes, null, null);
  }

  SchemaFile withTree(ConfigNode tree) {
    return new SchemaFile(path, iri, label, bytes, requireNonNull(tree, "tree"), null);
  }

  SchemaFile withProblem(TextProblem problem) {
    return new SchemaFile(path, iri, label, bytes, null, requireNonNull(problem, "problem"));
  }

  /** Absolute. */
  public Path path() {
    return path;
  }

  /** What references resolve against: {@code conf:/} and the path below the root. */
  public String iri() {
    return iri;
  }

  /** As problems print it. */
  public String label() {
    return label;
  }

  /** Its content; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** What it says, if it was read as JSON or YAML and is good; else null. */
  public @Nullable ConfigNode tree() {
    return tree;
  }

  /** Why there is no tree; null where none was wanted, or there is one. */
  public @Nullable TextProblem problem() {
    return problem;
  }

  /** The file as a whole. */
  public Location place() {
    return Location.ofFile(label);
  }
}
