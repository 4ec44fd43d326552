package tollgate.dist.assembly;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ActiveHealthConfig;
import tollgate.config.model.Declared;
import tollgate.config.model.UpstreamConfig;
import tollgate.config.read.Diagnostic;
import tollgate.core.chain.Backend;
import tollgate.core.time.Ticker;
import tollgate.core.upstream.Target;
import tollgate.core.upstream.Upstream;
import tollgate.transport.client.HealthProbes;
import tollgate.transport.client.NameResolver;
import tollgate.transport.client.PendingLimit;
import tollgate.transport.client.PoolProtocol;
import tollgate.transport.client.PoolSettings;
import tollgate.transport.client.PooledConnector;
import tollgate.transport.client.ProbeSettings;
import tollgate.transport.client.TargetPool;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.tls.ClientTls;
import tollgate.transport.tls.ClientTlsSettings;

/** Upstream declarations to {@link UpstreamPiece}s. Opens no connection and resolves no name. */
final class UpstreamAssembly {
  private final EventLoops loops;
  private final NameResolver names;
  private final Ticker ticker;
  private final SharedPieces shared;

  /** The newest of each name: what is known of targets goes over to the next. */
  private final Map<String, Upstream> newest = new HashMap<>();

  UpstreamAssembly(EventLoops loops, NameResolver names, Ticker ticker, SharedPieces shared) {
    this.loops = loops;
    this.shared = shared;
    this.names = names;
    this.ticker = ticker;
  }

  /** The piece of a declaration, shared while its hash is the same; null with a problem added. */
  @Nullable UpstreamPiece pieceBlocking(
      Declared<UpstreamConfig> declared, SharedPieces.Holder pieces, List<Diagnostic> problems) {
    UpstreamConfig config = declared.value();
    ClientTls tls = null;
    if (config.targets().stream()
        .anyMatch(target -> target.url().scheme().word().equals("https"))) {
      UpstreamConfig.Tls settings = config.tls();
      switch (ClientTls.create(
          new ClientTlsSettings(
              settings.trust(),
              settings.serverName(),
              settings.verifyHostname(),
              settings.cert(),
              settings.key(),
              offered(config.protocol())))) {
        case ClientTls.Created.Ready ready -> tls = ready.tls();
        case ClientTls.Created.Refused refused -> {
          problems.add(Diagnostic.error(declared.location(), "tls", refused.problem().toString()));
          return null;
        }
      }
    }
    ClientTls ready = tls;
    UpstreamPiece piece =
        pieces.get(
            UpstreamPiece.class,
            config.name(),
            declared.contentHash(),
            () -> create(config, ready));
    newest.put(config.name(), piece.upstream());
    return piece;
  }

  /** Those that are gone are forgotten. */
  void retain(Set<String> names) {
    newest.keySet().retainAll(names);
  }

  private UpstreamPiece create(UpstreamConfig config, @Nullable ClientTls tls) {
    List<Target> targets = new ArrayList<>();
    for (UpstreamConfig.Target target : config.targets()) {
      targets.add(
          Target.of(
              targets.size(),
              target.url().scheme().word(),
              target.url().host(),
              target.url().port(),
              target.weight()));
    }
    Upstream upstream =
        new Upstream(config.name(), targets, UpstreamRulesOf.config(config), loops.count(), ticker);
    Upstream before = newest.get(config.name());
    if (before != null) {
      upstream.inherit(before);
    }
    SharedPieces.Holder held = shared.holder();
    Integer maxPending = config.breaker().maxPending();
    PendingLimit limit =
        maxPending == null
            ? null
            : held.get(
                PendingLimit.class,
                config.name(),
                maxPending.toString(),
                () -> new PendingLimit(maxPending));
    PooledConnector connector = connector(config, targets, limit, tls, held);
    return new UpstreamPiece(
        config,
        new Backend.Remote(upstream, connector),
        UpstreamRulesOf.timeouts(config.timeouts()),
        connector,
        probes(config, upstream, connector),
        limit,
        held);
  }

  /** A pool for each target; that of an earlier generation if nothing it depends on has changed. */
  private PooledConnector connector(
      UpstreamConfig config,
      List<Target> targets,
      @Nullable PendingLimit limit,
      @Nullable ClientTls tls,
      SharedPieces.Holder held) {
    UpstreamConfig.Pool pool = config.pool();
    PoolSettings settings =
        new PoolSettings(
            config.name(),
            pool.maxConnections(),
            pool.maxIdle(),
            pool.maxPending(),
            pool.maxWait(),
            limit,
            tls,
            protocol(config.protocol()),
            pool.maxStreams());
    List<TargetPool> pools = new ArrayList<>();
    for (Target target : targets) {
      String url = target.scheme() + "://" + target.label();
      String hash =
          url
              + " "
              + pool
              + " "
              + config.protocol()
              + " "
              + config.breaker().maxPending()
              + (target.isTls() && tls != null ? " " + tls.identity() : "");
      pools.add(
          held.get(
              TargetPool.class,
              config.name(),
              hash,
              () -> TargetPool.create(target, settings, loops, names)));
    }
    return new PooledConnector(pools);
  }

  private static List<String> offered(UpstreamConfig.Protocol protocol) {
    return switch (protocol) {
      case HTTP1 -> List.of();
      case H2 -> List.of("h2");
      case AUTO -> List.of("h2", "http/1.1");
    };
  }

  private static PoolProtocol protocol(UpstreamConfig.Protocol protocol) {
    return switch (protocol) {
      case HTTP1 -> PoolProtocol.HTTP1;
      case H2 -> PoolProtocol.H2;
      case AUTO -> PoolProtocol.AUTO;
    };
  }

  private @Nullable HealthProbes probes(
      UpstreamConfig config, Upstream upstream, PooledConnector connector) {
    ActiveHealthConfig active = config.health().active();
    if (active == null) {
      return null;
    }
    String path = active.path() == null ? "/" : active.path();
    int mark = path.indexOf('?');
    ProbeSettings settings =
        new ProbeSettings(
            mark < 0 ? path : path.substring(0, mark),
            mark < 0 ? null : path.substring(mark + 1),
            active.host(),
            active.interval(),
            active.timeout(),
            status -> active.statuses().stream().anyMatch(range -> range.contains(status)),
            active.grpcService());
    int loop = Math.floorMod(config.name().hashCode(), loops.count());
    return new HealthProbes(upstream, connector, settings, loops.loop(loop));
  }
}
