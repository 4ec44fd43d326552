package tollgate.core.overload;

/**
 * How many exchanges may run: less and less of those that run while there is too much to do, slowly
 * more again when there is not, up to all that are allowed. So it settles near what can be done.
 * One thread.
 */
public final class ConcurrencyLimit {
  private static final double LESS = 0.7;
  private static final double MORE = 1.2;

  private final int most;
  private final int least;
  private int limit;

  /**
   * @param most when all is well
   * @param least while anything is begun at all: so few that a loop is not late for their sake,
   *     even if each keeps it busy for milliseconds, and enough to keep it busy
   */
  public ConcurrencyLimit(int most, int least) {
    this.most = most;
    this.least = least;
    this.limit = most;
  }

  /**
   * After each sample.
   *
   * @param isPressed whether the last sample was still too high
   * @param running exchanges now
   * @return exchanges from now on
   */
  public int update(OverloadState state, boolean isPressed, int running) {
    switch (state) {
      case NORMAL, SHEDDING -> {
        double next = isPressed ? Math.min(limit, running) * LESS : limit * MORE + 1;
        limit = (int) Math.min(most, Math.max(least, next));
      }
      case CRITICAL -> {
        limit = Math.min(most, least);
        return 0;
      }
    }
    return limit;
  }
}
