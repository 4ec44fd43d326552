package tollgate.core.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A fault as problem details (RFC 9457): {@code type, title, status, detail} and, as extensions,
 * the stable {@code code} and the {@code request_id} under which the log has it. Any thread.
 */
public final class ProblemDetails {
  public static final String MEDIA_TYPE = "application/problem+json";

  static final String TYPE_PREFIX = "urn:tollgate:fault:";

  private ProblemDetails() {}

  /** One JSON object in UTF-8. */
  public static byte[] render(Fault fault, String requestId) {
    FaultCode code = fault.code();
    StringBuilder json = new StringBuilder(256);
    json.append("{\"type\":\"").append(TYPE_PREFIX).append(code.code()).append('"');
    text(json, "title", code.title());
    json.append(",\"status\":").append(code.status());
    text(json, "code", code.code());
    text(json, "detail", fault.detail());
    if (!requestId.isEmpty()) {
      text(json, "request_id", requestId);
    }
    return json.append('}').toString().getBytes(UTF_8);
  }

  static void text(StringBuilder json, String name, String value) {
    json.append(",\"").append(name).append("\":\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
