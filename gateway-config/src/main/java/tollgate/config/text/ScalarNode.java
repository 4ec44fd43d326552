package tollgate.config.text;

import static java.util.Objects.requireNonNull;

/**
 * A single value: its text as meant, and as written. Immutable.
 *
 * @param text the value, after {@code ${env:}} and {@code ${file:}} were resolved; may hold a
 *     secret when {@code form} is RESOLVED
 * @param written the value as it stands in the file; what messages print
 */
public record ScalarNode(Location location, String text, String written, Form form)
    implements ConfigNode {

  /** How the text came about. */
  public enum Form {
    /** Without quotes: may be a number, a boolean or nothing at all. */
    PLAIN,
    /** In quotes or as a block: text. */
    QUOTED,
    /** At least one part came from the environment or a file. */
    RESOLVED,
    /** A problem was already reported here; readers stay silent. */
    BROKEN
  }

  public ScalarNode {
    requireNonNull(location, "location");
    requireNonNull(text, "text");
    requireNonNull(written, "written");
    requireNonNull(form, "form");
  }

  static ScalarNode broken(Location location) {
    return new ScalarNode(location, "", "", Form.BROKEN);
  }

  /** Whether a problem was already reported for this value. */
  public boolean isBroken() {
    return form == Form.BROKEN;
  }

  /** Whether YAML reads this as nothing: {@code key:}, {@code ~} or {@code null}. */
  public boolean isNull() {
    return form == Form.PLAIN
        && switch (text) {
          case "", "~", "null", "Null", "NULL" -> true;
          default -> false;
        };
  }

  /** Prints the value as written, so that a resolved secret stays out of logs. */
  @Override
  public String toString() {
    return written;
  }
}
