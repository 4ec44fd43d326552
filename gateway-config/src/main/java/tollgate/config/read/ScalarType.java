package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ScalarNode;

/**
 * A single value, read by a function from text. Immutable.
 *
 * <p>The function throws IllegalArgumentException for text it does not take. The message goes on
 * from the value, as in {@code has no unit (expected e.g. 30s)}; for a value that came from the
 * environment or a file it is replaced, since it may quote a secret.
 */
public final class ScalarType<T> implements ValueType<T> {
  /** What may stand in a schema in place of any text: something that is substituted. */
  private static final String SUBSTITUTED = "\\$\\{";

  private final String name;
  private final String example;
  private final Parser<T> parser;
  private final Function<T, Object> json;
  private final Map<String, Object> schema;

  /** Makes a value of a scalar that is neither broken nor empty. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(ScalarNode scalar, Reading reading);
  }

  ScalarType(
      String name,
      String example,
      Parser<T> parser,
      Function<T, Object> json,
      Map<String, Object> schema) {
    this.name = requireNonNull(name, "name");
    this.example = requireNonNull(example, "example");
    this.parser = requireNonNull(parser, "parser");
    this.json = requireNonNull(json, "json");
    this.schema = Collections.unmodifiableMap(new LinkedHashMap<>(schema));
  }

  /**
   * A text with a meaning of its own.
   *
   * @param name what it is, as in "is not a header name"
   * @param example a good value
   * @param pattern a regular expression (ECMA-262 and Java alike) that good values match as a
   *     whole; may let some bad ones pass
   * @param parse throws IllegalArgumentException as the class comment says
   * @param print the inverse, for defaults
   */
  public static <T> ScalarType<T> parsed(
      String name,
      String example,
      String pattern,
      Function<String, T> parse,
      Function<T, String> print) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "string");
    schema.put("pattern", "^(?:" + pattern + ")$|" + SUBSTITUTED);
    schema.put("examples", List.of(example));
    return new ScalarType<>(
        name, example, (scalar, _) -> parse.apply(scalar.text()), print::apply, schema);
  }

  /** The same text, read into another type. */
  public <U> ScalarType<U> as(Function<T, U> to, Function<U, T> from) {
    return new ScalarType<>(
        name,
        example,
        (scalar, reading) -> to.apply(parser.parse(scalar, reading)),
        from.andThen(json),
        schema);
  }

  /** The same values under another name and example, for messages and the reference page. */
  public ScalarType<T> named(String otherName, String otherExample) {
    return new ScalarType<>(otherName, otherExample, parser, json, schema);
  }

  /** The same values, where a text that comes again gives the object it gave before. */
  ScalarType<T> once() {
    Parser<T> remembered =
        (scalar, reading) -> reading.once(this, scalar.text(), () -> parser.parse(scalar, reading));
    return new ScalarType<>(name, example, remembered, json, schema);
  }

  /** The same values, each also told to {@code seen} after it was read. */
  ScalarType<T> noting(Noting<T> seen) {
    Parser<T> noted =
        (scalar, reading) -> {
          T value = parser.parse(scalar, reading);
          seen.note(value, scalar, reading);
          return value;
        };
    return new ScalarType<>(name, example, noted, json, schema);
  }

  /** Hears of values that were read. */
  @FunctionalInterface
  interface Noting<T> {
    void note(T value, ScalarNode scalar, Reading reading);
  }

  @Override
  public @Nullable T read(ConfigNode node, Reading reading) {
    if (!(node instanceof ScalarNode scalar) || scalar.isNull()) {
      reading.refuse(node, expected());
      return null;
    }
    if (scalar.isBroken()) {
      return null;
    }
    try {
      return parser.parse(scalar, reading);
    } catch (IllegalArgumentException e) {
      boolean secret = scalar.form() == ScalarNode.Form.RESOLVED;
      String why = secret ? "does not resolve to a good value" : e.getMessage();
      reading.refuse(scalar, secret || why == null ? why + " " + expected() : why);
      return null;
    }
  }

  private String expected() {
    return name.contains(example)
        ? "(expected: " + name + ")"
        : "(expected: " + name + ", e.g. " + example + ")";
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public Map<String, Object> schema() {
    return schema;
  }

  @Override
  public Object json(T value) {
    return json.apply(value);
  }
}
