package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which messages are checked against a schema. Immutable.
 *
 * @param request null where nothing is said: as the API says for an operation, not at all for an
 *     API
 * @param response as {@code request}
 * @param maxBody null where nothing is said
 * @param unknownQuery null where nothing is said
 */
public record ValidateConfig(
    @Nullable Rule request,
    @Nullable Rule response,
    @Nullable DataSize maxBody,
    @Nullable UnknownQuery unknownQuery) {
  /** Nothing is said. */
  public static final ValidateConfig NONE = new ValidateConfig(null, null, null, null);

  public static final DataSize DEFAULT_MAX_BODY = DataSize.ofMebibytes(1);
  public static final UnknownQuery DEFAULT_UNKNOWN_QUERY = UnknownQuery.PASS;
  public static final Mode DEFAULT_MODE = Mode.ENFORCE;

  /** What follows from a violation. */
  public enum Mode {
    /** The message goes no further. */
    ENFORCE("enforce"),
    /** It is counted and logged, and goes on. */
    LOG("log"),
    /** Nothing is looked at. */
    OFF("off");

    private final String word;

    Mode(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  /** What becomes of query parameters that the OpenAPI file does not declare. */
  public enum UnknownQuery {
    PASS("pass"),
    REFUSE("refuse");

    private final String word;

    UnknownQuery(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  /** What a message is compared with. */
  public sealed interface Against {
    /** What the OpenAPI file of the API says of the operation. */
    enum OpenApi implements Against {
      OPENAPI
    }

    /**
     * A JSON Schema.
     *
     * @param file absolute, in the configuration folder
     */
    record JsonSchema(Path file) implements Against {
      public JsonSchema {
        requireNonNull(file, "file");
      }
    }

    /**
     * A schema of XML Schema 1.0.
     *
     * @param file absolute, in the configuration folder
     */
    record Xsd(Path file) implements Against {
      public Xsd {
        requireNonNull(file, "file");
      }
    }
  }

  /** One direction. */
  public record Rule(Mode mode, Against against) {
    public Rule {
      requireNonNull(mode, "mode");
      requireNonNull(against, "against");
    }
  }

  /** What holds for an operation whose API says {@code outer}. */
  public ValidateConfig within(ValidateConfig outer) {
    return new ValidateConfig(
        request == null ? outer.request : request,
        response == null ? outer.response : response,
        maxBody == null ? outer.maxBody : maxBody,
        unknownQuery == null ? outer.unknownQuery : unknownQuery);
  }

  /** Whether any direction is looked at. */
  public boolean isOn() {
    return isOn(request) || isOn(response);
  }

  /** Whether a direction is compared with the OpenAPI file. */
  public boolean needsOpenApi() {
    return (isOn(request) && needsOpenApi(request)) || (isOn(response) && needsOpenApi(response));
  }

  private static boolean isOn(@Nullable Rule rule) {
    return rule != null && rule.mode() != Mode.OFF;
  }

  private static boolean needsOpenApi(@Nullable Rule rule) {
    return rule != null && rule.against() == Against.OpenApi.OPENAPI;
  }
}
