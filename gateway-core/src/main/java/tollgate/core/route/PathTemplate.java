package tollgate.core.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.CanonicalPath;

/**
 * The path of an operation below its API's context: {@code /orders/{id}/lines}, {@code
 * /files/{path*}}. A parameter is a whole segment and never empty; {@code {name*}} takes the rest
 * of the path, which may be empty, and stands last. A trailing slash is significant. Immutable.
 */
public final class PathTemplate {
  /** A part between two slashes. */
  sealed interface Segment {
    /** Canonical, see {@link CanonicalPath}; empty behind a trailing slash. */
    record Literal(String text) implements Segment {}

    record Parameter(String name) implements Segment {}

    record Rest(String name) implements Segment {}
  }

  private final String text;
  private final List<Segment> segments;

  private PathTemplate(String text, List<Segment> segments) {
    this.text = text;
    this.segments = segments;
  }

  /**
   * @throws IllegalArgumentException if {@link #problem} has something to say
   */
  public static PathTemplate parse(String text) {
    List<Segment> segments = new ArrayList<>();
    String problem = read(text, segments);
    if (problem != null) {
      throw new IllegalArgumentException("path template: \"" + text + "\" " + problem);
    }
    return new PathTemplate(text, List.copyOf(segments));
  }

  /** What is wrong with the text and what was expected, for a diagnostic; null if it is good. */
  public static @Nullable String problem(String text) {
    return read(text, new ArrayList<>());
  }

  /** As written. */
  public String text() {
    return text;
  }

  /** Names of the parameters in order. */
  public List<String> parameters() {
    List<String> names = new ArrayList<>();
    for (Segment segment : segments) {
      switch (segment) {
        case Segment.Literal _ -> {}
        case Segment.Parameter parameter -> names.add(parameter.name());
        case Segment.Rest rest -> names.add(rest.name());
      }
    }
    return List.copyOf(names);
  }

  List<Segment> segments() {
    return segments;
  }

  private static @Nullable String read(String text, List<Segment> segments) {
    if (text.isEmpty() || text.charAt(0) != '/') {
      return "does not start with a slash (expected e.g. /orders/{id})";
    }
    List<String> names = new ArrayList<>();
    int from = 1;
    while (true) {
      int slash = text.indexOf('/', from);
      boolean isLast = slash < 0;
      String part = isLast ? text.substring(from) : text.substring(from, slash);
      String problem = readSegment(part, isLast, names, segments);
      if (problem != null) {
        return problem;
      }
      if (isLast) {
        return null;
      }
      from = slash + 1;
    }
  }

  private static @Nullable String readSegment(
      String part, boolean isLast, List<String> names, List<Segment> segments) {
    if (part.startsWith("{") && part.endsWith("}") && part.indexOf('{', 1) < 0) {
      boolean isRest = part.endsWith("*}");
      String name = part.substring(1, part.length() - (isRest ? 2 : 1));
      if (!isName(name)) {
        return "has the parameter " + part + " (expected: letters, digits, '_', '-', '.')";
      }
      if (isRest && !isLast) {
        return "goes on after " + part + " (expected: at the end)";
      }
      if (names.contains(name)) {
        return "has the parameter " + name + " twice";
      }
      names.add(name);
      segments.add(isRest ? new Segment.Rest(name) : new Segment.Parameter(name));
      return null;
    }
    if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
      return "has the segment " + part + " (expected: a parameter is a whole segment, as {id})";
    }
    if (part.indexOf('*') >= 0) {
      return "has the segment " + part + " (expected: {rest*} for the rest of the path)";
    }
    if (part.isEmpty() && !isLast) {
      return "has an empty segment";
    }
    String canonical = CanonicalPath.of("/" + escaped(part));
    if (canonical == null) {
      return "has the segment " + part + " (expected: what a request path may hold)";
    }
    segments.add(new Segment.Literal(canonical.substring(1)));
    return null;
  }

  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!isLetter && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.') {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /** Non-ASCII characters and spaces as requests carry them. */
  private static String escaped(String part) {
    StringBuilder escaped = new StringBuilder(part.length());
    for (byte b : part.getBytes(UTF_8)) {
      if (b < 0 || b == ' ') {
        escaped.append('%').append(Character.forDigit((b >> 4) & 15, 16));
        escaped.append(Character.forDigit(b & 15, 16));
      } else {
        escaped.append((char) b);
      }
    }
    return escaped.toString();
  }

  /** The same template, parameters' names aside: it matches the same paths. */
  String shape() {
    StringBuilder shape = new StringBuilder();
    for (Segment segment : segments) {
      shape.append('/');
      switch (segment) {
        case Segment.Literal literal -> shape.append(literal.text());
        case Segment.Parameter _ -> shape.append("{}");
        case Segment.Rest _ -> shape.append("{*}");
      }
    }
    return shape.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PathTemplate template && template.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
