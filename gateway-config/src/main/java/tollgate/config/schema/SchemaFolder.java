package tollgate.config.schema;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ParsedText;
import tollgate.config.text.TextProblem;
import tollgate.config.text.YamlText;

/**
 * The files below a root folder, each read once. One thread; blocks. What lies outside the folder
 * cannot be named: neither by {@code ..} nor by an absolute path.
 */
public final class SchemaFolder {
  /** The scheme of {@link SchemaFile#iri}; it may also be written in a reference. */
  public static final String SCHEME = "conf";

  /** Larger files are refused. */
  public static final int MAX_BYTES = YamlText.MAX_BYTES;

  /** Deeper nesting is refused. */
  static final int MAX_DEPTH = 256;

  private static final String ROOT = SCHEME + ":/";

  private final Path root;
  private final Path shownRoot;
  private final Map<Path, SchemaFile> trees = new HashMap<>();
  private final Map<Path, SchemaFile> raw = new HashMap<>();
  private final Set<Path> asked = new TreeSet<>();

  /**
   * @param root absolute
   * @param shownRoot as problems print it
   */
  public SchemaFolder(Path root, Path shownRoot) {
    this.root = root.normalize();
    this.shownRoot = shownRoot;
  }

  /** The same folder, of which nothing was read yet. */
  public SchemaFolder fresh() {
    return new SchemaFolder(root, shownRoot);
  }

  /** Whether a normalized absolute path lies in the folder. */
  public boolean holds(Path file) {
    return file.startsWith(root) && !file.equals(root);
  }

  /** A file as problems print it. */
  public String label(Path file) {
    return shownRoot.resolve(root.relativize(file)).toString();
  }

  /** The IRI of a file in the folder. */
  public String iri(Path file) {
    try {
      return new URI(SCHEME, null, "/" + root.relativize(file).toString().replace('\\', '/'), null)
          .toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(file + " has no IRI", e);
    }
  }

  /** The file an IRI names; null if it is none of this folder's. */
  public @Nullable Path path(String iri) {
    if (!iri.startsWith(ROOT)) {
      return null;
    }
    try {
      String path = new URI(iri).getPath();
      Path file = root.resolve(path.substring(1)).normalize();
      return holds(file) ? file : null;
    } catch (URISyntaxException | InvalidPathException _) {
      return null;
    }
  }

  /** Every file that was asked for, whether it is there or not. */
  public Set<Path> asked() {
    return asked;
  }

  /**
   * A file as JSON or YAML.
   *
   * @param file absolute, in the folder
   * @throws IOException with the reason in words if it cannot be read
   */
  public SchemaFile treeBlocking(Path file) throws IOException {
    SchemaFile known = trees.get(file);
    if (known != null) {
      return known;
    }
    SchemaFile bytes = bytesBlocking(file);
    ParsedText parsed = YamlText.parseNamed(bytes.label(), bytes.bytes(), MAX_DEPTH);
    SchemaFile read;
    if (!parsed.problems().isEmpty()) {
      read = bytes.withProblem(parsed.problems().getFirst());
    } else if (parsed.documents().size() == 1) {
      read = bytes.withTree(parsed.documents().getFirst());
    } else {
      String message = "holds " + parsed.documents().size() + " documents (expected: one)";
      read = bytes.withProblem(new TextProblem(bytes.place(), "", message));
    }
    trees.put(file, read);
    return read;
  }

  /** A file as it is; as {@link #treeBlocking}. */
  public SchemaFile bytesBlocking(Path file) throws IOException {
    asked.add(file);
    SchemaFile known = raw.get(file);
    if (known != null) {
      return known;
    }
    if (!holds(file)) {
      throw new IOException("lies outside the configuration folder");
    }
    SchemaFile read = SchemaFile.ofBytes(file, iri(file), label(file), contentBlocking(file));
    raw.put(file, read);
    return read;
  }

  private static byte[] contentBlocking(Path file) throws IOException {
    try {
      if (!Files.isRegularFile(file)) {
        throw Files.exists(file)
            ? new IOException("not a file")
            : new NoSuchFileException(file.toString());
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw new IOException("more than " + MAX_BYTES + " bytes");
        }
        return bytes;
      }
    } catch (NoSuchFileException e) {
      throw new IOException("no such file", e);
    } catch (AccessDeniedException e) {
      throw new IOException("permission denied", e);
    }
  }

  /** A file name beside another file; null if it is no name. */
  static @Nullable Path beside(Path file, String name) {
    try {
      return requireNonNull(file.getParent(), "a file in a folder").resolve(name).normalize();
    } catch (InvalidPathException _) {
      return null;
    }
  }
}
