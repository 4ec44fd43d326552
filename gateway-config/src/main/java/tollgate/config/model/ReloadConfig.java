package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How changed files are noticed, and what becomes of exchanges that run meanwhile. Immutable.
 *
 * @param watch whether changes are looked for at all; a reload can always be asked for
 * @param poll between two comparisons of the content, for file systems that report no changes
 * @param streamGrace for exchanges, endless ones above all, whose API was changed or removed
 */
public record ReloadConfig(boolean watch, Duration poll, Duration streamGrace) {
  public static final boolean DEFAULT_WATCH = true;
  public static final Duration DEFAULT_POLL = Duration.ofSeconds(2);
  public static final Duration DEFAULT_STREAM_GRACE = Duration.ofMinutes(10);
  public static final ReloadConfig DEFAULTS =
      new ReloadConfig(DEFAULT_WATCH, DEFAULT_POLL, DEFAULT_STREAM_GRACE);

  public ReloadConfig {
    requireNonNull(poll, "poll");
    requireNonNull(streamGrace, "streamGrace");
  }
}
