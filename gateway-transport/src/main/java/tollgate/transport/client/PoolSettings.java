package tollgate.transport.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.upstream.Target;
import tollgate.transport.tls.ClientTls;

/**
 * What the connections of one upstream are made by. Immutable.
 *
 * @param upstream its name, for log and metrics
 * @param targets their {@link Target#index} is their place in the list
 * @param maxConnections open at the same time to each target, over all event loops; 1 or more
 * @param maxIdle an unused connection is closed after this
 * @param maxPending requests to each target waiting for a connection that must not be opened yet,
 *     over all event loops; handed out to them in equal shares, rounded up
 * @param tls needed where a target is https
 */
public record PoolSettings(
    String upstream,
    List<Target> targets,
    int maxConnections,
    Duration maxIdle,
    int maxPending,
    @Nullable ClientTls tls) {
  public PoolSettings {
    requireNonNull(upstream, "upstream");
    targets = List.copyOf(targets);
    requireNonNull(maxIdle, "maxIdle");
    if (maxConnections < 1) {
      throw new IllegalArgumentException("maxConnections: " + maxConnections + " (expected: >= 1)");
    }
    if (maxPending < 0) {
      throw new IllegalArgumentException("maxPending: " + maxPending + " (expected: >= 0)");
    }
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      if (target.index() != i) {
        throw new IllegalArgumentException(
            "targets: index " + target.index() + " at place " + i + " (expected: the same)");
      }
      if (target.isTls() && tls == null) {
        throw new IllegalArgumentException("tls: is missing for " + target.label());
      }
    }
  }
}
