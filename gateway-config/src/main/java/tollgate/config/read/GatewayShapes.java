package tollgate.config.read;

import static tollgate.config.read.ValueTypes.bindAddress;
import static tollgate.config.read.ValueTypes.bool;
import static tollgate.config.read.ValueTypes.duration;
import static tollgate.config.read.ValueTypes.durationOrZero;
import static tollgate.config.read.ValueTypes.integer;
import static tollgate.config.read.ValueTypes.listOf;
import static tollgate.config.read.ValueTypes.name;
import static tollgate.config.read.ValueTypes.oneOf;
import static tollgate.config.read.ValueTypes.output;
import static tollgate.config.read.ValueTypes.percent;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.AccessLogConfig;
import tollgate.config.model.BindAddress;
import tollgate.config.model.DrainConfig;
import tollgate.config.model.GatewayConfig;
import tollgate.config.model.ListenerConfig;
import tollgate.config.model.OverloadConfig;
import tollgate.config.model.PrometheusConfig;
import tollgate.config.model.ReloadConfig;
import tollgate.config.model.StateConfig;
import tollgate.config.model.StatusConfig;
import tollgate.config.model.TelemetryConfig;
import tollgate.config.text.ScalarNode;

/** The keys of {@code kind: Gateway}. */
final class GatewayShapes {
  private static final Shape<StatusConfig> STATUS =
      Shape.of(
          StatusConfig.class,
          "The port of /livez, /readyz and /metrics.",
          keys -> {
            var bind =
                keys.withDefault(
                    "bind",
                    bindAddress(),
                    StatusConfig.DEFAULT_BIND,
                    "Address to listen on; port 0 takes any free one.");
            return fields -> new StatusConfig(fields.get(bind));
          });

  private static final Shape<StateConfig> STATE =
      Shape.of(
          StateConfig.class,
          "Where the gateway keeps what it makes itself.",
          keys -> {
            var path =
                keys.withDefault(
                    "path",
                    output(),
                    StateConfig.DEFAULT_PATH,
                    "State folder; made with mode 0700. Relative to the root folder.");
            return fields -> new StateConfig(fields.resolve(fields.get(path)));
          });

  private static final Shape<ReloadConfig> RELOAD =
      Shape.of(
          ReloadConfig.class,
          "How changed files are noticed.",
          keys -> {
            var watch =
                keys.withDefault(
                    "watch",
                    bool(),
                    ReloadConfig.DEFAULT_WATCH,
                    "Whether changes are looked for; a reload can always be asked for.");
            var poll =
                keys.withDefault(
                    "poll",
                    duration(),
                    ReloadConfig.DEFAULT_POLL,
                    "Time between two comparisons of the content of the files.");
            var streamGrace =
                keys.withDefault(
                    "streamGrace",
                    durationOrZero(),
                    ReloadConfig.DEFAULT_STREAM_GRACE,
                    "How long exchanges may go on whose API was changed or removed.");
            return fields ->
                new ReloadConfig(fields.get(watch), fields.get(poll), fields.get(streamGrace));
          });

  private static final Shape<DrainConfig> DRAIN =
      Shape.of(
          DrainConfig.class,
          "How the gateway stops.",
          keys -> {
            var delay =
                keys.withDefault(
                    "delay",
                    durationOrZero(),
                    DrainConfig.DEFAULT_DELAY,
                    "Time between not ready and closed listeners, for the load balancer to see it.");
            var timeout =
                keys.withDefault(
                    "timeout",
                    durationOrZero(),
                    DrainConfig.DEFAULT_TIMEOUT,
                    "Longest wait for exchanges in flight after that.");
            return fields -> new DrainConfig(fields.get(delay), fields.get(timeout));
          });

