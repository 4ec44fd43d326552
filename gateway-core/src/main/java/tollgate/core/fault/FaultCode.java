package tollgate.core.fault;

/**
 * A stable refusal code: what it is called, its status and the outcome it counts as. Where the
 * reference system has a code for the case, it is that one. Immutable; constants only, listed in
 * {@code docs/reference/faults.md}.
 *
 * @param code digits, as clients see them
 * @param status HTTP status, 400 to 599
 * @param title a short phrase that never changes from one occurrence to the next (RFC 9457 section
 *     3.1.3)
 */
public record FaultCode(String code, int status, String title, Outcome outcome) {
  public static final FaultCode MALFORMED_REQUEST =
      new FaultCode("400100", 400, "Malformed Request", Outcome.INVALID_REQUEST);
  public static final FaultCode MALFORMED_PATH =
      new FaultCode("400101", 400, "Malformed Path", Outcome.INVALID_REQUEST);
  public static final FaultCode REFUSED_FIELD =
      new FaultCode("400102", 400, "Refused Header Field", Outcome.INVALID_REQUEST);
  public static final FaultCode MALFORMED_BODY =
      new FaultCode("400103", 400, "Malformed Body Framing", Outcome.INVALID_REQUEST);
  public static final FaultCode MALFORMED_HANDSHAKE =
      new FaultCode("400104", 400, "Malformed WebSocket Handshake", Outcome.INVALID_REQUEST);
  public static final FaultCode WEBSOCKET_VIOLATION =
      new FaultCode("400105", 400, "WebSocket Protocol Violation", Outcome.INVALID_REQUEST);
  public static final FaultCode MALFORMED_PAYLOAD =
      new FaultCode("400106", 400, "Malformed Payload", Outcome.INVALID_REQUEST);
  public static final FaultCode SOAP_NOT_UNDERSTOOD =
      new FaultCode("400107", 400, "SOAP Message Not Understood", Outcome.INVALID_REQUEST);
  public static final FaultCode SCHEMA_VIOLATION =
      new FaultCode("400110", 400, "Request Does Not Match Its Schema", Outcome.INVALID_REQUEST);
  public static final FaultCode PAYLOAD_THREAT =
      new FaultCode("400", 400, "Payload Beyond Limits", Outcome.THREAT);
  public static final FaultCode ORIGIN_REFUSED =
      new FaultCode("403100", 403, "Origin Not Allowed", Outcome.FORBIDDEN);
  public static final FaultCode UPGRADE_REFUSED =
      new FaultCode("403101", 403, "Upgrade Not Allowed", Outcome.FORBIDDEN);
  public static final FaultCode NO_ROUTE = new FaultCode("404", 404, "Not Found", Outcome.NO_ROUTE);
  public static final FaultCode NO_RESOURCE =
      new FaultCode("900906", 404, "No Matching Resource", Outcome.NO_ROUTE);
  public static final FaultCode METHOD_NOT_ALLOWED =
      new FaultCode("405", 405, "Method Not Allowed", Outcome.NO_ROUTE);
  public static final FaultCode NOT_ACCEPTABLE =
      new FaultCode("406100", 406, "Not Acceptable", Outcome.INVALID_REQUEST);
  public static final FaultCode CLIENT_TIMEOUT =
      new FaultCode("408100", 408, "Request Timeout", Outcome.CLIENT_TIMEOUT);
  public static final FaultCode REQUEST_TOO_SLOW =
      new FaultCode("408101", 408, "Request Too Slow", Outcome.CLIENT_TIMEOUT);
  public static final FaultCode RESPONSE_NOT_TAKEN =
      new FaultCode("408102", 408, "Response Not Taken In Time", Outcome.CLIENT_TIMEOUT);
  public static final FaultCode BODY_TOO_LARGE =
      new FaultCode("413100", 413, "Content Too Large", Outcome.INVALID_REQUEST);
  public static final FaultCode WEBSOCKET_TOO_LARGE =
      new FaultCode("413101", 413, "WebSocket Message Too Large", Outcome.INVALID_REQUEST);
  public static final FaultCode PAYLOAD_TOO_COMPLEX =
      new FaultCode("413102", 413, "Payload Too Complex", Outcome.INVALID_REQUEST);
  public static final FaultCode PAYLOAD_TOO_LARGE =
      new FaultCode("413103", 413, "Payload Too Large", Outcome.THREAT);
  public static final FaultCode TARGET_TOO_LONG =
      new FaultCode("414100", 414, "URI Too Long", Outcome.INVALID_REQUEST);
  public static final FaultCode UNSUPPORTED_MEDIA_TYPE =
      new FaultCode("415100", 415, "Unsupported Media Type", Outcome.INVALID_REQUEST);
  public static final FaultCode UNSUPPORTED_CODING =
      new FaultCode("415101", 415, "Unsupported Content Coding", Outcome.INVALID_REQUEST);
  public static final FaultCode UNSUPPORTED_CHARSET =
      new FaultCode("415102", 415, "Unsupported Charset", Outcome.INVALID_REQUEST);
  public static final FaultCode EXPECTATION_FAILED =
      new FaultCode("417100", 417, "Expectation Failed", Outcome.INVALID_REQUEST);
  public static final FaultCode MISDIRECTED =
      new FaultCode("421100", 421, "Misdirected Request", Outcome.INVALID_REQUEST);
  public static final FaultCode WEBSOCKET_VERSION =
      new FaultCode("426100", 426, "WebSocket Version Not Supported", Outcome.INVALID_REQUEST);
  public static final FaultCode FIELDS_TOO_LARGE =
      new FaultCode("431100", 431, "Request Header Fields Too Large", Outcome.INVALID_REQUEST);
  public static final FaultCode INTERNAL =
      new FaultCode("500100", 500, "Internal Error", Outcome.INTERNAL);
  public static final FaultCode METHOD_UNKNOWN =
      new FaultCode("501100", 501, "Not Implemented", Outcome.INVALID_REQUEST);
  public static final FaultCode VERSION_UNKNOWN =
      new FaultCode("505100", 505, "HTTP Version Not Supported", Outcome.INVALID_REQUEST);
  public static final FaultCode DECISION_TIMEOUT =
      new FaultCode("503100", 503, "Decision Not Made In Time", Outcome.INTERNAL);
  public static final FaultCode DRAINING =
      new FaultCode("503101", 503, "Shutting Down", Outcome.DRAINING);
  public static final FaultCode NO_PERMIT =
      new FaultCode("503102", 503, "Overloaded", Outcome.INTERNAL);
  public static final FaultCode OVERLOADED =
      new FaultCode("503103", 503, "Gateway Overloaded", Outcome.OVERLOADED);
  public static final FaultCode ROUTE_REPLACED =
      new FaultCode("503104", 503, "API Changed Meanwhile", Outcome.DRAINING);
  public static final FaultCode API_BLOCKED =
      new FaultCode("700700", 503, "API Blocked", Outcome.BLOCKED);
  public static final FaultCode UPSTREAM_CONNECT =
      new FaultCode("101503", 502, "Backend Connection Failed", Outcome.UPSTREAM_CONNECT);
  public static final FaultCode UPSTREAM_TIMEOUT =
      new FaultCode("101504", 504, "Backend Timeout", Outcome.UPSTREAM_TIMEOUT);
  public static final FaultCode UPSTREAM_RESET =
      new FaultCode("101505", 502, "Backend Closed The Connection", Outcome.UPSTREAM_RESET);
  public static final FaultCode UPSTREAM_PROTOCOL =
      new FaultCode("101506", 502, "Backend Protocol Violation", Outcome.UPSTREAM_ERROR);
  public static final FaultCode UPSTREAM_CONNECT_TIMEOUT =
      new FaultCode("101508", 504, "Backend Connect Timeout", Outcome.UPSTREAM_CONNECT);
  public static final FaultCode DEADLINE_EXCEEDED =
      new FaultCode("504100", 504, "Deadline Exceeded", Outcome.UPSTREAM_TIMEOUT);
  public static final FaultCode UPSTREAM_BODY_TOO_LARGE =
      new FaultCode("101510", 502, "Backend Response Too Large", Outcome.INVALID_RESPONSE);
  public static final FaultCode UPSTREAM_PAYLOAD =
      new FaultCode("101511", 502, "Malformed Backend Payload", Outcome.INVALID_RESPONSE);
  public static final FaultCode UPSTREAM_SCHEMA_VIOLATION =
      new FaultCode(
          "101512", 502, "Backend Response Does Not Match Its Schema", Outcome.INVALID_RESPONSE);
  public static final FaultCode UPSTREAM_FAULT =
      new FaultCode("101513", 502, "Backend Fault", Outcome.UPSTREAM_ERROR);
  public static final FaultCode NO_HEALTHY_UPSTREAM =
      new FaultCode("303001", 503, "No Healthy Backend", Outcome.NO_HEALTHY_UPSTREAM);
  public static final FaultCode POOL_EXHAUSTED =
      new FaultCode("303002", 503, "Backend Connections Exhausted", Outcome.UPSTREAM_CONNECT);
  public static final FaultCode BREAKER_OPEN =
      new FaultCode("303003", 503, "Backend Overloaded", Outcome.BREAKER_OPEN);

  public FaultCode {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status: " + status + " (expected: 400 to 599)");
    }
  }
}
