package tollgate.config.openapi;

import java.util.List;

/**
 * A request body. Immutable.
 *
 * @param content by media type; empty if none is declared
 */
public record OpenApiBody(boolean isRequired, List<OpenApiMedia> content) {
  public OpenApiBody {
    content = List.copyOf(content);
  }
}
