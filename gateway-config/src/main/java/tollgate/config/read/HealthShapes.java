package tollgate.config.read;

import static tollgate.config.read.ValueTypes.duration;
import static tollgate.config.read.ValueTypes.integer;
import static tollgate.config.read.ValueTypes.listOf;
import static tollgate.config.read.ValueTypes.ordered;
import static tollgate.config.read.ValueTypes.text;

import java.util.List;
import tollgate.config.model.ActiveHealthConfig;
import tollgate.config.model.StatusRange;

/** The keys of {@code health.active} of an upstream. */
final class HealthShapes {
  private static final ScalarType<StatusRange> STATUSES =
      new ScalarType<>(
          "status or range of statuses",
          "200-299",
          (scalar, _) -> StatusRange.parse(scalar.text()),
          StatusRange::toString,
          ordered(
              "type",
              List.of("string", "integer"),
              "pattern",
              "^(?:" + StatusRange.PATTERN + ")$|\\$\\{",
              "minimum",
              200,
              "maximum",
              599));

  static final Shape<ActiveHealthConfig> ACTIVE =
      Shape.of(
          ActiveHealthConfig.class,
          "Asks every target regularly whether it can serve.",
          keys -> {
            var path =
                keys.required(
                    "path",
                    text("path", "/health", "/[!-\"$-~]{0,1023}"),
                    "What is asked for by GET, with a query or without.");
            var interval =
                keys.withDefault(
                    "interval",
                    duration(),
                    ActiveHealthConfig.DEFAULT_INTERVAL,
                    "From the end of one probe to the next, give or take a tenth.");
            var timeout =
                keys.withDefault(
                    "timeout",
                    duration(),
                    ActiveHealthConfig.DEFAULT_TIMEOUT,
                    "For connection and answer together.");
            var healthy =
                keys.withDefault(
                    "healthy",
                    integer(1, 1000),
                    ActiveHealthConfig.DEFAULT_HEALTHY,
                    "Good answers in a row that bring a target back.");
            var unhealthy =
                keys.withDefault(
                    "unhealthy",
                    integer(1, 1000),
                    ActiveHealthConfig.DEFAULT_UNHEALTHY,
                    "Bad answers in a row that take a target out.");
            var statuses =
                keys.withDefault(
                    "statuses",
                    listOf(STATUSES).nonEmpty(),
                    ActiveHealthConfig.DEFAULT_STATUSES,
                    "Statuses of good answers.");
            var host =
                keys.optional(
                    "host",
                    text("host", "orders.internal", "[A-Za-z0-9_.:\\[\\]-]{1,255}"),
                    "Host that is sent with probes.",
                    "the target's own");
            return fields ->
                new ActiveHealthConfig(
                    fields.get(path),
                    fields.get(interval),
                    fields.get(timeout),
                    fields.get(healthy),
                    fields.get(unhealthy),
                    fields.get(statuses),
                    fields.get(host));
          });

  private HealthShapes() {}
}
