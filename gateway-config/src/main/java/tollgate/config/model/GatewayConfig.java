package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * {@code kind: Gateway}: the process. Immutable. A change of listeners, status or state needs a
 * restart.
 *
 * @param listeners at least one; names and addresses are unique
 * @param warmUp longest time of requests to itself before it is ready; zero: none
 */
public record GatewayConfig(
    String name,
    List<ListenerConfig> listeners,
    StatusConfig status,
    StateConfig state,
    ReloadConfig reload,
    DrainConfig drain,
    Duration warmUp,
    OverloadConfig overload,
    TelemetryConfig telemetry) {
  /** Less leaves the first seconds slow; more is hardly noticed. */
  public static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(4);

  public GatewayConfig {
    requireNonNull(name, "name");
    listeners = List.copyOf(listeners);
    if (listeners.isEmpty()) {
      throw new IllegalArgumentException("listeners: is empty (expected: at least one)");
    }
    requireNonNull(status, "status");
    requireNonNull(state, "state");
    requireNonNull(reload, "reload");
    requireNonNull(drain, "drain");
    requireNonNull(warmUp, "warmUp");
    requireNonNull(overload, "overload");
    requireNonNull(telemetry, "telemetry");
  }
}
