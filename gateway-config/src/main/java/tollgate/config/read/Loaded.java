package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What reading gave: a value, or every reason why there is none. Immutable. */
public sealed interface Loaded<T> {

  /** A value that can be used; the warnings ought to be shown. */
  record Valid<T>(T value, List<Diagnostic> warnings) implements Loaded<T> {
    public Valid {
      requireNonNull(value, "value");
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * No value. The problems are in order of file and place, warnings among them; at least one is an
   * error.
   */
  record Invalid<T>(List<Diagnostic> problems) implements Loaded<T> {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }
}
