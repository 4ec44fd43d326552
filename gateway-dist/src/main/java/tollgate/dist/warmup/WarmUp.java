package tollgate.dist.warmup;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.analytics.accesslog.AccessLog;
import tollgate.analytics.accesslog.AccessLogOptions;
import tollgate.analytics.metrics.GatewayMetrics;
import tollgate.analytics.metrics.MetricsOptions;
import tollgate.analytics.telemetry.RecordingTelemetry;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.model.ListenerConfig;
import tollgate.config.read.Loaded;
import tollgate.core.chain.Exchanges;
import tollgate.core.chain.Traffic;
import tollgate.core.exchange.ExchangeStarter;
import tollgate.core.port.Offload;
import tollgate.core.telemetry.ConnectionTelemetry;
import tollgate.core.time.Ticker;
import tollgate.dist.assembly.Assembly;
import tollgate.dist.assembly.GatewaySnapshot;
import tollgate.dist.plugins.Plugins;
import tollgate.transport.client.NameResolver;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.server.Listener;
import tollgate.transport.server.ListenerSettings;
import tollgate.transport.server.Server;
import tollgate.transport.wire.HttpLimits;

/**
 * Serves the configuration once more beside the real one, on loopback and with {@link SinkBackend}
 * in the place of every target, and sends it requests for a bounded time. It runs the real code on
 * the real event loops, but has its own listener, handlers, pools, metrics and access log: no
 * backend of the user hears of it, and nothing of it is counted, logged or limited. Blocks; one
 * thread.
 */
public final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final long OPEN_SECONDS = 10;
  private static final Duration DRAIN = Duration.ofMillis(200);

  private final Plugins plugins;
  private final GatewayConfiguration configuration;
  private final EventLoops loops;
  private final NameResolver names;

  private WarmUp(
      Plugins plugins, GatewayConfiguration configuration, EventLoops loops, NameResolver names) {
    this.plugins = plugins;
    this.configuration = configuration;
    this.loops = loops;
    this.names = names;
  }

  /**
   * Runs for as long as the configuration says, or not at all. What goes wrong is logged and ends
   * it; it is no reason not to start.
   */
  public static void runBlocking(
      Plugins plugins, GatewayConfiguration configuration, EventLoops loops, NameResolver names) {
    Duration most = configuration.gateway().value().warmUp();
    List<byte[]> requests = WarmUpRequests.of(configuration.apis());
    if (most.isZero() || requests.isEmpty()) {
      return;
    }
    long startNanos = System.nanoTime();
    try {
      int sent = new WarmUp(plugins, configuration, loops, names).runBlocking(requests, most);
      LOG.info(
          "warmed up with {} requests in {} ms",
          sent,
          (System.nanoTime() - startNanos) / 1_000_000);
    } catch (IOException | ExecutionException | TimeoutException e) {
      LOG.warn("the warm-up ended early: {}", e.toString());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private int runBlocking(List<byte[]> requests, Duration most)
      throws IOException, ExecutionException, TimeoutException, InterruptedException {
    Server server = Server.create(loops, ConnectionTelemetry.NONE);
    try (GatewayMetrics metrics =
            new GatewayMetrics(MetricsOptions.defaults("", ""), loops.count());
        AccessLog log =
            AccessLog.start(AccessLogOptions.to(new DiscardedOutput()), loops.count())) {
      int backend = openBlocking(server, SinkBackend::begin);
      Assembly assembly =
          new Assembly(
              plugins,
              configuration.gateway().value().listeners(),
              loops,
              names,
              Ticker.SYSTEM,
              RecordingTelemetry.of(metrics, log),
              Traffic.unlimited(loops.count()),
              Offload.here());
      return switch (assembly.compileBlocking(
          SinkBackend.inPlaceOfTargets(configuration, backend), List.of())) {
        case Loaded.Invalid<GatewaySnapshot> _ -> 0; // the real one has been told of its problems
        case Loaded.Valid<GatewaySnapshot> compiled -> {
          try (GatewaySnapshot snapshot = compiled.value()) {
            ListenerConfig like = configuration.gateway().value().listeners().getFirst();
            int port = openBlocking(server, new Exchanges(() -> snapshot.site(like.name())));
            yield WarmUpClient.driveBlocking(port, requests, most);
          } finally {
            server.stopAccepting().toCompletableFuture().get(OPEN_SECONDS, SECONDS);
            server.drain(DRAIN).toCompletableFuture().get(OPEN_SECONDS, SECONDS);
          }
        }
      };
    }
  }

  private static int openBlocking(Server server, ExchangeStarter starter)
      throws ExecutionException, TimeoutException, InterruptedException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Listener listener =
        server
            .listen(ListenerSettings.plain("warm-up", address, HttpLimits.DEFAULTS), starter)
            .toCompletableFuture()
            .get(OPEN_SECONDS, SECONDS);
    return listener.address() instanceof InetSocketAddress bound ? bound.getPort() : 0;
  }
}
