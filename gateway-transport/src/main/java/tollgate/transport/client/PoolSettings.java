package tollgate.transport.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tollgate.transport.tls.ClientTls;

/**
 * What the connections to each target of one upstream are made by. Immutable.
 *
 * @param upstream its name, for log and metrics
 * @param maxConnections open at the same time to each target, over all event loops; 1 or more
 * @param maxIdle an unused connection is closed after this
 * @param maxPending requests to each target waiting for a connection that must not be opened yet,
 *     over all event loops; handed out to them in equal shares, rounded up
 * @param maxWait longest such wait; null for the connect timeout, which then counts from its
 *     beginning
 * @param pendingLimit for all targets together; null for none
 * @param tls needed where a target is https; offers by ALPN what {@code protocol} wants
 * @param protocol spoken to all targets
 * @param maxStreams requests at the same time on a connection of HTTP/2; 1 or more
 */
public record PoolSettings(
    String upstream,
    int maxConnections,
    Duration maxIdle,
    int maxPending,
    @Nullable Duration maxWait,
    @Nullable PendingLimit pendingLimit,
    @Nullable ClientTls tls,
    PoolProtocol protocol,
    int maxStreams) {
  public PoolSettings {
    requireNonNull(upstream, "upstream");
    requireNonNull(maxIdle, "maxIdle");
    if (maxConnections < 1) {
      throw new IllegalArgumentException("maxConnections: " + maxConnections + " (expected: >= 1)");
    }
    requireNonNull(protocol, "protocol");
    if (maxStreams < 1) {
      throw new IllegalArgumentException("maxStreams: " + maxStreams + " (expected: >= 1)");
    }
    if (maxPending < 0) {
      throw new IllegalArgumentException("maxPending: " + maxPending + " (expected: >= 0)");
    }
  }
}
