package tollgate.config.model;

import static java.util.Objects.requireNonNull;

/**
 * A value that must not be printed. Immutable; keeps its text out of {@code toString}, so out of
 * logs.
 *
 * @param reveal the text itself; for the code that uses it, never for messages
 */
public record Secret(String reveal) {
  public Secret {
    requireNonNull(reveal, "reveal");
  }

  @Override
  public String toString() {
    return "***";
  }
}
