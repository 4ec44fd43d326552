package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * {@code kind: Gateway}: the process. Immutable. A change of listeners, status or state needs a
 * restart.
 *
 * @param listeners at least one; names and addresses are unique
 */
public record GatewayConfig(
    String name,
    List<ListenerConfig> listeners,
    StatusConfig status,
    StateConfig state,
    ReloadConfig reload,
    DrainConfig drain,
    OverloadConfig overload,
    TelemetryConfig telemetry) {
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
    requireNonNull(overload, "overload");
    requireNonNull(telemetry, "telemetry");
  }
}
