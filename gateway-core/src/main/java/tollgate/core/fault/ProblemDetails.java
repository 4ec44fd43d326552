package tollgate.core.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A fault as problem details (RFC 9457): {@code type, title, status, detail} and, as extensions,
 * the stable {@code code}, the {@code errors} one by one where there are several, and the {@code
 * request_id} under which the log has it. Any thread.
 */
public final class ProblemDetails {
  public static final String MEDIA_TYPE = "application/problem+json";

  static final String TYPE_PREFIX = "urn:tollgate:fault:";

  /** RFC 3986 section 3.5: what may stand in a fragment beside letters and digits. */
  private static final String FRAGMENT = "-._~!$&'()*+,;=:@/?";

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

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
    errors(json, fault.errors());
    if (!requestId.isEmpty()) {
      text(json, "request_id", requestId);
    }
    return json.append('}').toString().getBytes(UTF_8);
  }

  private static void errors(StringBuilder json, List<FaultError> errors) {
    for (int i = 0; i < errors.size(); i++) {
      json.append(i == 0 ? ",\"errors\":[" : ",");
      int start = json.length();
      members(errors.get(i)).forEach((name, value) -> text(json, name, value));
      json.setCharAt(start, '{'); // in the place of the comma before its first member
      json.append(i == errors.size() - 1 ? "}]" : "}");
    }
  }

  /** What one error is told by, in order. */
  static Map<String, String> members(FaultError error) {
    Map<String, String> members = new LinkedHashMap<>();
    switch (error.place()) {
      case FaultError.Place.Pointer place -> members.put("pointer", fragment(place.pointer()));
      case FaultError.Place.Path place -> members.put("path", place.path());
      case FaultError.Place.Parameter place -> {
        members.put("in", place.in());
        if (!place.name().isEmpty()) {
          members.put("parameter", place.name());
        }
        if (!place.pointer().isEmpty()) {
          members.put("pointer", fragment(place.pointer()));
        }
      }
    }
    members.put("detail", error.detail());
    return members;
  }

  /** A JSON Pointer as a fragment of a URI (RFC 6901 section 6). */
  static String fragment(String pointer) {
    StringBuilder out = new StringBuilder(pointer.length() + 8).append('#');
    for (byte octet : pointer.getBytes(UTF_8)) {
      char c = (char) (octet & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || FRAGMENT.indexOf(c) >= 0)) {
        out.append(c);
      } else {
        out.append('%').append(HEX.toHighHexDigit(c)).append(HEX.toLowHexDigit(c));
      }
    }
    return out.toString();
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
