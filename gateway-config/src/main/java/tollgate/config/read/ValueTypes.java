package tollgate.config.read;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import tollgate.config.model.BindAddress;
import tollgate.config.model.Cidr;
import tollgate.config.model.DataSize;
import tollgate.config.model.HostPattern;
import tollgate.config.model.Percent;
import tollgate.config.model.Rate;
import tollgate.config.model.Secret;
import tollgate.config.model.TargetUrl;
import tollgate.config.text.Nearest;
import tollgate.config.text.ScalarNode;

/**
 * The value types shapes are made of; meant for static import. Any thread.
 *
 * <p>More than 400 lines in one class: one list of types.
 */
public final class ValueTypes {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final Duration LONGEST_RATE = Duration.ofDays(1);
  private static final DateTimeFormatter RFC_3339 = DateTimeFormatter.ISO_OFFSET_DATE_TIME;

  private ValueTypes() {}

  /** Any text but the empty one; numbers and booleans are taken as they are written. */
  public static ScalarType<String> text() {
    return new ScalarType<>(
        "text",
        "\"some text\"",
        (scalar, _) -> {
          if (scalar.text().isEmpty()) {
            throw new IllegalArgumentException("is empty (expected: text)");
          }
          return scalar.text();
        },
        value -> value,
        Map.of("type", List.of("string", "number", "boolean"), "minLength", 1));
  }

  /** Any text, the empty one too. */
  public static ScalarType<String> anyText() {
    return new ScalarType<>(
        "text",
        "\"some text\"",
        (scalar, _) -> scalar.text(),
        value -> value,
        Map.of("type", List.of("string", "number", "boolean")));
  }

  /**
   * Text of a given form.
   *
   * @param name what it is, as in "is not a header name"
   * @param pattern a regular expression (ECMA-262 and Java alike) for the whole value
   */
  public static ScalarType<String> text(String name, String example, String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    Function<String, String> parse =
        text -> {
          if (!compiled.matcher(text).matches()) {
            throw new IllegalArgumentException(
                "is not a valid " + name + " (expected e.g. " + example + ")");
          }
          return text;
        };
    return new ScalarType<>(
        name,
        example,
        (scalar, _) -> parse.apply(scalar.text()),
        value -> value,
        ordered(
            "type",
            List.of("string", "number"),
            "pattern",
            "^(?:" + pattern + ")$|\\$\\{",
            "examples",
            List.of(example)));
  }

  /** The name of something declared: letters, digits, dots, dashes and underscores, at most 128. */
  public static ScalarType<String> name() {
    return text("name", "orders-v1", NAME);
  }

  /**
   * The name of something of this kind that another document must declare; checked when all files
   * are read.
   */
  public static ScalarType<String> nameOf(String kind) {
    return name()
        .named("name of " + (kind.matches("[AEIOU].*") ? "an " : "a ") + kind, "orders-v1")
        .noting((_, scalar, reading) -> reading.mention(kind, scalar));
  }

  /** A whole number, both bounds included. */
  public static ScalarType<Integer> integer(int min, int max) {
    String expected = max == Integer.MAX_VALUE ? min + " or more" : min + " to " + max;
    return new ScalarType<>(
        "whole number, " + expected,
        Integer.toString(Math.max(min, 1)),
        (scalar, _) -> {
          if (scalar.form() == ScalarNode.Form.QUOTED) {
            throw new IllegalArgumentException("is text (expected: a whole number without quotes)");
          }
          if (!scalar.text().matches("-?\\d{1,18}")) {
            throw new IllegalArgumentException(
                "is not a whole number (expected: " + expected + ")");
          }
          long value = Long.parseLong(scalar.text());
          if (value < min || value > max) {
            throw new IllegalArgumentException("is out of range (expected: " + expected + ")");
          }
          return (int) value;
        },
        value -> value,
        ordered(
            "type",
            List.of("integer", "string"),
            "minimum",
            min,
            "maximum",
            max,
            "pattern",
            "\\$\\{"));
  }

  /** {@code true} or {@code false}. */
  public static ScalarType<Boolean> bool() {
    return new ScalarType<>(
        "true or false",
        "true",
        (scalar, _) -> {
          boolean quoted = scalar.form() == ScalarNode.Form.QUOTED;
          if (quoted || !(scalar.text().equals("true") || scalar.text().equals("false"))) {
            throw new IllegalArgumentException(
                "is not a boolean (expected: true or false" + (quoted ? " without quotes)" : ")"));
          }
          return scalar.text().equals("true");
        },
        value -> value,
        ordered("type", List.of("boolean", "string"), "pattern", "\\$\\{"));
  }

