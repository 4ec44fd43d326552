package tollgate.dist.assembly;

import org.jspecify.annotations.Nullable;
import tollgate.config.model.UpstreamConfig;
import tollgate.core.chain.Backend;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Upstream;
import tollgate.transport.client.HealthProbes;
import tollgate.transport.client.PendingLimit;
import tollgate.transport.client.PooledConnector;

/**
 * An upstream with its health and its pools: the same object in every generation in which its
 * declaration is unchanged. The pools of targets that stay are shared with the next one even where
 * it has changed.
 *
 * @param backend as routes hold it
 * @param timeouts of operations that say nothing of their own
 * @param probes null without active health checks
 * @param pendingLimit null without that breaker
 * @param pools holds the pools of the targets
 */
public record UpstreamPiece(
    UpstreamConfig config,
    Backend.Remote backend,
    AttemptTimeouts timeouts,
    PooledConnector connector,
    @Nullable HealthProbes probes,
    @Nullable PendingLimit pendingLimit,
    SharedPieces.Holder pools)
    implements AutoCloseable {
  public String name() {
    return config.name();
  }

  public Upstream upstream() {
    return backend.upstream();
  }

  /** Idle connections to targets that no generation has any more close; busy ones finish first. */
  @Override
  public void close() {
    stopProbes();
    pools.close();
  }

  void startProbes() {
    if (probes != null) {
      probes.start();
    }
  }

  void stopProbes() {
    if (probes != null) {
      probes.stop();
    }
  }
}
