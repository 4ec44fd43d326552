package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the messages of an API are read and written where something looks into them. Immutable.
 *
 * @param builders the format of media types whose own one is another or none, by {@code
 *     type/subtype} in lower case
 * @param convert null where messages go on in the format they came in
 */
public record MessagesConfig(
    Map<String, String> builders, Limits limits, @Nullable ConvertConfig convert) {
  /** The formats that are built in; with {@code binary} bodies pass as they came. */
  public static final List<String> FORMATS =
      List.of("json", "ndjson", "xml", "soap", "form", "multipart", "text", "binary");

  /** As the gateway does it by itself. */
  public static final MessagesConfig DEFAULTS = new MessagesConfig(Map.of(), Limits.DEFAULTS, null);

  public MessagesConfig {
    builders = Collections.unmodifiableMap(new TreeMap<>(builders));
    requireNonNull(limits, "limits");
  }

  /** What messages are converted to. */
  public enum Target {
    JSON("json"),
    XML("xml");

    private final String word;

    Target(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  /** How JSON looks as XML, and XML as JSON. */
  public enum Shape {
    EXACT("exact"),
    WSO2("wso2"),
    BADGERFISH("badgerfish");

    private final String word;

    Shape(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  /** What responses are converted to. */
  public sealed interface Response {
    /** Always the same. */
    record To(Target target) implements Response {}

    /** What the caller's Accept field prefers. */
    enum Negotiated implements Response {
      NEGOTIATED
    }
  }

  /**
   * What is built at most.
   *
   * @param body of a message, without its content codings
   * @param depth how deep objects, arrays and elements may stand in one another
   * @param members of one object, or fields of one form
   * @param arrayLength elements of one array
   * @param name of one name
   * @param string of one string, text or attribute value
   * @param attributes of one element
   * @param parts of one multipart body
   */
  public record Limits(
      DataSize body,
      int depth,
      int members,
      int arrayLength,
      DataSize name,
      DataSize string,
      int attributes,
      int parts) {
    public static final Limits DEFAULTS =
        new Limits(
            DataSize.ofMebibytes(10),
            512,
            100_000,
            1_000_000,
            DataSize.ofKibibytes(8),
            DataSize.ofMebibytes(10),
            1024,
            1024);

    public Limits {
      requireNonNull(body, "body");
      requireNonNull(name, "name");
      requireNonNull(string, "string");
    }
  }
}
