package tollgate.analytics.accesslog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** Where the lines go. Opened by the writer thread, never before the first record. */
public interface LogOutput {
  /**
   * An opened output.
   *
   * @param isInMidLine whether what is there ends without a line feed
   */
  record Opened(WritableByteChannel channel, boolean isInMidLine) {}

  /** As messages name it. */
  String name();

  /** Opens it, or opens it again after {@link #isReopened}. */
  Opened open() throws IOException;

  /** Whether its channel is closed and opened again: on rotation, and after a failed write. */
  boolean isReopened();

  /** File descriptor 1, whatever {@code System.out} is; never closed. */
  static LogOutput standardOutput() {
    return new StandardOutput();
  }

  /** Appends to a file, made with mode 0640 at most if it does not exist. */
  static LogOutput file(Path path) {
    return new AppendedFile(path);
  }

  /** See {@link #standardOutput}. */
  final class StandardOutput implements LogOutput {
    private StandardOutput() {}

    @Override
    public String name() {
      return "standard output";
    }

    @Override
    @SuppressWarnings("resource") // closing it would close descriptor 1 for the whole process
    public Opened open() {
      return new Opened(new FileOutputStream(FileDescriptor.out).getChannel(), false);
    }

    @Override
    public boolean isReopened() {
      return false;
    }
  }
}
