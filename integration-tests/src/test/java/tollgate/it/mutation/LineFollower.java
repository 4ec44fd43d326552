package tollgate.it.mutation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads the lines of a file that grows. One thread. */
final class LineFollower {
  private final InputStream in;
  private final byte[] buffer = new byte[256 * 1024];
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  private LineFollower(InputStream in) {
    this.in = in;
  }

  /** From the start of the file, which exists. */
  static LineFollower of(Path file) throws IOException {
    return new LineFollower(Files.newInputStream(file));
  }

  /** Gives the lines that have been ended since. */
  void follow(Consumer<String> lines) throws IOException {
    for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
      int from = 0;
      for (int i = 0; i < count; i++) {
        if (buffer[i] == '\n') {
          begun.write(buffer, from, i - from);
          lines.accept(begun.toString(UTF_8));
          begun.reset();
          from = i + 1;
        }
      }
      begun.write(buffer, from, count - from);
    }
  }
}