  /** One of the constants of an enum, each under its own word. */
  public static <E extends Enum<E>> ScalarType<E> oneOf(Class<E> type, Function<E, String> word) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      words.put(word.apply(constant), constant);
    }
    return oneOf(words, word);
  }

  /** One of some words, each with its value. */
  public static <T> ScalarType<T> oneOf(Map<String, T> words, Function<T, String> word) {
    Map<String, T> known = Collections.unmodifiableMap(new LinkedHashMap<>(words));
    List<String> all = List.copyOf(known.keySet());
    String listed = String.join(", ", all);
    List<Object> allowed = new ArrayList<>(all);
    return new ScalarType<>(
        all.size() == 1 ? listed : "one of " + listed,
        all.getFirst(),
        (scalar, _) -> {
          T value = known.get(scalar.text());
          if (value == null) {
            String expected =
                all.size() == 1 ? "is not known (expected: " : "is not known (expected one of: ";
            throw new IllegalArgumentException(
                expected + listed + ")" + Nearest.hint(scalar.text(), all));
          }
          return value;
        },
        word::apply,
        ordered(
            "anyOf",
            List.of(Map.of("enum", allowed), ordered("type", "string", "pattern", "\\$\\{"))));
  }

  /** A duration above zero, at most a year. */
  public static ScalarType<Duration> duration() {
    return duration(Duration.ofMillis(1));
  }

  /** A duration of zero or more, at most a year; zero may also be written without a unit. */
  public static ScalarType<Duration> durationOrZero() {
    ScalarType<Duration> withUnit = duration(Duration.ZERO);
    return new ScalarType<>(
        withUnit.describe(),
        "5s",
        (scalar, _) ->
            scalar.text().equals("0") ? Duration.ZERO : parseDuration(scalar.text(), Duration.ZERO),
        DurationText::print,
        ordered(
            "type",
            List.of("string", "integer"),
            "pattern",
            "^(?:" + DurationText.PATTERN + "|0)$|\\$\\{",
            "maximum",
            0,
            "minimum",
            0));
  }

  private static ScalarType<Duration> duration(Duration min) {
    return ScalarType.parsed(
        "duration",
        "30s",
        DurationText.PATTERN,
        text -> parseDuration(text, min),
        DurationText::print);
  }

  static Duration parseDuration(String text, Duration min) {
    Duration duration = DurationText.parse(text);
    if (duration.compareTo(min) < 0 || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "is out of range (expected: " + DurationText.print(min) + " to 365day)");
    }
    return duration;
  }

  /** A number of bytes, both bounds included. */
  public static ScalarType<DataSize> size(DataSize min, DataSize max) {
    return ScalarType.parsed(
        "size",
        "10MiB",
        "[0-9]{1,15}(?:B|KiB|MiB|GiB|TiB)",
        text -> {
          DataSize size = DataSize.parse(text);
          if (size.compareTo(min) < 0 || size.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                "is out of range (expected: " + min + " to " + max + ")");
          }
          return size;
        },
        DataSize::toString);
  }

  /** {@code 0%} to {@code 100%}. */
  public static ScalarType<Percent> percent() {
    return ScalarType.parsed("percentage", "50%", "[0-9]{1,3}%", Percent::parse, Percent::toString);
  }

  /** So many in each such time, {@code 100/1s}: at most a million in at most a day. */
  public static ScalarType<Rate> rate() {
    return ScalarType.parsed(
        "rate",
        "100/1s",
        "[0-9]{1,7}/" + DurationText.PATTERN,
        ValueTypes::parseRate,
        rate -> rate.count() + "/" + DurationText.print(rate.per()));
  }

  private static Rate parseRate(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(0, slash).matches("\\d{1,7}")) {
      throw new IllegalArgumentException("is not a rate (expected e.g. 100/1s)");
    }
    int count = Integer.parseInt(text.substring(0, slash));
    Duration per = DurationText.parse(text.substring(slash + 1));
    if (count < 1
        || count > Rate.MAX_COUNT
        || !per.isPositive()
        || per.compareTo(LONGEST_RATE) > 0) {
      throw new IllegalArgumentException(
          "is out of range (expected: 1/1day to " + Rate.MAX_COUNT + "/1ms)");
    }
    return new Rate(count, per);
  }

  /**
   * A file that must exist; its changes count as changes of the configuration. The value is
   * absolute.
   */
  public static ScalarType<Path> file() {
    return path("file name", "certs/api.crt")
        .noting((path, scalar, reading) -> reading.mentionFile(path, scalar, null));
  }

  /**
   * A schema below the root folder, as {@link #file}; so are the files that it names in turn. The
   * value is absolute.
   */
  static ScalarType<Path> schemaFile(String example, SchemaKind kind) {
    return path("file name", example)
        .noting((path, scalar, reading) -> {
          if (!reading.isBelowRoot(path)) {
            throw new IllegalArgumentException(
                "lies outside the configuration folder (expected e.g. " + example + ")");
          }
          reading.mentionFile(path, scalar, kind);
        });
  }

  /** A file or folder that the gateway itself makes when needed. The value is absolute. */
  public static ScalarType<Path> output() {
    return path("path", "logs/access.log");
  }

  private static ScalarType<Path> path(String name, String example) {
    return new ScalarType<>(
        name,
        example,
        (scalar, reading) -> {
          if (scalar.text().isBlank()) {
            throw new IllegalArgumentException("is empty (expected e.g. " + example + ")");
          }
          try {
            return reading.resolve(Path.of(scalar.text()));
          } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is not a path (expected e.g. " + example + ")", e);
          }
        },
        Path::toString,
        Map.of("type", "string", "minLength", 1));
  }

  /** Where a target listens: an http or https URL without a path. */
  public static ScalarType<TargetUrl> targetUrl() {
    return ScalarType.parsed(
        "URL",
        "http://orders:8080",
        "[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+/?",
        TargetUrl::parse,
        TargetUrl::toString);
  }

  /** An address block. */
  public static ScalarType<Cidr> cidr() {
    return ScalarType.parsed(
        "address block",
        "10.0.0.0/8",
        "[0-9A-Fa-f:.]+(?:/[0-9]{1,3})?",
        Cidr::parse,
        Cidr::toString);
  }

  /** An address to listen on. */
  public static ScalarType<BindAddress> bindAddress() {
    return ScalarType.parsed(
        "host:port", "0.0.0.0:8280", ".+:[0-9]{1,5}", BindAddress::parse, BindAddress::toString);
  }

  /** A host name, exact or {@code *.} and a name. */
  public static ScalarType<HostPattern> host() {
    return ScalarType.parsed(
        "host name",
        "api.example.com",
        "(?:\\*\\.)?[A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+\\]",
        HostPattern::parse,
        HostPattern::toString);
  }

  /** A point in time as RFC 3339 writes it. */
  public static ScalarType<Instant> instant() {
    String example = "2026-12-31T00:00:00Z";
    return ScalarType.parsed(
        "date and time",
        example,
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})",
        text -> {
          try {
            return OffsetDateTime.parse(text, RFC_3339).toInstant();
          } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                "is not a date and time (expected e.g. " + example + ")", e);
          }
        },
        Instant::toString);
  }

  /** A value that is never printed; one that stands in the file itself is a warning. */
  public static ScalarType<Secret> secret() {
    return new ScalarType<>(
        "secret",
        "${file:secrets/password}",
        (scalar, reading) -> {
          if (scalar.form() != ScalarNode.Form.RESOLVED) {
            reading.warning(
                scalar.location(), "literal secret (expected: ${file:path} or ${env:NAME})");
          }
          return new Secret(scalar.text());
        },
        Secret::toString,
        Map.of("type", List.of("string", "number", "boolean")));
  }

  /**
   * A value of any form.
   *
   * @param name what it is
   */
  public static <T> TreeType<T> tree(String name, TreeType.Reader<T> reader) {
    return new TreeType<>(name, reader, Map.of());
  }

  /**
   * The text of a file in the root folder, of which a function makes something; its changes count
   * as changes of the configuration. Blocks while it is read.
   *
   * @param reader is given the text as a scalar at the file's first character, so that problems can
   *     be placed in it
   */
  public static <T> TreeType<T> textFile(String example, TreeType.Reader<T> reader) {
    ScalarType<Path> path = path("file name", example);
    return new TreeType<>(
        "file name",
        (node, reading) -> {
          Path file = path.read(node, reading);
          ScalarNode text = file == null ? null : reading.fileBlocking(file, (ScalarNode) node);
          return text == null ? null : reader.read(text, reading);
        },
        Map.of("type", "string", "minLength", 1));
  }

  /** A list of values; may be empty. */
  public static <T> ListType<T> listOf(ValueType<T> item) {
    return ListType.of(item);
  }

  /** A map with keys of the user's own choice. */
  public static <K, V> MapType<K, V> mapOf(ScalarType<K> key, ValueType<V> value) {
    return new MapType<>(key, value);
  }

  /** A short form for simple cases: a scalar is read as one type, a list or map as the other. */
  public static <T> EitherType<T> either(
      ScalarType<? extends T> shortForm, ValueType<? extends T> longForm) {
    return new EitherType<>(shortForm, longForm);
  }

  /** A map literal that keeps its order. */
  static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
