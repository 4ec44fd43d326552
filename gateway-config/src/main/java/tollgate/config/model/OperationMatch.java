package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Method and path of an operation. Immutable.
 *
 * @param method upper case, or null for any method
 */
public record OperationMatch(@Nullable String method, PathTemplate path) {
  private static final String EXPECTED = " (expected e.g. GET /orders/{id}, or * /files/{path*})";
  private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z0-9_-]{0,31}");

  public OperationMatch {
    requireNonNull(path, "path");
    if (method != null && !METHOD.matcher(method).matches()) {
      throw new IllegalArgumentException("method: is not one in capitals" + EXPECTED);
    }
  }

  /**
   * Reads {@code GET /orders/{id}} or {@code * /files/{path*}}.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static OperationMatch parse(String text) {
    int space = text.indexOf(' ');
    if (space < 1) {
      throw new IllegalArgumentException("is not a method and a path" + EXPECTED);
    }
    String method = text.substring(0, space);
    PathTemplate path = PathTemplate.parse(text.substring(space + 1).stripLeading());
    if (method.equals("*")) {
      return new OperationMatch(null, path);
    }
    String upper = method.toUpperCase(Locale.ROOT);
    if (!METHOD.matcher(method).matches()) {
      String hint = METHOD.matcher(upper).matches() ? " (expected: " + upper + ")" : EXPECTED;
      throw new IllegalArgumentException("does not begin with a method in capitals" + hint);
    }
    if (method.equals("CONNECT")) {
      throw new IllegalArgumentException("asks for CONNECT, which has no path" + EXPECTED);
    }
    return new OperationMatch(method, path);
  }

  /** The same for all templates that match the same requests: parameter names are left out. */
  public String shape() {
    return (method == null ? "*" : method) + " " + path.shape();
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return (method == null ? "*" : method) + " " + path;
  }
}
