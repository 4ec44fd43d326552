package tollgate.dist.assembly;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tollgate.config.model.GatewayConfiguration;
import tollgate.core.chain.CompiledRoute;
import tollgate.core.chain.InFlight;
import tollgate.core.chain.Site;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.route.RouteTable;

/**
 * One generation, compiled and ready to serve. Immutable. Closed when no exchange runs on it any
 * more; what the next generation shares with it lives on.
 */
public final class GatewaySnapshot implements AutoCloseable {
  private final long generation;
  private final GatewayConfiguration configuration;
  private final RouteTable<CompiledRoute> routes;
  private final List<RouteHandle> handles;
  private final Map<String, Site> sites;
  private final List<UpstreamPiece> upstreams;
  private final InFlight inFlight;
  private final SharedPieces.Holder pieces;

  GatewaySnapshot(
      long generation,
      GatewayConfiguration configuration,
      RouteTable<CompiledRoute> routes,
      List<RouteHandle> handles,
      Map<String, Site> sites,
      List<UpstreamPiece> upstreams,
      InFlight inFlight,
      SharedPieces.Holder pieces) {
    this.generation = generation;
    this.configuration = configuration;
    this.routes = routes;
    this.handles = List.copyOf(handles);
    this.sites = Map.copyOf(sites);
    this.upstreams = List.copyOf(upstreams);
    this.inFlight = inFlight;
    this.pieces = pieces;
  }

  public long generation() {
    return generation;
  }

  public GatewayConfiguration configuration() {
    return configuration;
  }

  public RouteTable<CompiledRoute> routes() {
    return routes;
  }

  /**
   * @param listener name of a listener this process was started with
   * @throws IllegalArgumentException if there is none of that name
   */
  public Site site(String listener) {
    Site site = sites.get(listener);
    if (site == null) {
      throw new IllegalArgumentException(
          "listener: " + listener + " (expected one of " + sites.keySet() + ")");
    }
    return site;
  }

  /** All operations, for their labels. */
  public List<RouteHandle> handles() {
    return handles;
  }

  public List<UpstreamPiece> upstreams() {
    return upstreams;
  }

  /** Whether this very operation is served, and not one that took its place. */
  Predicate<RouteHandle> serves() {
    Set<RouteHandle> same = Collections.newSetFromMap(new IdentityHashMap<>(handles.size()));
    same.addAll(handles);
    return same::contains;
  }

  /** Exchanges that run on this generation. */
  public InFlight inFlight() {
    return inFlight;
  }

  @Override
  public void close() {
    pieces.close();
  }
}
