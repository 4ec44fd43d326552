package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What messages are converted to. Immutable.
 *
 * @param request what the backend is sent; null for what came
 * @param response what the caller is sent; null for what came
 */
public record ConvertConfig(
    MessagesConfig.@Nullable Target request,
    MessagesConfig.@Nullable Response response,
    MessagesConfig.Shape shape) {
  public static final MessagesConfig.Shape DEFAULT_SHAPE = MessagesConfig.Shape.EXACT;

  public ConvertConfig {
    requireNonNull(shape, "shape");
  }
}
