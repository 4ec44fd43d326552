package tollgate.handlers.respond;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.handler.FieldOptions;
import tollgate.core.http.FieldName;

/**
 * A fixed response. Immutable.
 *
 * @param status 200 to 599
 * @param headers without Content-Type
 * @param body text, sent as UTF-8; empty for none
 * @param contentType of the body; null for {@link #TEXT} with a body and none without
 */
public record RespondOptions(
    int status, Map<FieldName, String> headers, String body, @Nullable String contentType) {
  public static final int MIN_STATUS = 200;
  public static final int MAX_STATUS = 599;
  public static final int DEFAULT_STATUS = 200;
  public static final Map<FieldName, String> DEFAULT_HEADERS = Map.of();
  public static final String DEFAULT_BODY = "";

  /** What a body is that does not say what it is. */
  public static final String TEXT = "text/plain; charset=utf-8";

  public RespondOptions {
    if (status < MIN_STATUS || status > MAX_STATUS) {
      throw new IllegalArgumentException("status: " + status + " (expected: 200 to 599)");
    }
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    headers.forEach((name, value) -> {
      FieldOptions.checkName(name);
      FieldOptions.checkValue(name, value);
    });
    requireNonNull(body, "body");
    if (contentType != null) {
      FieldOptions.checkValue(FieldName.CONTENT_TYPE, contentType);
    }
    if (headers.containsKey(FieldName.CONTENT_TYPE)) {
      throw new IllegalArgumentException("headers has Content-Type (expected: contentType)");
    }
    if (!body.isEmpty() && isBodiless(status)) {
      throw new IllegalArgumentException("status " + status + " has no body (expected: no body)");
    }
  }

  /** RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5. */
  static boolean isBodiless(int status) {
    return status == 204 || status == 205 || status == 304;
  }
}
