package tollgate.dist.assembly;

import tollgate.config.model.UpstreamConfig;
import tollgate.core.chain.Backend;
import tollgate.core.upstream.Upstream;
import tollgate.transport.client.PooledConnector;

/**
 * An upstream with its health and its pools: the same object in every generation in which its
 * declaration is unchanged.
 */
public record UpstreamPiece(UpstreamConfig config, Upstream upstream, PooledConnector connector)
    implements AutoCloseable {
  public String name() {
    return config.name();
  }

  Backend.Remote backend() {
    return new Backend.Remote(upstream, connector);
  }

  /** Idle connections close; busy ones finish first. */
  @Override
  public void close() {
    connector.close();
  }
}
