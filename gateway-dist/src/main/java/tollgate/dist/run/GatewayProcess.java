package tollgate.dist.run;

import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.analytics.accesslog.AccessLog;
import tollgate.analytics.accesslog.AccessLogOptions;
import tollgate.analytics.accesslog.LogOutput;
import tollgate.analytics.metrics.GatewayMetrics;
import tollgate.analytics.metrics.LoopLag;
import tollgate.analytics.metrics.MetricsOptions;
import tollgate.analytics.metrics.Scrape;
import tollgate.analytics.telemetry.RecordingTelemetry;
import tollgate.config.model.AccessLogConfig;
import tollgate.config.model.DrainConfig;
import tollgate.config.model.GatewayConfig;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.model.ListenerConfig;
import tollgate.config.model.PrometheusConfig;
import tollgate.config.read.ConfigReader;
import tollgate.config.read.Diagnostic;
import tollgate.config.read.Loaded;
import tollgate.core.chain.Exchanges;
import tollgate.core.chain.Traffic;
import tollgate.core.handler.LocalReply;
import tollgate.core.telemetry.Telemetry;
import tollgate.core.time.Ticker;
import tollgate.dist.assembly.Assembly;
import tollgate.dist.assembly.GatewaySnapshot;
import tollgate.dist.assembly.Generations;
import tollgate.dist.plugins.LoadedPlugin;
import tollgate.dist.plugins.Plugins;
import tollgate.dist.reload.Changes;
import tollgate.dist.reload.Reloader;
import tollgate.dist.status.ControlSite;
import tollgate.dist.status.StatusSite;
import tollgate.dist.warmup.WarmUp;
import tollgate.transport.client.NameResolver;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.loop.OffloadThreads;
import tollgate.transport.server.Server;

/**
 * One running gateway, from the first read of its configuration to the end of its last exchange.
 *
 * <pre>
 *   read -> compile -> warm-up -> state folder -> listeners -> ready -> (reloads) -> SIGTERM
 *        -> not ready -> drain.delay -> listeners closed -> exchanges finish, at most drain.timeout -> exit 0
 * </pre>
 */
