package tollgate.config.model;

import static java.util.Objects.requireNonNull;

/** What the gateway tells about its traffic. Immutable. */
public record TelemetryConfig(PrometheusConfig prometheus, AccessLogConfig accessLog) {
  public static final TelemetryConfig DEFAULTS =
      new TelemetryConfig(PrometheusConfig.DEFAULTS, AccessLogConfig.DEFAULTS);

  public TelemetryConfig {
    requireNonNull(prometheus, "prometheus");
    requireNonNull(accessLog, "accessLog");
  }
}
