package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How the gateway stops. Immutable.
 *
 * @param delay from not ready to closed listeners, for the load balancer to see it; may be zero
 * @param timeout for the exchanges in flight after that; may be zero
 */
public record DrainConfig(Duration delay, Duration timeout) {
  public static final Duration DEFAULT_DELAY = Duration.ofSeconds(5);
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  public static final DrainConfig DEFAULTS = new DrainConfig(DEFAULT_DELAY, DEFAULT_TIMEOUT);

  public DrainConfig {
    requireNonNull(delay, "delay");
    requireNonNull(timeout, "timeout");
  }
}
