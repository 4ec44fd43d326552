package tollgate.transport.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The file of a Unix socket: mode 0600 in a folder of mode 0700, so that nobody else can connect
 * even in the moment between bind and chmod. Blocks on the file system.
 */
final class UnixSocketFile {
  private static final Set<PosixFilePermission> FILE_MODE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> FOLDER_MODE =
      PosixFilePermissions.fromString("rwx------");

  private UnixSocketFile() {}

  /**
   * Makes the folder if it is missing and removes a socket nobody listens on any more.
   *
   * @throws IOException if others may enter the folder, or somebody answers on the socket
   */
  static void prepareBlocking(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(path + ": has no folder");
    }
    if (!Files.exists(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER_MODE));
    }
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
    if (!FOLDER_MODE.containsAll(mode)) {
      throw new IOException(
          folder
              + ": has mode "
              + PosixFilePermissions.toString(mode)
              + " (expected: rwx------, for the control socket in it)");
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (isAnsweredBlocking(path)) {
      throw new IOException(path + ": somebody listens there (is another gateway running?)");
    }
    Files.delete(path);
  }

  static void restrictBlocking(Path path) throws IOException {
    Files.setPosixFilePermissions(path, FILE_MODE);
  }

  private static boolean isAnsweredBlocking(Path path) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException _) {
      return false;
    }
  }
}
