package tollgate.core.chain;

import org.jspecify.annotations.Nullable;
import tollgate.core.fault.FaultCode;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.upstream.RetryCause;

/** What the ways in which a backend can fail mean to others. Any thread. */
final class UpstreamFaults {
  private UpstreamFaults() {}

  /** Whether it speaks against the target's health. */
  static boolean isTargets(UpstreamFailure.Kind kind) {
    return switch (kind) {
      case CONNECT, CONNECT_TIMEOUT, TLS, RESET, RESPONSE_TIMEOUT, IDLE_TIMEOUT, PROTOCOL -> true;
      case POOL_EXHAUSTED, BREAKER_OPEN, DEAD_ON_REUSE -> false;
    };
  }

  /** As what it may be tried again; null if it may not. */
  static @Nullable RetryCause retryCause(UpstreamFailure.Kind kind) {
    return switch (kind) {
      case DEAD_ON_REUSE -> RetryCause.DEAD_ON_REUSE;
      case CONNECT, CONNECT_TIMEOUT, TLS -> RetryCause.CONNECT_FAILURE;
      case RESET -> RetryCause.RESET;
      case RESPONSE_TIMEOUT -> RetryCause.TIMEOUT;
      case POOL_EXHAUSTED, BREAKER_OPEN, IDLE_TIMEOUT, PROTOCOL -> null;
    };
  }

  static FaultCode code(UpstreamFailure.Kind kind) {
    return switch (kind) {
      case CONNECT, TLS -> FaultCode.UPSTREAM_CONNECT;
      case CONNECT_TIMEOUT -> FaultCode.UPSTREAM_CONNECT_TIMEOUT;
      case POOL_EXHAUSTED -> FaultCode.POOL_EXHAUSTED;
      case BREAKER_OPEN -> FaultCode.BREAKER_OPEN;
      case DEAD_ON_REUSE, RESET -> FaultCode.UPSTREAM_RESET;
      case RESPONSE_TIMEOUT, IDLE_TIMEOUT -> FaultCode.UPSTREAM_TIMEOUT;
      case PROTOCOL -> FaultCode.UPSTREAM_PROTOCOL;
    };
  }

  static String detail(UpstreamFailure.Kind kind) {
    return switch (kind) {
      case CONNECT -> "The backend could not be reached.";
      case TLS -> "No secure connection to the backend could be made.";
      case CONNECT_TIMEOUT -> "The backend did not accept a connection in time.";
      case POOL_EXHAUSTED -> "All connections to the backend are in use.";
      case BREAKER_OPEN -> "The backend has as many requests as it may have.";
      case DEAD_ON_REUSE, RESET ->
          "The backend closed the connection before its answer was complete.";
      case RESPONSE_TIMEOUT -> "The backend did not answer in time.";
      case IDLE_TIMEOUT -> "The backend fell silent in the middle of its answer.";
      case PROTOCOL -> "The backend's answer is no valid HTTP.";
    };
  }
}
