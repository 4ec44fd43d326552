package tollgate.config.openapi;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What is declared for a media type or a range of them. Immutable.
 *
 * @param range such as {@code application/json} or {@code text/*}, lower case, without parameters
 * @param schema null if anything goes
 */
public record OpenApiMedia(String range, @Nullable SchemaPlace schema) {
  public OpenApiMedia {
    requireNonNull(range, "range");
  }
}
