package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What messages are converted to. Immutable.
 *
 * @param request what the backend is sent; null for what came
 * @param response what the caller is sent; null for what came
 * @param types what says which types and lists there are
 */
public record ConvertConfig(
    MessagesConfig.@Nullable Target request,
    MessagesConfig.@Nullable Response response,
    MessagesConfig.Shape shape,
    Types types) {
  public static final MessagesConfig.Shape DEFAULT_SHAPE = MessagesConfig.Shape.EXACT;
  public static final Types DEFAULT_TYPES = Types.Attached.SCHEMA;

  /** What says which types and lists there are. */
  public sealed interface Types {
    /** What is there anyway, or nothing. */
    enum Attached implements Types {
      /** The schema that messages are checked against, or the OpenAPI file. */
      SCHEMA("schema"),
      NONE("none");

      private final String word;

      Attached(String word) {
        this.word = word;
      }

      /** As written in the configuration. */
      public String word() {
        return word;
      }
    }

    /**
     * Files for this alone.
     *
     * @param request null where nothing is said of requests
     * @param response null where nothing is said of responses
     */
    record Files(
        ValidateConfig.@Nullable Against request, ValidateConfig.@Nullable Against response)
        implements Types {}
  }

  /** With types as they are attached. */
  public ConvertConfig(
      MessagesConfig.@Nullable Target request,
      MessagesConfig.@Nullable Response response,
      MessagesConfig.Shape shape) {
    this(request, response, shape, DEFAULT_TYPES);
  }

  public ConvertConfig {
    requireNonNull(shape, "shape");
    requireNonNull(types, "types");
  }
}
