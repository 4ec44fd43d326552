package tollgate.config.model;

import static java.util.Objects.requireNonNull;

/** The port of {@code /livez}, {@code /readyz} and {@code /metrics}. Immutable. */
public record StatusConfig(BindAddress bind) {
  public static final BindAddress DEFAULT_BIND = new BindAddress("0.0.0.0", 9480);
  public static final StatusConfig DEFAULTS = new StatusConfig(DEFAULT_BIND);

  public StatusConfig {
    requireNonNull(bind, "bind");
  }
}
