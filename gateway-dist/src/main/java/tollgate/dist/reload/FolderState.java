package tollgate.dist.reload;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the file system says of the files that matter, without reading them: a cheap answer to "may
 * something have changed". Two that are equal may still differ in content where a file system's
 * clock is coarse, so the content is looked at now and then all the same. Immutable.
 */
record FolderState(Map<Path, Stamp> files, Set<Path> folders) {
  private static final int MAX_DEPTH = 16;

  /** One file, links followed. */
  record Stamp(long size, long modifiedMillis, @Nullable Object key) {}

  /**
   * @param root the root folder: {@code gateway.yaml} and all below {@code conf.d}
   * @param referenced other files that count
   */
  static FolderState ofBlocking(Path root, Collection<Path> referenced) {
    Map<Path, Stamp> files = new HashMap<>();
    Set<Path> folders = new HashSet<>();
    folders.add(root);
    stamp(root.resolve("gateway.yaml"), files);
    try (Stream<Path> below =
        Files.walk(root.resolve("conf.d"), MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
      below.forEach(path -> {
        if (Files.isDirectory(path)) {
          folders.add(path);
        } else {
          stamp(path, files);
        }
      });
    } catch (IOException | java.io.UncheckedIOException _) {
      // Gone while we looked, or not there at all: the stamps differ, and the reader says what is
      // wrong.
    }
    for (Path path : referenced) {
      stamp(path, files);
      Path parent = path.getParent();
      if (parent != null && Files.isDirectory(parent)) {
        folders.add(parent);
      }
    }
    return new FolderState(files, folders);
  }

  private static void stamp(Path path, Map<Path, Stamp> files) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      files.put(
          path,
          new Stamp(
              attributes.size(), attributes.lastModifiedTime().toMillis(), attributes.fileKey()));
    } catch (IOException _) {
      files.put(path, new Stamp(-1, 0, null));
    }
  }
}
