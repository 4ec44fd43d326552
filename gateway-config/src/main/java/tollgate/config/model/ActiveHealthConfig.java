package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code health.active} of an upstream: requests of our own that find bad targets. Immutable.
 *
 * @param path what is asked for, with a query or without; null where {@code grpcService} is asked
 * @param interval from the end of one probe to the next, give or take a tenth
 * @param timeout for connection and answer together
 * @param healthy good answers in a row that bring a target back
 * @param unhealthy bad ones in a row that take it out
 * @param statuses of good answers, at least one range
 * @param host sent as Host; null for the target's own
 * @param grpcService what the gRPC health service of the target is asked about, empty for the whole
 *     of it; null where {@code path} is asked for
 */
public record ActiveHealthConfig(
    @Nullable String path,
    Duration interval,
    Duration timeout,
    int healthy,
    int unhealthy,
    List<StatusRange> statuses,
    @Nullable String host,
    @Nullable String grpcService) {
  public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);
  public static final int DEFAULT_HEALTHY = 2;
  public static final int DEFAULT_UNHEALTHY = 3;
  public static final List<StatusRange> DEFAULT_STATUSES = List.of(new StatusRange(200, 399));

  /** One that asks for a path. */
  public ActiveHealthConfig(
      String path,
      Duration interval,
      Duration timeout,
      int healthy,
      int unhealthy,
      List<StatusRange> statuses,
      @Nullable String host) {
    this(path, interval, timeout, healthy, unhealthy, statuses, host, null);
  }

  public ActiveHealthConfig {
    if ((path == null) == (grpcService == null)) {
      throw new IllegalArgumentException(
          "path: " + path + ", grpcService: " + grpcService + " (expected: one of them)");
    }
    requireNonNull(interval, "interval");
    requireNonNull(timeout, "timeout");
    if (healthy < 1) {
      throw new IllegalArgumentException("healthy: " + healthy + " (expected: >= 1)");
    }
    if (unhealthy < 1) {
      throw new IllegalArgumentException("unhealthy: " + unhealthy + " (expected: >= 1)");
    }
    statuses = List.copyOf(statuses);
    if (statuses.isEmpty()) {
      throw new IllegalArgumentException("statuses: is empty (expected: at least one)");
    }
  }
}
