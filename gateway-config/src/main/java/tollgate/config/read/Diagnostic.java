package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import tollgate.config.text.Location;
import tollgate.config.text.TextProblem;

/**
 * Something wrong in a configuration, as one line. Immutable. Whoever finds more problems later
 * makes more of these.
 *
 * @param path keys from the document down, such as {@code operations[2].match}; may be empty
 * @param message what was found and what was expected
 */
public record Diagnostic(Severity severity, Location location, String path, String message) {

  /** Whether it stops a configuration from being used. */
  public enum Severity {
    ERROR,
    WARNING
  }

  public Diagnostic {
    requireNonNull(severity, "severity");
    requireNonNull(location, "location");
    requireNonNull(path, "path");
    requireNonNull(message, "message");
  }

  public static Diagnostic error(Location location, String path, String message) {
    return new Diagnostic(Severity.ERROR, location, path, message);
  }

  public static Diagnostic warning(Location location, String path, String message) {
    return new Diagnostic(Severity.WARNING, location, path, message);
  }

  static Diagnostic of(TextProblem problem) {
    return error(problem.location(), problem.path(), problem.message());
  }

  /** Whether it stops a configuration from being used. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** {@code conf/gateway.yaml:41:7 drain.delay: "30" has no unit (expected e.g. 30s)}; one line. */
  @Override
  public String toString() {
    String mark = isError() ? "" : "warning: ";
    return path.isEmpty()
        ? location + " " + mark + message
        : location + " " + path + ": " + mark + message;
  }
}
