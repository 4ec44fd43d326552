package tollgate.core.grpc;

import tollgate.core.fault.ProblemDetails;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;

/** Which form of gRPC a caller speaks, by its method and content type. */
public enum GrpcCaller {
  /** None: it is answered as any HTTP client. */
  NONE(ProblemDetails.MEDIA_TYPE),
  GRPC("application/grpc"),
  /** gRPC-Web: trailers stand in the body. */
  WEB("application/grpc-web+proto"),
  /** gRPC-Web, and the body is base64. */
  WEB_TEXT("application/grpc-web-text+proto");

  private static final String PREFIX = "application/grpc";

  private final String contentType;

  GrpcCaller(String contentType) {
    this.contentType = contentType;
  }

  /** Of refusals. */
  public String contentType() {
    return contentType;
  }

  public boolean isWeb() {
    return this == WEB || this == WEB_TEXT;
  }

  /** What the request is, as it came. */
  public static GrpcCaller of(ReceivedRequest request) {
    if (!request.method().equals(Method.POST)) {
      return NONE;
    }
    ReceivedFields fields = request.fields();
    int at = fields.indexOf(FieldName.CONTENT_TYPE, 0);
    return at < 0 || !fields.valueStartsWith(at, PREFIX) ? NONE : of(fields.value(at));
  }

  /** What a Content-Type says (RFC 9110 section 8.3.1): parameters and case mean nothing. */
  public static GrpcCaller of(String contentType) {
    if (!contentType.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
      return NONE;
    }
    int end = contentType.indexOf(';');
    end = end < 0 ? contentType.length() : end;
    while (end > PREFIX.length() && isBlank(contentType.charAt(end - 1))) {
      end--;
    }
    int at = PREFIX.length();
    if (isSuffix(contentType, at, end)) {
      return GRPC;
    }
    if (contentType.regionMatches(true, at, "-web-text", 0, 9)
        && isSuffix(contentType, at + 9, end)) {
      return WEB_TEXT;
    }
    return contentType.regionMatches(true, at, "-web", 0, 4) && isSuffix(contentType, at + 4, end)
        ? WEB
        : NONE;
  }

  /** Nothing, or {@code +format}. */
  private static boolean isSuffix(String type, int at, int end) {
    return at == end || (at + 1 < end && type.charAt(at) == '+');
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
