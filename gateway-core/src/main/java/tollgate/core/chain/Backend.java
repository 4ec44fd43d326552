package tollgate.core.chain;

import tollgate.core.port.LocalService;
import tollgate.core.port.UpstreamConnector;
import tollgate.core.upstream.Upstream;

/** What answers a route's requests. Immutable. */
public sealed interface Backend {
  /** As metrics and log name it. */
  String name();

  /** Servers behind a pool. */
  record Remote(Upstream upstream, UpstreamConnector connector) implements Backend {
    @Override
    public String name() {
      return upstream.name();
    }
  }

  /** This process. */
  record Local(String name, LocalService service) implements Backend {}
}
