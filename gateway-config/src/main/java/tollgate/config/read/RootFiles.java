package tollgate.config.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tollgate.config.text.FileText;

/** The files a configuration names, relative to its root folder. Immutable; blocks. */
final class RootFiles implements FileText {
  static final int MAX_SUBSTITUTED_BYTES = 1024 * 1024;

  private final Path root;

  RootFiles(Path root) {
    this.root = root;
  }

  /** Where a name leads. */
  Path resolve(String name) {
    return root.resolve(name).normalize();
  }

  /**
   * The text of a file for {@code ${file:}}: UTF-8, at most 1 MiB, without one line end at its end.
   */
  @Override
  public String readBlocking(String name) throws IOException {
    Path file;
    try {
      file = resolve(name);
    } catch (InvalidPathException e) {
      throw new IOException("not a path", e);
    }
    try {
      byte[] bytes = readBlocking(file, MAX_SUBSTITUTED_BYTES);
      if (bytes.length > MAX_SUBSTITUTED_BYTES) {
        throw new IOException("more than " + MAX_SUBSTITUTED_BYTES + " bytes");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      int end = text.endsWith("\r\n") ? 2 : text.endsWith("\n") ? 1 : 0;
      return text.substring(0, text.length() - end);
    } catch (CharacterCodingException e) {
      throw new IOException("not UTF-8", e);
    } catch (IOException e) {
      throw new IOException(reason(e), e);
    }
  }

  /** The first bytes of a file: all of them, or one more than the limit. */
  static byte[] readBlocking(Path file, int limit) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw Files.exists(file)
          ? new IOException("not a file")
          : new NoSuchFileException(file.toString());
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(limit + 1);
    }
  }

  /** Why a file cannot be read, in words; file system exceptions carry only its name. */
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file";
      case AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}