  private static final Shape<OverloadConfig> OVERLOAD =
      Shape.of(
          OverloadConfig.class,
          "When work is refused so that the rest can be done.",
          keys -> {
            var enabled =
                keys.withDefault(
                    "enabled",
                    bool(),
                    OverloadConfig.DEFAULT_ENABLED,
                    "Whether work is refused at all.");
            var maxInFlight =
                keys.withDefault(
                    "maxInFlight",
                    integer(1, 10_000_000),
                    OverloadConfig.DEFAULT_MAX_IN_FLIGHT,
                    "Most exchanges at the same time over all listeners; streams do not count.");
            var heap =
                keys.withDefault(
                    "heap",
                    percent(),
                    OverloadConfig.DEFAULT_HEAP,
                    "Share of the heap in use after a garbage collection from which work is refused.");
            var directMemory =
                keys.withDefault(
                    "directMemory",
                    percent(),
                    OverloadConfig.DEFAULT_DIRECT_MEMORY,
                    "The same for the memory of buffers outside the heap.");
            var fileDescriptors =
                keys.withDefault(
                    "fileDescriptors",
                    percent(),
                    OverloadConfig.DEFAULT_FILE_DESCRIPTORS,
                    "The same for open files and connections.");
            var loopLag =
                keys.withDefault(
                    "loopLag",
                    duration(),
                    OverloadConfig.DEFAULT_LOOP_LAG,
                    "Wait for an event loop from which work is refused.");
            var retryAfter =
                keys.withDefault(
                    "retryAfter",
                    duration(),
                    OverloadConfig.DEFAULT_RETRY_AFTER,
                    "When refused clients are told to come again; rounded up to seconds.");
            return fields ->
                new OverloadConfig(
                    fields.get(enabled),
                    fields.get(maxInFlight),
                    fields.get(heap),
                    fields.get(directMemory),
                    fields.get(fileDescriptors),
                    fields.get(loopLag),
                    fields.get(retryAfter));
          });

  private static final Shape<PrometheusConfig.Labels> LABELS =
      Shape.of(
          PrometheusConfig.Labels.class,
          "Labels that multiply series.",
          keys -> {
            var operation =
                keys.withDefault(
                    "operation",
                    bool(),
                    PrometheusConfig.Labels.DEFAULT_OPERATION,
                    "Whether requests are told apart by operation.");
            return fields -> new PrometheusConfig.Labels(fields.get(operation));
          });

  private static final Shape<PrometheusConfig> PROMETHEUS =
      Shape.of(
          PrometheusConfig.class,
          "What /metrics shows.",
          keys -> {
            var labels = keys.section("labels", LABELS, "Labels that multiply series.");
            var seriesLimit =
                keys.withDefault(
                    "seriesLimit",
                    integer(1, 1_000_000),
                    PrometheusConfig.DEFAULT_SERIES_LIMIT,
                    "Most series of one metric family; the rest is counted in one overflow series.");
            var buckets =
                keys.withDefault(
                    "buckets",
                    listOf(duration()).nonEmpty(),
                    PrometheusConfig.DEFAULT_BUCKETS,
                    "Upper bounds of duration histograms, rising.");
            keys.check(buckets, fields -> rising(fields.get(buckets)));
            return fields ->
                new PrometheusConfig(
                    fields.get(labels), fields.get(seriesLimit), fields.get(buckets));
          });

  private static final ScalarType<AccessLogConfig.Output> LOG_OUTPUT =
      new ScalarType<>(
          "stdout, off or a file name",
          "logs/access.log",
          GatewayShapes::parseOutput,
          AccessLogConfig.Output::toString,
          ValueTypes.ordered("type", "string", "minLength", 1));

  private static final Shape<AccessLogConfig> ACCESS_LOG =
      Shape.of(
          AccessLogConfig.class,
          "One line per exchange.",
          keys -> {
            var format =
                keys.withDefault(
                    "format",
                    oneOf(AccessLogConfig.Format.class, AccessLogConfig.Format::word),
                    AccessLogConfig.DEFAULT_FORMAT,
                    "How a line is written.");
            var output =
                keys.withDefault(
                    "output",
                    LOG_OUTPUT,
                    AccessLogConfig.DEFAULT_OUTPUT,
                    "Where the lines go: stdout, off, or a file name relative to the root folder.");
            var query =
                keys.withDefault(
                    "query",
                    bool(),
                    AccessLogConfig.DEFAULT_QUERY,
                    "Whether the query string is logged with the path; it may hold personal data.");
            return fields ->
                new AccessLogConfig(fields.get(format), fields.get(output), fields.get(query));
          });

