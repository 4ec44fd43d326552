package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path below the context of an API, split at its slashes. Immutable. {@code /} is one empty
 * literal; {@code /orders/} is {@code orders} and an empty literal, since a trailing slash is
 * significant.
 *
 * @param segments at least one; only the last may be a {@link Rest}; parameter names are unique
 * @param text the segments as {@link #parse} reads them
 */
public record PathTemplate(List<Segment> segments, String text) {
  private static final String EXPECTED = " (expected e.g. /orders/{id} or /files/{path*})";
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,63}");

  /** One part of a template. */
  public sealed interface Segment {}

  /** Matches exactly this text. */
  public record Literal(String text) implements Segment {
    // RFC 3986 3.3: pchar; without ";" (servers disagree on what it begins) and "*" (not a wildcard
    // here).
    private static final Pattern WHOLE =
        Pattern.compile("(?:[A-Za-z0-9._~!$&'()+,=:@-]|%[0-9A-F]{2})*");
    // RFC 3986 6.2.2.2: unreserved characters are not encoded.
    private static final Pattern NEEDLESS =
        Pattern.compile("%(?:2D|2E|5F|7E|3[0-9]|4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A])");
    // A slash, backslash or control; dots that end at an encoded ";"; an escape that a second
    // decoding opens.
    private static final Pattern DANGEROUS =
        Pattern.compile("%(?:2F|5C|[01][0-9A-F]|7F|C2%[89][0-9A-F])|^\\.\\.?%3B|%25[0-9A-Fa-f]{2}");

    public Literal {
      requireNonNull(text, "text");
    }

    /**
     * What keeps a segment from ever equalling one of a canonical request path, or null. Goes on
     * from "a path".
     *
     * @param last whether it ends the path; an empty one is a trailing slash then
     */
    static @Nullable String problem(String segment, boolean last) {
      if (segment.isEmpty()) {
        return last ? null : "with an empty segment";
      }
      if (isWord(segment)) {
        return null; // what nearly all are, without a regular expression
      }
      if (segment.equals(".") || segment.equals("..")) {
        return "with a dot segment";
      }
      if (segment.indexOf('*') >= 0) {
        return "with a * outside of braces";
      }
      if (!WHOLE.matcher(segment).matches()) {
        return "with a character that must be percent-encoded (hex digits in capitals)";
      }
      if (segment.indexOf('%') < 0) {
        return null;
      }
      if (DANGEROUS.matcher(segment).find() || !isUtf8(segment)) {
        return "with an escape that requests may not have";
      }
      return NEEDLESS.matcher(segment).find() ? "with a needless percent-encoding" : null;
    }

    /** Letters, digits, dashes and underscores only. */
    private static boolean isWord(String segment) {
      for (int i = 0; i < segment.length(); i++) {
        char c = segment.charAt(i);
        boolean isLetter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (!isLetter && !(c >= '0' && c <= '9') && c != '-' && c != '_') {
          return false;
        }
      }
      return true;
    }

    private static boolean isUtf8(String segment) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int i = 0; i < segment.length(); i++) {
        boolean escape = segment.charAt(i) == '%';
        bytes.write(escape ? HexFormat.fromHexDigits(segment, i + 1, i + 3) : segment.charAt(i));
        i += escape ? 2 : 0;
      }
      try {
        return !StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(bytes.toByteArray()))
            .isEmpty();
      } catch (CharacterCodingException _) {
        return false;
      }
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Matches one segment that is not empty. */
  public record Parameter(String name) implements Segment {
    public Parameter {
      requireNonNull(name, "name");
    }

    @Override
    public String toString() {
      return "{" + name + "}";
    }
  }

  /** Matches all that is left of the path, slashes included; may be empty. */
  public record Rest(String name) implements Segment {
    public Rest {
      requireNonNull(name, "name");
    }

    @Override
    public String toString() {
      return "{" + name + "*}";
    }
  }

  public PathTemplate {
    segments = List.copyOf(segments);
    if (segments.isEmpty()) {
      throw new IllegalArgumentException("segments: is empty (expected: at least one)");
    }
    String printed = print(segments);
    if (!text.equals(printed)) {
      throw new IllegalArgumentException("text: " + text + " (expected: " + printed + ")");
    }
  }

  public PathTemplate(List<Segment> segments) {
    this(segments, print(segments));
  }

  /**
   * Reads {@code /orders/{id}/lines} or {@code /files/{path*}}.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static PathTemplate parse(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("has a path that does not begin with a slash" + EXPECTED);
    }
    String[] parts = text.substring(1).split("/", -1);
    List<Segment> segments = new ArrayList<>(parts.length);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < parts.length; i++) {
      Segment segment = segment(parts[i], i == parts.length - 1);
      String name =
          switch (segment) {
            case Literal _ -> null;
            case Parameter parameter -> parameter.name();
            case Rest rest -> rest.name();
          };
      if (name != null && !names.add(name)) {
        throw new IllegalArgumentException(
            "has the parameter " + name + " twice (expected: different names)");
      }
      segments.add(segment);
    }
    return new PathTemplate(segments);
  }

  private static Segment segment(String part, boolean last) {
    if (part.indexOf('{') < 0 && part.indexOf('}') < 0) {
      String bad = Literal.problem(part, last);
      if (bad != null) {
        throw new IllegalArgumentException("has a path " + bad + EXPECTED);
      }
      return new Literal(part);
    }
    boolean braced = part.startsWith("{") && part.endsWith("}");
    String name = braced ? part.substring(1, part.length() - 1) : "";
    boolean rest = name.endsWith("*");
    String bare = rest ? name.substring(0, name.length() - 1) : name;
    if (!NAME.matcher(bare).matches()) {
      throw new IllegalArgumentException(
          "has a parameter that is not one whole segment" + EXPECTED);
    }
    if (!rest) {
      return new Parameter(bare);
    }
    if (!last) {
      throw new IllegalArgumentException(
          "has {" + name + "} before its end (expected: last in the path)");
    }
    return new Rest(bare);
  }

  /** The template without parameter names; equal for templates that match the same paths. */
  public String shape() {
    StringBuilder shape = new StringBuilder();
    for (Segment segment : segments) {
      shape
          .append('/')
          .append(
              switch (segment) {
                case Literal literal -> literal.text();
                case Parameter _ -> "{}";
                case Rest _ -> "{*}";
              });
    }
    return shape.toString();
  }

  /** Names of the parameters in order. */
  public List<String> parameters() {
    List<String> names = new ArrayList<>();
    for (Segment segment : segments) {
      switch (segment) {
        case Literal _ -> {}
        case Parameter parameter -> names.add(parameter.name());
        case Rest rest -> names.add(rest.name());
      }
    }
    return List.copyOf(names);
  }

  private static String print(List<Segment> segments) {
    StringBuilder text = new StringBuilder();
    segments.forEach(segment -> text.append('/').append(segment));
    return text.toString();
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return text;
  }
}
