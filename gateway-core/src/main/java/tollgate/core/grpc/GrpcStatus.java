package tollgate.core.grpc;

import tollgate.core.fault.FaultCode;

/** The status codes of gRPC. */
public enum GrpcStatus {
  OK(0),
  CANCELLED(1),
  UNKNOWN(2),
  INVALID_ARGUMENT(3),
  DEADLINE_EXCEEDED(4),
  NOT_FOUND(5),
  ALREADY_EXISTS(6),
  PERMISSION_DENIED(7),
  RESOURCE_EXHAUSTED(8),
  FAILED_PRECONDITION(9),
  ABORTED(10),
  OUT_OF_RANGE(11),
  UNIMPLEMENTED(12),
  INTERNAL(13),
  UNAVAILABLE(14),
  DATA_LOSS(15),
  UNAUTHENTICATED(16);

  private final int code;
  private final String text;

  GrpcStatus(int code) {
    this.code = code;
    this.text = Integer.toString(code);
  }

  public int code() {
    return code;
  }

  /** The code as {@code grpc-status} has it: decimal digits. */
  public String text() {
    return text;
  }

  /**
   * What a refusal of the gateway is to a gRPC caller. By its HTTP status where nothing else is
   * said; the statuses that "HTTP to gRPC Status Code Mapping" of the gRPC project names are mapped
   * as it does, but for 429, which a limit of the gateway means as gRPC's own servers do, and 504.
   */
  public static GrpcStatus of(FaultCode code) {
    if (code.equals(FaultCode.UPSTREAM_PROTOCOL)) {
      return INTERNAL; // broken frames, or an answer without a status
    }
    if (code.equals(FaultCode.UPSTREAM_BODY_TOO_LARGE)) {
      return RESOURCE_EXHAUSTED;
    }
    return switch (code.status()) {
      case 401 -> UNAUTHENTICATED;
      case 403 -> PERMISSION_DENIED;
      case 404, 405, 415, 501 -> UNIMPLEMENTED;
      case 408, 504 -> DEADLINE_EXCEEDED;
      case 413, 414, 429, 431 -> RESOURCE_EXHAUSTED;
      case 499 -> CANCELLED;
      case 502, 503 -> UNAVAILABLE;
      default -> INTERNAL;
    };
  }
}
