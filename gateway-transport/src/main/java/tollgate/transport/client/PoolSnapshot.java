package tollgate.transport.client;

import java.util.List;

/**
 * The connections of one upstream at one moment, for metrics. Immutable.
 *
 * @param active carrying an exchange, or being opened for one
 * @param idle open and unused
 * @param pending exchanges waiting for a connection
 * @param opened connections opened so far
 * @param failed openings that failed so far
 * @param connectCounts connections by the time they took to open; class i is up to {@code
 *     connectBoundsSeconds().get(i)}, the last one is open; not cumulative
 */
public record PoolSnapshot(
    int active,
    int idle,
    int pending,
    long opened,
    long failed,
    long connectNanosSum,
    List<Long> connectCounts) {
  public PoolSnapshot {
    connectCounts = List.copyOf(connectCounts);
  }

  /** Upper bounds of all classes but the last. */
  public static List<Double> connectBoundsSeconds() {
    return ConnectTimes.BOUNDS_SECONDS;
  }
}
