package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.text.ContentHash;
import tollgate.config.text.Environment;
import tollgate.config.text.Location;
import tollgate.config.text.Repeats;
import tollgate.config.text.Resolver;
import tollgate.config.text.Substitution;
import tollgate.config.text.YamlText;

/**
 * Reads a root folder. One thread at a time calls, several may do the work; keep the reader between
 * reloads: a file whose bytes, variables and substituted files are the same as last time is not
 * read again, and its values are the same objects.
 *
 * <p>Only files are looked at: no network, no DNS.
 */
public final class ConfigReader {
  private static final int FILES_WORTH_THREADS = 8;

  private final List<Kind<?>> kinds;
  private final Environment environment;
  private Map<String, Cached> cache = new HashMap<>();
  private @Nullable Path cachedRoot;
  private Set<Path> watched = Set.of();
  private SchemaFiles schemas = new SchemaFiles();

  /** What one file gave, and all that it depended on. */
  private record Cached(
      String hash, Map<Substitution, Resolver.Outcome> lookedUp, FileReading.Result result) {}

  /** What became of one file. */
  private sealed interface FileRead {
    record Done(ConfigFolder.ConfigFile file, Cached cached) implements FileRead {}

    record Failed(Diagnostic problem) implements FileRead {}
  }

  private ConfigReader(Vocabulary vocabulary, Environment environment) {
    this.kinds = Kind.all(vocabulary);
    this.environment = requireNonNull(environment, "environment");
  }

  /** A reader that knows these steps and the environment of the process. */
  public static ConfigReader create(StepShapes steps) {
    return create(steps, Environment.ofProcess());
  }

  /** A reader that knows this vocabulary and the environment of the process. */
  public static ConfigReader create(Vocabulary vocabulary) {
    return new ConfigReader(vocabulary, Environment.ofProcess());
  }

  /** A reader that knows these steps and asks this environment. */
  public static ConfigReader create(StepShapes steps, Environment environment) {
    return new ConfigReader(Vocabulary.of(steps), environment);
  }

  /**
   * Reads everything below a root folder; blocks on files.
   *
   * @param root as problems print it; relative to the current folder or absolute
   * @return the configuration, or every problem of every file; never throws for bad input
   */
  public Loaded<GatewayConfiguration> readBlocking(Path root) {
    Path absolute = root.toAbsolutePath().normalize();
    if (!absolute.equals(cachedRoot)) {
      cache = new HashMap<>();
      cachedRoot = absolute;
      schemas = new SchemaFiles();
    }
    ConfigFolder folder = ConfigFolder.listBlocking(root);
    RootFiles files = new RootFiles(absolute);
    FileReading reading = new FileReading(kinds, absolute, new Repeats());
    Map<String, Cached> next = new HashMap<>();
    Set<Path> substituted = new TreeSet<>();
    Assembly assembly = new Assembly(absolute, root, folder, schemas);
    schemas.begin();
    for (FileRead read : readFilesBlocking(folder.files(), reading, files)) {
      switch (read) {
        case FileRead.Done done -> {
          next.put(done.file().label(), done.cached());
          assembly.add(done.file(), done.cached().result());
          addFiles(done.cached().lookedUp().keySet(), files, substituted);
        }
        case FileRead.Failed failed -> assembly.unreadable(failed.problem());
      }
    }
    cache = next;
    Loaded<GatewayConfiguration> loaded = assembly.finishBlocking(substituted);
    watched = Set.copyOf(assembly.referencedFiles());
    return loaded;
  }

  /**
   * The files outside {@code conf.d} that the last read looked at or missed, absolute:
   * certificates, {@code ${file:}}. Also known when the read was invalid, so that a file that
   * appears later can be noticed.
   */
  public Set<Path> watchedFiles() {
    return watched;
  }

  /** All files in their order; several at once where there are processors and files enough. */
  private List<FileRead> readFilesBlocking(
      List<ConfigFolder.ConfigFile> all, FileReading reading, RootFiles files) {
    Stream<ConfigFolder.ConfigFile> stream =
        all.size() < FILES_WORTH_THREADS || Runtime.getRuntime().availableProcessors() == 1
            ? all.stream()
            : all.parallelStream();
    return stream.map(file -> readBlocking(file, reading, files)).toList();
  }

  private FileRead readBlocking(
      ConfigFolder.ConfigFile file, FileReading reading, RootFiles files) {
    try {
      return new FileRead.Done(file, readFileBlocking(file, reading, files));
    } catch (IOException e) {
      return new FileRead.Failed(
          Diagnostic.error(
              Location.ofFile(file.label()), "", "cannot be read: " + RootFiles.reason(e)));
    }
  }

  private Cached readFileBlocking(
      ConfigFolder.ConfigFile file, FileReading reading, RootFiles files) throws IOException {
    byte[] bytes = RootFiles.readBlocking(file.path(), YamlText.MAX_BYTES);
    String hash = ContentHash.of(bytes);
    Resolver resolver = new Resolver(environment, files);
    Cached cached = cache.get(file.label());
    if (cached != null && cached.hash().equals(hash) && stillHolds(cached, resolver)) {
      return cached;
    }
    FileReading.Result result = reading.read(file, bytes, resolver);
    return new Cached(hash, resolver.lookedUp(), result);
  }

  private static boolean stillHolds(Cached cached, Resolver resolver) {
    for (Map.Entry<Substitution, Resolver.Outcome> entry : cached.lookedUp().entrySet()) {
      if (!resolver.lookUp(entry.getKey()).equals(entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static void addFiles(Set<Substitution> uses, RootFiles files, Set<Path> to) {
    List<Substitution> all = new ArrayList<>(uses);
    for (Substitution use : all) {
      if (use.source() == Substitution.Source.FILE) {
        to.add(files.resolve(use.name()));
      }
    }
  }
}
