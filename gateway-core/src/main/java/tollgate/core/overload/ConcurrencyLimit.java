package tollgate.core.overload;

/**
 * How many exchanges may run: less and less of those that run while there is too much to do, slowly
 * more again when there is not, up to all that are allowed. So it settles near what can be done.
 * One thread.
 */
public final class ConcurrencyLimit {
  private static final double LESS = 0.7;
  private static final double MORE = 1.2;

  /** Never less while anything is begun at all: so few are not what a loop is late for. */
  static final int LEAST = 256;

  private final int most;
  private int limit;

  /**
   * @param most when all is well
   */
  public ConcurrencyLimit(int most) {
    this.most = most;
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
        limit = (int) Math.min(most, Math.max(LEAST, next));
      }
      case CRITICAL -> {
        limit = Math.min(most, LEAST);
        return 0;
      }
    }
    return limit;
  }
}
