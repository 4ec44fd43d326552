package tollgate.config.text;

import java.io.IOException;

/** Where {@code ${file:path}} looks. Any thread; may block. */
@FunctionalInterface
public interface FileText {
  /**
   * The content of a file.
   *
   * @param path as written, usually relative to the root folder
   * @throws IOException whose message says why, without the content
   */
  String readBlocking(String path) throws IOException;
}
