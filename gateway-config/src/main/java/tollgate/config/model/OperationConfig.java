package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * One operation of an API. Immutable.
 *
 * @param id unique in its API; the {@code operation} of logs and metrics
 */
public record OperationConfig(String id, OperationMatch match, Timeout timeout) {
  public static final Timeout DEFAULT_TIMEOUT = Timeout.Inherited.INHERITED;

  /** How long the response head may take. */
  public sealed interface Timeout {
    /** As long as the upstream says. */
    enum Inherited implements Timeout {
      INHERITED
    }

    /** As long as it likes. */
    enum None implements Timeout {
      NONE
    }

    /** This long, whatever the upstream says. */
    record After(Duration duration) implements Timeout {
      public After {
        requireNonNull(duration, "duration");
      }
    }
  }

  public OperationConfig {
    requireNonNull(id, "id");
    requireNonNull(match, "match");
    requireNonNull(timeout, "timeout");
  }
}
