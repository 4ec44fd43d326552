package tollgate.config.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tollgate.config.text.Location;

/**
 * The configuration files below a root folder: {@code gateway.yaml}, and {@code conf.d/**} ending
 * in {@code .yaml} or {@code .yml}. One thread, used once; blocks.
 *
 * <p>Names that begin with a dot are skipped (so are the {@code ..data} folders behind a mounted
 * Kubernetes ConfigMap, whose files are reached by their links), as are editors' leftovers ending
 * in {@code ~} or {@code .tmp}. Links are followed.
 */
final class ConfigFolder {
  static final String MAIN_FILE = "gateway.yaml";
  static final String FOLDER = "conf.d";

  private static final int MAX_DEPTH = 32;

  private final Path root;
  private final List<ConfigFile> files = new ArrayList<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final Set<Path> visited = new HashSet<>();

  /**
   * One file to read.
   *
   * @param path below the root as it was given, which is also what problems print
   */
  record ConfigFile(Path path, boolean isMain) {
    String label() {
      return path.toString();
    }
  }

  private ConfigFolder(Path root) {
    this.root = root;
  }

  /** Looks for the files; what is wrong with the folders themselves is in {@link #diagnostics}. */
  static ConfigFolder listBlocking(Path root) {
    ConfigFolder folder = new ConfigFolder(root);
    if (!Files.isDirectory(root)) {
      String found = Files.exists(root) ? "is not a folder" : "no such folder";
      folder.problem(root, found + " (expected: a folder with " + MAIN_FILE + ")");
      return folder;
    }
    Path main = root.resolve(MAIN_FILE);
    if (Files.isRegularFile(main)) {
      folder.files.add(new ConfigFile(main, true));
    } else {
      folder.problem(main, "no such file (expected: one document of kind Gateway)");
    }
    folder.warnOfStrayFiles();
    if (Files.isDirectory(root.resolve(FOLDER))) {
      folder.walk(root.resolve(FOLDER), 0);
    }
    return folder;
  }

  /** The files: the main one, if there is one, then the others in order of their names. */
  List<ConfigFile> files() {
    return files;
  }

  /** What is wrong with the folders. */
  List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  private void warnOfStrayFiles() {
    for (Path child : children(root)) {
      if (isYaml(child)
          && !child.getFileName().toString().equals(MAIN_FILE)
          && Files.isRegularFile(child)) {
        String message = "is not read (expected: in " + root.resolve(FOLDER) + ")";
        diagnostics.add(Diagnostic.warning(Location.ofFile(child.toString()), "", message));
      }
    }
  }

  private void walk(Path folder, int depth) {
    if (depth > MAX_DEPTH || !enter(folder)) {
      return;
    }
    for (Path child : children(folder)) {
      if (Files.isDirectory(child)) {
        walk(child, depth + 1);
      } else if (isYaml(child)) {
        files.add(
            new ConfigFile(child, false)); // a dangling link too: reading it says what is wrong
      }
    }
  }

  /** False when the folder was seen before, by another way or through a loop of links. */
  private boolean enter(Path folder) {
    try {
      return visited.add(folder.toRealPath());
    } catch (IOException e) {
      problem(folder, "cannot be read: " + RootFiles.reason(e));
      return false;
    }
  }

  private List<Path> children(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(child -> !isSkipped(child.getFileName().toString())).sorted().toList();
    } catch (IOException e) {
      problem(folder, "cannot be read: " + RootFiles.reason(e));
      return List.of();
    }
  }

  private static boolean isSkipped(String name) {
    return name.startsWith(".") || name.endsWith("~") || name.endsWith(".tmp");
  }

  private static boolean isYaml(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  private void problem(Path place, String message) {
    diagnostics.add(Diagnostic.error(Location.ofFile(place.toString()), "", message));
  }
}
