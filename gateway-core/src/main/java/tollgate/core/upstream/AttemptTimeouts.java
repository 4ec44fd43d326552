package tollgate.core.upstream;

/**
 * How long an attempt may take, in nanoseconds; 0 means no limit. Immutable.
 *
 * @param connectNanos name resolution, waiting for a pooled connection, TCP and TLS together
 * @param responseNanos from the end of the request (or its last progress) to the response head
 * @param idleNanos silence inside a body
 */
public record AttemptTimeouts(long connectNanos, long responseNanos, long idleNanos) {}
