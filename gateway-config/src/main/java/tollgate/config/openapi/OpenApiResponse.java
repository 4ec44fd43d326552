package tollgate.config.openapi;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What is declared for a status, a range of them or all others. Immutable.
 *
 * @param status such as {@code 200}, {@code 2XX} or {@code default}
 * @param content by media type; empty if there is no body
 * @param headers parameters in {@link OpenApiParameter.In#HEADER}
 */
public record OpenApiResponse(
    String status, List<OpenApiMedia> content, List<OpenApiParameter> headers) {
  public OpenApiResponse {
    requireNonNull(status, "status");
    content = List.copyOf(content);
    headers = List.copyOf(headers);
  }
}
