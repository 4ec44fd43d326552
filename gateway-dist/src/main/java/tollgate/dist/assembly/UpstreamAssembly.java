package tollgate.dist.assembly;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.Declared;
import tollgate.config.model.UpstreamConfig;
import tollgate.config.read.Diagnostic;
import tollgate.core.time.Ticker;
import tollgate.core.upstream.Balance;
import tollgate.core.upstream.PassiveHealth;
import tollgate.core.upstream.Target;
import tollgate.core.upstream.Upstream;
import tollgate.transport.client.NameResolver;
import tollgate.transport.client.PoolSettings;
import tollgate.transport.client.PooledConnector;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.tls.ClientTls;
import tollgate.transport.tls.ClientTlsSettings;

/** Upstream declarations to {@link UpstreamPiece}s. Opens no connection and resolves no name. */
final class UpstreamAssembly {
  private final EventLoops loops;
  private final NameResolver names;
  private final Ticker ticker;

  UpstreamAssembly(EventLoops loops, NameResolver names, Ticker ticker) {
    this.loops = loops;
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
              settings.trust(), settings.serverName(), settings.verifyHostname()))) {
        case ClientTls.Created.Ready ready -> tls = ready.tls();
        case ClientTls.Created.Refused refused -> {
          problems.add(
              Diagnostic.error(declared.location(), "tls.trust", refused.problem().toString()));
          return null;
        }
      }
    }
    ClientTls ready = tls;
    return pieces.get(
        UpstreamPiece.class, config.name(), declared.contentHash(), () -> create(config, ready));
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
        new Upstream(
            config.name(), targets, balance(config), health(config), loops.count(), ticker);
    UpstreamConfig.Pool pool = config.pool();
    PoolSettings settings =
        new PoolSettings(
            config.name(), targets, pool.maxConnections(), pool.maxIdle(), pool.maxPending(), tls);
    return new UpstreamPiece(config, upstream, PooledConnector.create(settings, loops, names));
  }

  private static Balance balance(UpstreamConfig config) {
    return switch (config.balance()) {
      case ROUND_ROBIN -> Balance.ROUND_ROBIN;
      case LEAST_REQUEST -> Balance.LEAST_REQUEST;
    };
  }

  private static PassiveHealth health(UpstreamConfig config) {
    return switch (config.health().passive()) {
      case UpstreamConfig.Passive.Off _ -> PassiveHealth.OFF;
      case UpstreamConfig.Passive.Eject eject ->
          new PassiveHealth(
              eject.consecutiveFailures(), eject.eject().toNanos(), eject.maxEjected().value());
    };
  }
}