  private static final Shape<TelemetryConfig> TELEMETRY =
      Shape.of(
          TelemetryConfig.class,
          "What the gateway tells about its traffic.",
          keys -> {
            var prometheus = keys.section("prometheus", PROMETHEUS, "What /metrics shows.");
            var accessLog = keys.section("accessLog", ACCESS_LOG, "One line per exchange.");
            return fields -> new TelemetryConfig(fields.get(prometheus), fields.get(accessLog));
          });

  static final Shape<GatewayConfig> GATEWAY =
      Shape.ofKind(
          "Gateway",
          GatewayConfig.class,
          "The process. A change of listeners, status or state needs a restart.",
          keys -> {
            var name = keys.required("name", name(), "Name of this gateway in logs.");
            var listeners =
                keys.required(
                    "listeners",
                    listOf(ListenerShapes.LISTENER)
                        .nonEmpty()
                        .unique("name", ListenerConfig::name)
                        .unique("bind", GatewayShapes::fixedAddress),
                    "Addresses that traffic comes in by.");
            var status =
                keys.section("status", STATUS, "The port of /livez, /readyz and /metrics.");
            var state =
                keys.section("state", STATE, "Where the gateway keeps what it makes itself.");
            var reload = keys.section("reload", RELOAD, "How changed files are noticed.");
            var drain = keys.section("drain", DRAIN, "How the gateway stops.");
            var warmUp =
                keys.withDefault(
                    "warmUp",
                    durationOrZero(),
                    GatewayConfig.DEFAULT_WARM_UP,
                    "Longest time of requests to itself before the gateway is ready; 0s: none.");
            var overload =
                keys.section(
                    "overload", OVERLOAD, "When work is refused so that the rest can be done.");
            var telemetry =
                keys.section("telemetry", TELEMETRY, "What the gateway tells about its traffic.");
            keys.check(status, fields -> free(fields.get(status).bind(), fields.get(listeners)));
            return fields ->
                new GatewayConfig(
                    fields.get(name),
                    fields.get(listeners),
                    fields.get(status),
                    fields.get(state),
                    fields.get(reload),
                    fields.get(drain),
                    fields.get(warmUp),
                    fields.get(overload),
                    fields.get(telemetry));
          });

  private GatewayShapes() {}

  private static AccessLogConfig.Output parseOutput(ScalarNode scalar, Reading reading) {
    return switch (scalar.text()) {
      case "stdout" -> AccessLogConfig.Output.Stream.STDOUT;
      case "off" -> AccessLogConfig.Output.Off.OFF;
      default -> {
        var path = output().read(scalar, reading);
        if (path == null) {
          throw new IllegalArgumentException("is no output (expected: stdout, off or a file name)");
        }
        yield new AccessLogConfig.Output.File(path);
      }
    };
  }

  private static @Nullable String rising(List<Duration> buckets) {
    for (int i = 1; i < buckets.size(); i++) {
      if (buckets.get(i).compareTo(buckets.get(i - 1)) <= 0) {
        return DurationText.print(buckets.get(i))
            + " stands behind "
            + DurationText.print(buckets.get(i - 1))
            + " (expected: rising)";
      }
    }
    return null;
  }

  /** Port 0 takes any free port, so that two listeners may have it. */
  private static @Nullable Object fixedAddress(ListenerConfig listener) {
    return listener.bind().port() == 0 ? null : listener.bind();
  }

  private static @Nullable String free(BindAddress bind, List<ListenerConfig> listeners) {
    for (ListenerConfig listener : listeners) {
      if (bind.port() != 0 && listener.bind().equals(bind)) {
        return "bind "
            + bind
            + " is that of the listener "
            + listener.name()
            + " (expected: another port)";
      }
    }
    return null;
  }
}
