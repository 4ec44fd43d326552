package tollgate.core.port;

import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed. Immutable.
 *
 * @param cause for the log at DEBUG; never reaches a caller
 */
public record UpstreamFailure(Kind kind, @Nullable String cause) {
  /** What happened; decides the status and whether to try again. */
  public enum Kind {
    /** The name could not be resolved, or nobody accepts connections there. */
    CONNECT,
    CONNECT_TIMEOUT,
    /** Handshake failed, or the certificate is not the host's. */
    TLS,
    /**
     * No connection was to be had: the pool is full and its queue too, or the wait was too long.
     */
    POOL_EXHAUSTED,
    /** The upstream has as many requests on their way, or waiting, as it may have. */
    BREAKER_OPEN,
    /**
     * A reused connection died before any response byte: the backend may have closed it before the
     * request came. Or the backend has said that it did nothing for this request (RFC 9113 section
     * 8.7).
     */
    DEAD_ON_REUSE,
    /** Closed or reset before the response was complete. */
    RESET,
    RESPONSE_TIMEOUT,
    IDLE_TIMEOUT,
    /** What came is no HTTP response that may be forwarded. */
    PROTOCOL,
  }
}
