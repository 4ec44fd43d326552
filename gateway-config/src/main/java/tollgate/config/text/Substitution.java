package tollgate.config.text;

import static java.util.Objects.requireNonNull;

/**
 * A use of something outside the file: {@code ${env:name}} or {@code ${file:name}}. Immutable.
 *
 * @param name of the variable, or the path as written
 */
public record Substitution(Source source, String name) {

  /** Where the value comes from. */
  public enum Source {
    ENV,
    FILE
  }

  public Substitution {
    requireNonNull(source, "source");
    requireNonNull(name, "name");
  }
}
