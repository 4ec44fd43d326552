package tollgate.dist.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.analytics.metrics.GatewayMetrics;
import tollgate.config.model.GatewayConfiguration;
import tollgate.core.exchange.RouteHandle;
import tollgate.dist.assembly.GatewaySnapshot;
import tollgate.dist.assembly.Generations;
import tollgate.dist.assembly.UpstreamPiece;
import tollgate.dist.json.Json;
import tollgate.dist.reload.Changes;
import tollgate.dist.reload.ReloadResult;
import tollgate.dist.status.ControlSite;

/**
 * What is done whenever a generation begins to serve or is refused: metrics told, last good
 * configuration kept. The reloading thread only.
 */
final class Served {
  private static final Logger LOG = LoggerFactory.getLogger(Served.class);

  private final GatewayMetrics metrics;
  private final Generations generations;
  private final StateFolder state;

  Served(GatewayMetrics metrics, Generations generations, StateFolder state) {
    this.metrics = metrics;
    this.generations = generations;
    this.state = state;
  }

  void told(ReloadResult result) {
    switch (result) {
      case ReloadResult.Applied _ -> now();
      case ReloadResult.Unchanged _ -> {}
      case ReloadResult.Refused _ -> metrics.config().refused();
    }
  }

  /** The present generation has begun to serve. */
  void now() {
    GatewaySnapshot snapshot = generations.present();
    GatewayConfiguration configuration = snapshot.configuration();
    metrics
        .config()
        .loaded(
            snapshot.generation(),
            System.currentTimeMillis(),
            Map.of(
                "Gateway", 1,
                "Upstream", configuration.upstreams().size(),
                "Api", configuration.apis().size(),
                "Policy", configuration.policies().size()));
    List<RouteHandle> routes = new ArrayList<>(snapshot.handles());
    metrics.retain(routes, snapshot.upstreams().stream().map(UpstreamPiece::name).toList());
    try {
      state.writeLastGoodBlocking(Json.print(ControlSite.objects(Changes.objects(configuration))));
    } catch (IOException e) {
      LOG.warn("the last good configuration could not be noted: {}", e.getMessage());
    }
  }
}
