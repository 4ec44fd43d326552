package tollgate.analytics.accesslog;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that lines are appended to. */
final class AppendedFile implements LogOutput {
  private static final Set<StandardOpenOption> MODE = Set.of(CREATE, WRITE, APPEND);

  private final Path path;

  AppendedFile(Path path) {
    this.path = path;
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public Opened open() throws IOException {
    FileAttribute<?>[] attributes =
        path.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
            }
            : new FileAttribute<?>[0];
    FileChannel channel = FileChannel.open(path, MODE, attributes);
    try {
      return new Opened(channel, endsInMidLine());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public boolean isReopened() {
    return true;
  }

  private boolean endsInMidLine() throws IOException {
    try (FileChannel reader = FileChannel.open(path, READ)) {
      long size = reader.size();
      ByteBuffer last = ByteBuffer.allocate(1);
      return size > 0 && reader.read(last, size - 1) == 1 && last.get(0) != '\n';
    }
  }
}
