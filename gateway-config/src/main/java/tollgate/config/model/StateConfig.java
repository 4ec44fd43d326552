package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * Where the gateway keeps what it makes itself. Immutable.
 *
 * @param path the state folder; already resolved against the root folder when it was read
 */
public record StateConfig(Path path) {
  /** Below the root folder. */
  public static final Path DEFAULT_PATH = Path.of(".state");

  public StateConfig {
    requireNonNull(path, "path");
  }
}
