package tollgate.core.media;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.Tokens;

/**
 * A media type as a Content-Type field gives it (RFC 9110 section 8.3.1): type and subtype without
 * case, parameters in their order. Immutable.
 *
 * <p>What two readers could understand differently is no media type: a parameter given twice, a
 * list of two types, an open quote.
 */
public final class MediaType {
  public static final MediaType JSON = of("application/json");
  public static final MediaType NDJSON = of("application/x-ndjson");
  public static final MediaType XML = of("application/xml");
  public static final MediaType TEXT_XML = of("text/xml");
  public static final MediaType SOAP_12 = of("application/soap+xml");
  public static final MediaType FORM = of("application/x-www-form-urlencoded");
  public static final MediaType MULTIPART_FORM = of("multipart/form-data");
  public static final MediaType TEXT = of("text/plain");
  public static final MediaType BINARY = of("application/octet-stream");

  private final String essence;
  private final int slash;
  private final List<Parameter> parameters;

  private MediaType(String essence, int slash, List<Parameter> parameters) {
    this.essence = essence;
    this.slash = slash;
    this.parameters = parameters;
  }

  /**
   * @param name lower case
   * @param value without quotes, in the case it came in
   */
  public record Parameter(String name, String value) {
    public Parameter {
      requireNonNull(value, "value");
      if (!Tokens.isToken(name) || !name.equals(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(name + " (expected: a token in lower case)");
      }
      for (int i = 0; i < value.length(); i++) {
        if (!isText(value.charAt(i))) {
          throw new IllegalArgumentException("a control in the value of " + name);
        }
      }
    }
  }

  /**
   * A media type known to be good.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static MediaType of(String text) {
    MediaType type = parse(text);
    if (type == null) {
      throw new IllegalArgumentException(text + " (expected: type/subtype)");
    }
    return type;
  }

  /** The media type of a field value, null for one that is malformed. */
  public static @Nullable MediaType parse(String text) {
    return new Reader(text).read();
  }

  /** Type, slash and subtype in lower case, without parameters. */
  public String essence() {
    return essence;
  }

  /** What stands before the slash. */
  public String type() {
    return essence.substring(0, slash);
  }

  /** What stands after the slash, with its suffix. */
  public String subtype() {
    return essence.substring(slash + 1);
  }

  /** What stands after the last plus (RFC 6838 section 4.2.8): {@code json}; null without one. */
  public @Nullable String suffix() {
    int plus = essence.lastIndexOf('+');
    return plus <= slash + 1 || plus == essence.length() - 1 ? null : essence.substring(plus + 1);
  }

  /** All of them, in their order. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** The value of a parameter, null if it is not there; {@code name} in lower case. */
  public @Nullable String parameter(String name) {
    for (Parameter parameter : parameters) {
      if (parameter.name().equals(name)) {
        return parameter.value();
      }
    }
    return null;
  }

  /** This type with one parameter set or replaced; the name in lower case. */
  public MediaType with(String name, String value) {
    List<Parameter> changed = new ArrayList<>(without(name).parameters);
    changed.add(new Parameter(name, value));
    return new MediaType(essence, slash, List.copyOf(changed));
  }

  /** This type less one parameter; the name in lower case. */
  public MediaType without(String name) {
    if (parameter(name) == null) {
      return this;
    }
    return new MediaType(
        essence,
        slash,
        parameters.stream().filter(parameter -> !parameter.name().equals(name)).toList());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MediaType type
        && type.essence.equals(essence)
        && type.parameters.equals(parameters);
  }

  @Override
  public int hashCode() {
    return 31 * essence.hashCode() + parameters.hashCode();
  }

  /** As a field value. */
  @Override
  public String toString() {
    if (parameters.isEmpty()) {
      return essence;
    }
    StringBuilder text = new StringBuilder(essence);
    for (Parameter parameter : parameters) {
      text.append("; ").append(parameter.name()).append('=');
      if (Tokens.isToken(parameter.value())) {
        text.append(parameter.value());
      } else {
        quote(parameter.value(), text);
      }
    }
    return text.toString();
  }

  private static void quote(String value, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\');
      }
      text.append(c);
    }
    text.append('"');
  }

  /** RFC 9110 5.5: what a field value may hold. */
  private static boolean isText(char c) {
    return (c >= ' ' && c != 0x7f && c <= 0xff) || c == '\t';
  }

  /** One pass over the text. */
  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    @Nullable MediaType read() {
      skipBlanks();
      String type = token();
      if (type == null || !take('/')) {
        return null;
      }
      String subtype = token();
      if (subtype == null) {
        return null;
      }
      List<Parameter> parameters = new ArrayList<>(2);
      while (true) {
        skipBlanks();
        if (at == text.length()) {
          return new MediaType(type + "/" + subtype, type.length(), List.copyOf(parameters));
        }
        if (!take(';') || !readParameter(parameters)) {
          return null;
        }
      }
    }

    /** RFC 9110 5.6.6: nothing between two semicolons is allowed. */
    private boolean readParameter(List<Parameter> parameters) {
      skipBlanks();
      if (at == text.length() || text.charAt(at) == ';') {
        return true;
      }
      String name = token();
      if (name == null || !take('=')) {
        return false;
      }
      String value = at < text.length() && text.charAt(at) == '"' ? quoted() : rawToken();
      if (value == null) {
        return false;
      }
      for (Parameter parameter : parameters) {
        if (parameter.name().equals(name)) {
          return false; // two readers could pick different ones
        }
      }
      parameters.add(new Parameter(name, value));
      return true;
    }

    private @Nullable String token() {
      String token = rawToken();
      return token == null ? null : token.toLowerCase(Locale.ROOT);
    }

    private @Nullable String rawToken() {
      int start = at;
      while (at < text.length()
          && text.charAt(at) < 0x80
          && Tokens.isTokenByte((byte) text.charAt(at))) {
        at++;
      }
      return at == start ? null : text.substring(start, at);
    }

    private @Nullable String quoted() {
      StringBuilder value = new StringBuilder();
      for (at++; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '"') {
          at++;
          return value.toString();
        }
        if (c == '\\' && ++at < text.length()) {
          c = text.charAt(at);
        }
        if (!isText(c)) {
          return null;
        }
        value.append(c);
      }
      return null;
    }

    private boolean take(char c) {
      if (at == text.length() || text.charAt(at) != c) {
        return false;
      }
      at++;
      return true;
    }

    private void skipBlanks() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
        at++;
      }
    }
  }
}