public final class GatewayProcess {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayProcess.class);
  private static final int PERMITS_PER_DEPENDENCY = 64;
  private static final Duration LAG_PROBE = Duration.ofSeconds(1);
  private static final Duration LOG_CLOSE = Duration.ofSeconds(5);

  private final Path root;
  private final String version;
  private final String revision;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile boolean isReady;

  private GatewayProcess(Path root, String version, String revision) {
    this.root = root;
    this.version = version;
    this.revision = revision;
  }

  /**
   * Runs until SIGTERM, SIGINT or {@code tollgate drain}; blocks.
   *
   * @param root the root folder of the configuration
   * @return the exit code
   */
  public static int runBlocking(Path root, String version, String revision) {
    return new GatewayProcess(root, version, revision).runBlocking();
  }

  private int runBlocking() {
    long startNanos = System.nanoTime();
    return switch (Plugins.loadBlocking()) {
      case Loaded.Invalid<Plugins> invalid -> refuse(invalid.problems());
      case Loaded.Valid<Plugins> plugins -> runBlocking(plugins.value(), startNanos);
    };
  }

  private int runBlocking(Plugins plugins, long startNanos) {
    for (LoadedPlugin plugin : plugins.all()) {
      LOG.info(
          "plug-in {} {}: steps {}, formats {}",
          plugin.name(),
          plugin.version(),
          plugin.stepNames(),
          plugin.formatNames());
    }
    ConfigReader reader = ConfigReader.create(plugins.vocabulary());
    return switch (reader.readBlocking(root)) {
      case Loaded.Invalid<GatewayConfiguration> invalid -> refuse(invalid.problems());
      case Loaded.Valid<GatewayConfiguration> valid ->
          serveBlocking(plugins, reader, valid, startNanos);
    };
  }

  private static int refuse(List<Diagnostic> problems) {
    problems.forEach(problem -> LOG.error("{}", problem));
    LOG.error(
        "invalid configuration: {} problem(s)",
        problems.stream().filter(Diagnostic::isError).count());
    return ExitCode.INVALID_CONFIGURATION;
  }

  private int serveBlocking(
      Plugins plugins,
      ConfigReader reader,
      Loaded.Valid<GatewayConfiguration> read,
      long startNanos) {
    GatewayConfig config = read.value().gateway().value();
    try (EventLoops loops = EventLoops.create();
        OffloadThreads offload = new OffloadThreads(PERMITS_PER_DEPENDENCY, 2);
        NameResolver names = NameResolver.create(loops);
        GatewayMetrics metrics = new GatewayMetrics(metricsOptions(config), loops.count());
        LoopLag _ = LoopLag.start(metrics, "traffic", loops.all(), LAG_PROBE);
        Closing<AccessLog> accessLog =
            new Closing<>(accessLog(config, loops.count()), log -> log.close(LOG_CLOSE))) {
      Telemetry telemetry = RecordingTelemetry.of(metrics, accessLog.value());
      Traffic traffic = new Traffic(loops.count(), config.overload().retryAfterSeconds());
      Assembly assembly =
          new Assembly(
              plugins,
              config.listeners(),
              loops,
              names,
              Ticker.SYSTEM,
              telemetry,
              traffic,
              offload);
      return switch (assembly.compileBlocking(read.value(), read.warnings())) {
        case Loaded.Invalid<GatewaySnapshot> invalid -> refuse(invalid.problems());
        case Loaded.Valid<GatewaySnapshot> first -> {
          first.warnings().forEach(warning -> LOG.warn("{}", warning));
          WarmUp.runBlocking(plugins, read.value(), loops, names);
          yield openBlocking(
              reader,
              assembly,
              first.value(),
              loops,
              traffic,
              offload,
              metrics,
              accessLog.value(),
              startNanos);
        }
      };
    }
  }

  private int openBlocking(
      ConfigReader reader,
      Assembly assembly,
      GatewaySnapshot first,
      EventLoops loops,
      Traffic traffic,
      OffloadThreads offload,
      GatewayMetrics metrics,
      @Nullable AccessLog accessLog,
      long startNanos) {
    GatewayConfig config = first.configuration().gateway().value();
    try (Generations generations =
            new Generations(loops.all(), loops.count(), traffic, Ticker.SYSTEM);
        Listeners listeners = new Listeners(Server.create(loops, metrics));
        OverloadWatch overload =
            OverloadWatch.start(config.overload(), traffic, loops.all(), listeners)) {
      generations.serve(first);
      StateFolder state = StateFolder.openBlocking(config.state().path());
      new Gauges(metrics, generations, listeners, loops, traffic, overload).register();
      Served served = new Served(metrics, generations, state);
      try (Reloader reloader =
          new Reloader(
              root, reader, assembly, generations, listeners::reloadCertificates, served::told)) {
        for (ListenerConfig listener : config.listeners()) {
          listeners.openTrafficBlocking(
              listener, new Exchanges(generations.sites(listener.name())));
        }
        var control =
            ControlSite.create(
                () -> reloader.reload("control socket"),
                stop::countDown,
                () -> Changes.objects(generations.present().configuration()),
                loops.count());
        listeners.openControlBlocking(state.controlSocket(), new Exchanges(() -> control));
        served.now();
        reloader.start();
        onSignals(reloader, accessLog);
        isReady = true;
        var status =
            StatusSite.create(
                () -> isReady, accept -> scrape(offload, metrics, accept), loops.count());
        listeners.openStatusBlocking(config.status().bind(), new Exchanges(() -> status));
        LOG.info(
            "ready in {} ms: tollgate {} serves {} APIs and {} upstreams of {}",
            (System.nanoTime() - startNanos) / 1_000_000,
            version,
            first.configuration().apis().size(),
            first.upstreams().size(),
            root);
        stop.await();
        return endBlocking(
            generations.present().configuration().gateway().value().drain(), listeners);
      }
    } catch (IOException e) {
      LOG.error("could not start: {}", e.getMessage());
      return ExitCode.FAILED;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }

  private void onSignals(Reloader reloader, @Nullable AccessLog accessLog) {
    Signals.on("TERM", stop::countDown);
    Signals.on("INT", stop::countDown);
    Signals.on(
        "HUP",
        () -> {
          if (accessLog != null) {
            accessLog.reopen();
          }
          var _ = reloader.reload("SIGHUP");
        });
  }

  private int endBlocking(DrainConfig drain, Listeners listeners) throws InterruptedException {
    isReady = false;
    LOG.info("not ready; listeners close in {} ms", drain.delay().toMillis());
    TimeUnit.NANOSECONDS.sleep(drain.delay().toNanos());
    int cut = listeners.drainBlocking(drain.timeout());
    if (cut > 0) {
      LOG.warn(
          "drained; {} connection(s) had to be cut after {} ms", cut, drain.timeout().toMillis());
    } else {
      LOG.info("drained");
    }
    return ExitCode.GOOD;
  }

  private static CompletionStage<LocalReply> scrape(
      OffloadThreads offload, GatewayMetrics metrics, @Nullable String accept) {
    return offload.blocking(
        "metrics",
        () -> {
          Scrape scrape = metrics.render(accept);
          try {
            return LocalReply.of(200, scrape.contentType(), ByteBufUtil.getBytes(scrape.body()));
          } finally {
            scrape.body().release();
          }
        });
  }

  private MetricsOptions metricsOptions(GatewayConfig config) {
    PrometheusConfig prometheus = config.telemetry().prometheus();
    return new MetricsOptions(
        prometheus.buckets(),
        MetricsOptions.DEFAULT_FINE_BUCKETS,
        prometheus.labels().operation(),
        prometheus.seriesLimit(),
        version,
        revision);
  }

  private static @Nullable AccessLog accessLog(GatewayConfig config, int loopCount) {
    AccessLogConfig settings = config.telemetry().accessLog();
    LogOutput output =
        switch (settings.output()) {
          case AccessLogConfig.Output.Off _ -> null;
          case AccessLogConfig.Output.Stream _ -> LogOutput.standardOutput();
          case AccessLogConfig.Output.File file -> LogOutput.file(file.path());
        };
    return output == null
        ? null
        : AccessLog.start(
            new AccessLogOptions(
                output, config.name(), settings.query(), AccessLogOptions.DEFAULT_RING_SIZE),
            loopCount);
  }
}
