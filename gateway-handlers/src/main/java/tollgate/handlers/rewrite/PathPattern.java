package tollgate.handlers.rewrite;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tollgate.core.http.CanonicalPath;

/**
 * A path to send with places for what the caller's path held: {@code /v2/{orderId}}. Immutable.
 *
 * @param text as written
 * @param parts literals and parameters in order
 */
public record PathPattern(String text, List<Part> parts) {
  /**
   * The parameter that is the rest of the path where the operation's template has none so named.
   */
  static final String REST = "path";

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}");
  private static final String EXPECTED = " (expected e.g. /v2/{orderId})";

  /** A piece of the pattern. */
  sealed interface Part {
    /** Sent as it is. */
    record Literal(String text) implements Part {}

    /** What the caller's path held at this parameter. */
    record Parameter(String name) implements Part {}
  }

  public PathPattern {
    requireNonNull(text, "text");
    parts = List.copyOf(parts);
  }

  /**
   * @throws IllegalArgumentException if the text is no such path; the message goes on from it
   */
  public static PathPattern parse(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("does not begin with a slash" + EXPECTED);
    }
    List<Part> parts = new ArrayList<>();
    StringBuilder sample = new StringBuilder();
    int from = 0;
    for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', from)) {
      int close = text.indexOf('}', open);
      String name = close < 0 ? "" : text.substring(open + 1, close);
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("has a brace that is not around a name" + EXPECTED);
      }
      addLiteral(parts, text.substring(from, open));
      parts.add(new Part.Parameter(name));
      sample.append(text, from, open).append('x');
      from = close + 1;
    }
    addLiteral(parts, text.substring(from));
    sample.append(text, from, text.length());
    checkCanonical(sample.toString());
    return new PathPattern(text, parts);
  }

  private static void addLiteral(List<Part> parts, String literal) {
    if (!literal.isEmpty()) {
      parts.add(new Part.Literal(literal));
    }
  }

  private static void checkCanonical(String path) {
    String canonical = CanonicalPath.of(path);
    if (path.indexOf('}') >= 0) {
      throw new IllegalArgumentException("has a brace that is not around a name" + EXPECTED);
    }
    if (canonical == null) {
      throw new IllegalArgumentException(
          "holds what no path may: an empty or dot segment, a raw or escaped delimiter" + EXPECTED);
    }
    if (!canonical.equals(path)) {
      throw new IllegalArgumentException(
          "is not in canonical form (expected: as in " + canonical + ")");
    }
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return text;
  }
}
