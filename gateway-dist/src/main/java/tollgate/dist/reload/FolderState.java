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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the file system says of the files that matter, without reading them: a cheap answer to "may
 * something have changed". Two that are equal may still differ in content where a file system's
 * clock is coarse, so the content is looked at now and then all the same. Immutable.
 */
record FolderState(Path root, Map<Path, Stamp> files, Set<Path> folders) {
  private static final String HOT = "conf.d";
  private static final int MAX_DEPTH = 16;

  /** One file, links followed. */
  record Stamp(long size, long modifiedNanos, @Nullable Object key) {}

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
        Files.walk(root.resolve(HOT), MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
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
    return new FolderState(root, files, folders);
  }

  /**
   * Whether something that happened to {@code path}, in one of the folders, may matter. Below
   * {@code conf.d} everything may. Elsewhere other files live too, a log perhaps that is written
   * all the time: there only the files that count, and links such as {@code ..data} that are
   * swapped above them.
   */
  boolean concerns(Path path) {
    Path name = path.getFileName();
    return path.startsWith(root.resolve(HOT))
        || files.containsKey(path)
        || folders.contains(path)
        || (name != null && name.toString().startsWith(".."));
  }

  private static void stamp(Path path, Map<Path, Stamp> files) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      files.put(
          path,
          new Stamp(
              attributes.size(),
              attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
              attributes.fileKey()));
    } catch (IOException _) {
      files.put(path, new Stamp(-1, 0, null));
    }
  }
}
