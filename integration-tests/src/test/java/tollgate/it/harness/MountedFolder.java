package tollgate.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * A folder whose files change all at once, as Kubernetes mounts a ConfigMap: every file is a link
 * through {@code ..data}, and that one link is replaced. One thread.
 */
public final class MountedFolder {
  private static final int KEPT = 3;

  private final Path folder;
  private int version;

  private MountedFolder(Path folder) {
    this.folder = folder;
  }

  /** Takes over the files that are there, whose names stay the same from now on. */
  public static MountedFolder at(Path folder, Map<String, String> files) throws IOException {
    MountedFolder mounted = new MountedFolder(Files.createDirectories(folder));
    mounted.swap(files);
    for (String name : files.keySet()) {
      mounted.link(name, Path.of("..data/" + name));
    }
    return mounted;
  }

  /** All files at once. */
  public void swap(Map<String, String> files) throws IOException {
    version++;
    Path next = Files.createDirectories(folder.resolve("..v" + version));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(next.resolve(file.getKey()), file.getValue());
    }
    link("..data", next.getFileName());
    Path old = folder.resolve("..v" + (version - KEPT));
    for (String name : files.keySet()) {
      Files.deleteIfExists(old.resolve(name));
    }
    Files.deleteIfExists(old);
  }

  private void link(String name, Path target) throws IOException {
    Path link = folder.resolve("..next_" + version);
    Files.createSymbolicLink(link, target);
    Files.move(
        link,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
