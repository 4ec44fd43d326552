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

  /** What the health service is asked about. */
  private record Grpc(String service) {}

  private static final Shape<Grpc> GRPC =
      Shape.of(
          Grpc.class,
          "Asks the gRPC health service.",
          keys -> {
            var service =
                keys.withDefault(
                    "service",
                    text("gRPC service", "shop.v1.Orders", "[A-Za-z0-9_./-]{0,255}"),
                    "",
                    "What it is asked about; left out: the server as a whole.");
            return fields -> new Grpc(fields.get(service));
          });

  static final Shape<ActiveHealthConfig> ACTIVE =
      Shape.of(
          ActiveHealthConfig.class,
          "Asks every target regularly whether it can serve.",
          keys -> {
            var path =
                keys.optional(
                    "path",
                    text("path", "/health", "/[!-\"$-~]{0,1023}"),
                    "What is asked for by GET, with a query or without.",
                    "grpc says it");
            var grpc =
                keys.optional(
                    "grpc",
                    GRPC,
                    "In place of path: asks grpc.health.v1.Health/Check by HTTP/2; SERVING is a good answer.",
                    "no gRPC");
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
            keys.check(
                path,
                fields ->
                    fields.get(path) == null && fields.get(grpc) == null
                        ? "is missing (expected: path, or the key grpc)"
                        : null);
            keys.check(
                grpc,
                fields ->
                    fields.get(path) != null && fields.get(grpc) != null
                        ? "stands beside path (expected: one of them)"
                        : null);
            return fields -> {
              Grpc asked = fields.get(grpc);
              return new ActiveHealthConfig(
                  fields.get(path),
                  fields.get(interval),
                  fields.get(timeout),
                  fields.get(healthy),
                  fields.get(unhealthy),
                  fields.get(statuses),
                  fields.get(host),
                  asked == null ? null : asked.service());
            };
          });

  private HealthShapes() {}
}
