package tollgate.config.openapi;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import tollgate.config.text.Location;

/**
 * A parameter. Immutable.
 *
 * @param explode whether each item or property stands by itself
 * @param isJson whether the value is a JSON text, by {@code content}, and {@code style} has no
 *     meaning
 * @param type what the text becomes
 * @param schema null if anything goes
 */
public record OpenApiParameter(
    String name,
    In in,
    Style style,
    boolean explode,
    boolean isRequired,
    boolean isJson,
    ParameterType type,
    @Nullable SchemaPlace schema,
    Location location) {
  public OpenApiParameter {
    requireNonNull(name, "name");
    requireNonNull(in, "in");
    requireNonNull(style, "style");
    requireNonNull(type, "type");
    requireNonNull(location, "location");
  }

  /** Where a parameter stands. */
  public enum In {
    PATH("path", Style.SIMPLE),
    QUERY("query", Style.FORM),
    HEADER("header", Style.SIMPLE),
    COOKIE("cookie", Style.FORM);

    private final String word;
    private final Style style;

    In(String word, Style style) {
      this.word = word;
      this.style = style;
    }

    /** As documents write it. */
    public String word() {
      return word;
    }

    Style defaultStyle() {
      return style;
    }

    boolean takes(Style other) {
      return switch (this) {
        case PATH -> other == Style.SIMPLE || other == Style.LABEL || other == Style.MATRIX;
        case QUERY ->
            other == Style.FORM
                || other == Style.SPACE_DELIMITED
                || other == Style.PIPE_DELIMITED
                || other == Style.DEEP_OBJECT;
        case HEADER -> other == Style.SIMPLE;
        case COOKIE -> other == Style.FORM;
      };
    }
  }

  /** How a value is written. */
  public enum Style {
    SIMPLE("simple"),
    LABEL("label"),
    MATRIX("matrix"),
    FORM("form"),
    SPACE_DELIMITED("spaceDelimited"),
    PIPE_DELIMITED("pipeDelimited"),
    DEEP_OBJECT("deepObject");

    private final String word;

    Style(String word) {
      this.word = word;
    }

    /** As documents write it. */
    public String word() {
      return word;
    }
  }
}
