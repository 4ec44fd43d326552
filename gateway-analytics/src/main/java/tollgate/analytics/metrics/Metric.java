package tollgate.analytics.metrics;

import java.util.List;

/**
 * Every family of ours: name, type, labels in their order, help. The order is that of the
 * exposition. Those marked supplied get their samples from {@link GatewayMetrics#supply}; {@code
 * jvm_*} and {@code process_*} come from Micrometer and are not listed. {@code
 * docs/reference/metrics.md} repeats this list, which a test compares.
 */
public enum Metric {
  REQUESTS(
      "requests_total",
      MetricType.COUNTER,
      false,
      "Ended exchanges.",
      "listener",
      "api",
      "api_version",
      "operation",
      "method",
      "code",
      "outcome"),
  REQUEST_DURATION(
      "request_duration_seconds",
      MetricType.HISTOGRAM,
      false,
      "From the complete request head to the end of the exchange.",
      "api",
      "api_version",
      "operation",
      "code_class"),
  OVERHEAD(
      "overhead_seconds",
      MetricType.HISTOGRAM,
      false,
      "What the gateway itself took of the request duration.",
      "api",
      "api_version",
      "operation",
      "code_class"),
  UPSTREAM_DURATION(
      "upstream_duration_seconds",
      MetricType.HISTOGRAM,
      false,
      "From the start of the first attempt to the end of the last response.",
      "api",
      "api_version",
      "operation",
      "upstream",
      "code_class"),
  REQUEST_BODY_BYTES(
      "request_body_bytes_total",
      MetricType.COUNTER,
      false,
      "Body bytes received from clients.",
      "api",
      "api_version"),
  RESPONSE_BODY_BYTES(
      "response_body_bytes_total",
      MetricType.COUNTER,
      false,
      "Body bytes sent to clients.",
      "api",
      "api_version"),
  REQUESTS_IN_FLIGHT(
      "requests_in_flight", MetricType.GAUGE, false, "Exchanges begun and not ended.", "listener"),
  CONNECTIONS(
      "connections", MetricType.GAUGE, false, "Open client connections.", "listener", "protocol"),
  CONNECTIONS_TOTAL(
      "connections_total",
      MetricType.COUNTER,
      false,
      "Closed client connections by why they were closed.",
      "listener",
      "protocol",
      "close_reason"),
  STREAMS(
      "streams",
      MetricType.GAUGE,
      true,
      "Endless responses and WebSockets that are under way.",
      "api",
      "api_version",
      "kind"),
  OVERLOAD_STATE("overload_state", MetricType.GAUGE, true, "0 normal, 1 shedding, 2 critical."),
  OVERLOAD_PRESSURE(
      "overload_pressure",
      MetricType.GAUGE,
      true,
      "Use of a resource in proportion to where shedding begins, which is 1.",
      "resource"),
  TLS_HANDSHAKES(
      "tls_handshakes_total",
      MetricType.COUNTER,
      false,
      "TLS handshakes with clients.",
      "listener",
      "result",
      "version"),
  TLS_CERTIFICATE_NOT_AFTER(
      "tls_certificate_not_after_timestamp_seconds",
      MetricType.GAUGE,
      true,
      "When a certificate expires, in seconds since 1970.",
      "certificate"),
  UPSTREAM_REQUESTS(
      "upstream_requests_total",
      MetricType.COUNTER,
      false,
      "Ended attempts.",
      "upstream",
      "code",
      "outcome"),
  UPSTREAM_TARGET_UP(
      "upstream_target_up",
      MetricType.GAUGE,
      true,
      "1 while the target gets requests, 0 while it is ejected or its probes fail.",
      "upstream",
      "target"),
  UPSTREAM_EJECTIONS(
      "upstream_ejections_total",
      MetricType.COUNTER,
      true,
      "Targets taken out of rotation.",
      "upstream",
      "reason"),
  UPSTREAM_RETRIES(
      "upstream_retries_total",
      MetricType.COUNTER,
      false,
      "Attempts after the first.",
      "upstream",
      "reason"),
  UPSTREAM_RETRY_BUDGET_EXHAUSTED(
      "upstream_retry_budget_exhausted_total",
      MetricType.COUNTER,
      true,
      "Attempts that were not repeated because the budget was used up.",
      "upstream"),
  UPSTREAM_BREAKER_OPEN(
      "upstream_breaker_open",
      MetricType.GAUGE,
      true,
      "1 while a limit of the breaker is reached.",
      "upstream",
      "reason"),
  UPSTREAM_POOL_CONNECTIONS(
      "upstream_pool_connections",
      MetricType.GAUGE,
      true,
      "Upstream connections by state.",
      "upstream",
      "state"),
  UPSTREAM_POOL_PENDING(
      "upstream_pool_pending",
      MetricType.GAUGE,
      true,
      "Exchanges that wait for an upstream connection.",
      "upstream"),
  UPSTREAM_CONNECT(
      "upstream_connect_seconds",
      MetricType.HISTOGRAM,
      false,
      "Wait for an upstream connection, near 0 where an idle one was at hand.",
      "upstream"),
  VALIDATION_FAILURES(
      "validation_failures_total",
      MetricType.COUNTER,
      false,
      "Messages that did not match their schema, refused or only logged.",
      "api",
      "api_version",
      "kind",
      "direction"),
  CONFIG_RELOADS(
      "config_reloads_total",
      MetricType.COUNTER,
      true,
      "Loads of the configuration, the first one included.",
      "result"),
  CONFIG_LAST_RELOAD_SUCCESSFUL(
      "config_last_reload_successful",
      MetricType.GAUGE,
      true,
      "1 if the last load of the configuration was good, else 0."),
  CONFIG_LAST_SUCCESS(
      "config_last_success_timestamp_seconds",
      MetricType.GAUGE,
      true,
      "When a configuration was last taken over, in seconds since 1970."),
  CONFIG_GENERATION(
      "config_generation",
      MetricType.GAUGE,
      true,
      "The generation of the configuration that serves new requests."),
  CONFIG_OBJECTS("config_objects", MetricType.GAUGE, true, "Configured objects.", "kind"),
  LOG_DROPPED(
      "log_dropped_total", MetricType.COUNTER, true, "Log records that were not written.", "sink"),
  EVENT_LOOP_LAG(
      "event_loop_lag_seconds",
      MetricType.HISTOGRAM,
      false,
      "How long a task waits for its event loop.",
      "group"),
  EVENT_LOOP_PENDING_TASKS(
      "event_loop_pending_tasks",
      MetricType.GAUGE,
      true,
      "Tasks that wait for an event loop.",
      "group"),
  DIRECT_MEMORY(
      "direct_memory_bytes", MetricType.GAUGE, true, "Direct memory held by the buffer allocator."),
  BUILD_INFO(
      "build_info", MetricType.GAUGE, true, "Always 1; the labels tell.", "version", "revision"),
  METRICS_SERIES("metrics_series", MetricType.GAUGE, true, "Series of a family.", "family"),
  METRICS_OVERFLOW(
      "metrics_overflow_total",
      MetricType.COUNTER,
      true,
      "What was counted in the series _overflow or left out for lack of room.",
      "family");

  private static final String PREFIX = "tollgate_";

  private final String familyName;
  private final MetricType type;
  private final boolean supplied;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> labels;

  Metric(String name, MetricType type, boolean supplied, String help, String... labels) {
    this.familyName = PREFIX + name;
    this.type = type;
    this.supplied = supplied;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** With prefix and, on counters, {@code _total}. */
  public String familyName() {
    return familyName;
  }

  public MetricType type() {
    return type;
  }

  /** Whether its samples come from {@link GatewayMetrics#supply}. */
  public boolean isSupplied() {
    return supplied;
  }

  public String help() {
    return help;
  }

  /** Label names in the order of the label values. */
  public List<String> labels() {
    return labels;
  }
}
