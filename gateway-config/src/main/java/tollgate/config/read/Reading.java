package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ListNode;
import tollgate.config.text.Location;
import tollgate.config.text.MapNode;
import tollgate.config.text.Quoted;
import tollgate.config.text.Repeats;
import tollgate.config.text.Resolver;
import tollgate.config.text.ScalarNode;
import tollgate.config.text.Substitution;

/**
 * Where a value type stands while it reads: the key path, and where its findings go. One thread.
 * All positions in one document share their findings.
 */
public final class Reading {
  /** A user name and password in a URL. */
  private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s]*@");

  private final Findings findings;
  private final @Nullable Reading parent;
  private final String key;
  private final int index;

  /** What reading one document found. */
  static final class Findings {
    /** More problems, or more warnings, of one document are not kept; the file may be hostile. */
    static final int MAX = 1000;

    final Path root;
    final Repeats repeats;
    final Resolver resolver;
    final List<Mention> mentions = new ArrayList<>();
    final List<FileMention> files = new ArrayList<>();

    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private int errors;

    Findings(Path root, Repeats repeats, Resolver resolver) {
      this.root = root;
      this.repeats = repeats;
      this.resolver = resolver;
    }

    List<Diagnostic> diagnostics() {
      return diagnostics;
    }

    private boolean isFull() {
      return errors >= MAX;
    }

    private void add(Diagnostic diagnostic) {
      int same = diagnostic.isError() ? errors : diagnostics.size() - errors;
      if (same < MAX) {
        diagnostics.add(diagnostic);
        errors += diagnostic.isError() ? 1 : 0;
      }
    }
  }

  /** A name of something that another document must declare. */
  record Mention(String kind, String name, Location location, String path) {}

  /**
   * A file that must exist.
   *
   * @param kind null if it names no further files
   */
  record FileMention(
      Path file, String written, Location location, String path, @Nullable SchemaKind kind) {}

  private Reading(Findings findings, @Nullable Reading parent, String key, int index) {
    this.findings = findings;
    this.parent = parent;
    this.key = key;
    this.index = index;
  }

  /** At the top of a document. */
  static Reading of(Findings findings) {
    return new Reading(findings, null, "", -1);
  }

  /** The position of a key below this one. */
  public Reading key(String name) {
    return new Reading(findings, this, requireNonNull(name, "name"), -1);
  }

  /** The position of a list item below this one; the first is 0. */
  public Reading item(int position) {
    return new Reading(findings, this, "", position);
  }

  /** Keys from the document down, such as {@code operations[2].match}. */
  public String path() {
    StringBuilder path = new StringBuilder();
    appendTo(path);
    return path.toString();
  }

  private void appendTo(StringBuilder path) {
    if (parent == null) {
      return;
    }
    parent.appendTo(path);
    if (index >= 0) {
      path.append('[').append(index).append(']');
    } else {
      path.append(path.isEmpty() ? "" : ".").append(Quoted.escaped(key));
    }
  }

  /**
   * Adds a problem with a value. The message goes on from the value: {@code has no unit (expected
   * e.g. 30s)}.
   */
  public void refuse(ConfigNode node, String message) {
    if (!(node instanceof ScalarNode scalar && scalar.isBroken())) {
      problem(node.location(), found(node) + " " + message);
    }
  }

  /** Adds a problem at a place. */
  public void problem(Location location, String message) {
    findings.add(Diagnostic.error(location, path(), message));
  }

  /** Adds a warning at a place. */
  public void warning(Location location, String message) {
    findings.add(Diagnostic.warning(location, path(), message));
  }

  /** Whether more problems would not be kept, so that none need be looked for. */
  boolean isFull() {
    return findings.isFull();
  }

  /** Notes that the value names something another document must declare. */
  void mention(String kind, ScalarNode name) {
    String path = findings.repeats.text(path());
    findings.mentions.add(new Mention(kind, name.text(), name.location(), path));
  }

  /** Notes that the value names a file that must exist. */
  void mentionFile(Path file, ScalarNode name, @Nullable SchemaKind kind) {
    findings.files.add(new FileMention(file, name.written(), name.location(), path(), kind));
  }

  /**
   * The text of a file in the root folder, placed at its first character; null if there is none to
   * read, and the problem has been added. What is read here is read again when it changes.
   *
   * @param file as {@link #resolve} gave it
   * @param name of the file, where it is named
   */
  @Nullable ScalarNode fileBlocking(Path file, ScalarNode name) {
    if (!isBelowRoot(file)) {
      refuse(name, "lies outside the configuration folder (expected: a file in it)");
      return null;
    }
    String relative = findings.root.relativize(file).toString();
    return switch (findings.resolver.lookUp(new Substitution(Substitution.Source.FILE, relative))) {
      case Resolver.Outcome.Missing missing -> {
        refuse(name, missing.why());
        yield null;
      }
      case Resolver.Outcome.Found found -> {
        mentionFile(file, name, null);
        Location begin = new Location(shown(file, name.location().file()), 1, 1);
        yield new ScalarNode(begin, found.value(), found.value(), ScalarNode.Form.QUOTED);
      }
    };
  }

  /**
   * A file as problems print it: relative to what the file that names it is printed relative to.
   */
  private String shown(Path file, String namedIn) {
    Path shown = Path.of(namedIn);
    Path absolute = shown.toAbsolutePath().normalize();
    Path relative = findings.root.relativize(file);
    if (!absolute.startsWith(findings.root)) {
      return relative.toString();
    }
    for (int i = findings.root.getNameCount(); i < absolute.getNameCount() && shown != null; i++) {
      shown = shown.getParent();
    }
    return shown == null ? relative.toString() : shown.resolve(relative).toString();
  }

  /** Whether a file that {@link #resolve} gave lies in the root folder. */
  boolean isBelowRoot(Path file) {
    return file.startsWith(findings.root) && !file.equals(findings.root);
  }

  /** What a text is as a value of one type; read once for all of a configuration. */
  <T> T once(ScalarType<T> type, String text, Supplier<T> reader) {
    return findings.repeats.value(type, text, reader);
  }

  /** An absolute path; a relative one starts from the root folder. */
  public Path resolve(Path path) {
    return findings.root.resolve(path).normalize();
  }

  /**
   * A value as messages show it: quoted as written, so that nothing substituted is printed; without
   * the password of a URL.
   */
  static String found(ConfigNode node) {
    return switch (node) {
      case ScalarNode scalar ->
          scalar.isNull()
              ? "no value"
              : Quoted.of(USER_INFO.matcher(scalar.written()).replaceAll("://***@"));
      case ListNode _ -> "a list";
      case MapNode _ -> "a map";
    };
  }
}
