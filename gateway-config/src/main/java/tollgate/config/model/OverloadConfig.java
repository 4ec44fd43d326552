package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * When the gateway begins to refuse work, so that it can do the rest. Immutable.
 *
 * @param enabled whether anything is refused at all
 * @param maxInFlight exchanges over all listeners, streams not counted
 * @param heap of what may be used, after a garbage collection
 * @param directMemory of what buffers may use outside the heap
 * @param fileDescriptors of what the process may have open
 * @param loopLag how long a task waits for its event loop
 * @param retryAfter what a refused client is told, in whole seconds
 */
public record OverloadConfig(
    boolean enabled,
    int maxInFlight,
    Percent heap,
    Percent directMemory,
    Percent fileDescriptors,
    Duration loopLag,
    Duration retryAfter) {
  public static final boolean DEFAULT_ENABLED = true;
  public static final int DEFAULT_MAX_IN_FLIGHT = 20_000;
  public static final Percent DEFAULT_HEAP = new Percent(85);
  public static final Percent DEFAULT_DIRECT_MEMORY = new Percent(85);
  public static final Percent DEFAULT_FILE_DESCRIPTORS = new Percent(90);
  public static final Duration DEFAULT_LOOP_LAG = Duration.ofMillis(100);
  public static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);
  public static final OverloadConfig DEFAULTS =
      new OverloadConfig(
          DEFAULT_ENABLED,
          DEFAULT_MAX_IN_FLIGHT,
          DEFAULT_HEAP,
          DEFAULT_DIRECT_MEMORY,
          DEFAULT_FILE_DESCRIPTORS,
          DEFAULT_LOOP_LAG,
          DEFAULT_RETRY_AFTER);

  public OverloadConfig {
    if (maxInFlight < 1) {
      throw new IllegalArgumentException("maxInFlight: " + maxInFlight + " (expected: >= 1)");
    }
    requireNonNull(heap, "heap");
    requireNonNull(directMemory, "directMemory");
    requireNonNull(fileDescriptors, "fileDescriptors");
    requireNonNull(loopLag, "loopLag");
    requireNonNull(retryAfter, "retryAfter");
  }

  /** {@link #retryAfter} rounded up, as the field Retry-After wants it. */
  public long retryAfterSeconds() {
    return Math.max(1, retryAfter.plusSeconds(1).minusNanos(1).toSeconds());
  }
}
