package tollgate.config.text;

import static java.util.Objects.requireNonNull;

/**
 * Something wrong with the text itself, before any key has a meaning. Immutable.
 *
 * @param path the key path inside the document, such as {@code operations[2].match}; may be empty
 */
public record TextProblem(Location location, String path, String message) {
  public TextProblem {
    requireNonNull(location, "location");
    requireNonNull(path, "path");
    requireNonNull(message, "message");
  }
}
