package tollgate.config.openapi;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.OperationMatch;
import tollgate.config.text.Location;

/**
 * One operation. Immutable.
 *
 * @param id its {@code operationId} as far as it is a name, or made of method and path
 * @param parameters those of its path included
 * @param body null if none is declared
 */
public record OpenApiOperation(
    String id,
    OperationMatch match,
    Location location,
    List<OpenApiParameter> parameters,
    @Nullable OpenApiBody body,
    List<OpenApiResponse> responses) {
  public OpenApiOperation {
    requireNonNull(id, "id");
    requireNonNull(match, "match");
    requireNonNull(location, "location");
    parameters = List.copyOf(parameters);
    responses = List.copyOf(responses);
  }
}
