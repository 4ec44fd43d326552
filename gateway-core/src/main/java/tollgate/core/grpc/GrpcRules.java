package tollgate.core.grpc;

/**
 * What an operation that is a gRPC service or method allows. Immutable.
 *
 * @param maxMessageBytes of one message in either direction, as it is on the wire
 * @param maxDeadlineNanos the longest a call may take; {@link Long#MAX_VALUE} for as long as its
 *     caller says
 */
public record GrpcRules(long maxMessageBytes, long maxDeadlineNanos) {
  public GrpcRules {
    if (maxMessageBytes < 0) {
      throw new IllegalArgumentException(
          "maxMessageBytes: " + maxMessageBytes + " (expected: >= 0)");
    }
    if (maxDeadlineNanos < 1) {
      throw new IllegalArgumentException(
          "maxDeadlineNanos: " + maxDeadlineNanos + " (expected: >= 1)");
    }
  }
}
