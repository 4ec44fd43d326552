package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How changed files are noticed. Immutable.
 *
 * @param watch whether changes are looked for at all; a reload can always be asked for
 * @param poll between two comparisons of the content, for file systems that report no changes
 */
public record ReloadConfig(boolean watch, Duration poll) {
  public static final boolean DEFAULT_WATCH = true;
  public static final Duration DEFAULT_POLL = Duration.ofSeconds(2);
  public static final ReloadConfig DEFAULTS = new ReloadConfig(DEFAULT_WATCH, DEFAULT_POLL);

  public ReloadConfig {
    requireNonNull(poll, "poll");
  }
}
