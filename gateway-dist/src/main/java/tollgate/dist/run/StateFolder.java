package tollgate.dist.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder the gateway keeps what it makes itself in; mode 0700. */
public final class StateFolder {
  public static final String CONTROL_SOCKET = "control.sock";
  public static final String LAST_GOOD = "last-good.json";

  private final Path path;

  private StateFolder(Path path) {
    this.path = path;
  }

  /**
   * Makes the folder if it is not there, and takes it from others if it is.
   *
   * @throws IOException if it cannot be made or written to
   */
  static StateFolder openBlocking(Path path) throws IOException {
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    return new StateFolder(path);
  }

  Path controlSocket() {
    return path.resolve(CONTROL_SOCKET);
  }

  /** Keeps what was accepted last, whole or not at all. */
  void writeLastGoodBlocking(String json) throws IOException {
    Path next = path.resolve(LAST_GOOD + ".tmp");
    Files.write(next, json.getBytes(UTF_8));
    Files.move(
        next,
        path.resolve(LAST_GOOD),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
