package tollgate.dist.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this program was built from. Immutable.
 *
 * @param revision of the source tree; {@code unknown} if the build was not told
 */
record Build(String version, String revision) {
  Build {
    requireNonNull(version, "version");
    requireNonNull(revision, "revision");
  }

  /** The build that runs. */
  static Build present() {
    try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
      Properties properties = new Properties();
      properties.load(requireNonNull(in, "build.properties"));
      return new Build(
          properties.getProperty("version", "unknown"),
          properties.getProperty("revision", "unknown"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
