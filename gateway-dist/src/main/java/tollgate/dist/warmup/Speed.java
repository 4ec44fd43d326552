package tollgate.dist.warmup;

/**
 * How many requests are answered in each stretch of time, and whether that still grows: while the
 * compiler works on what runs, it does. One thread.
 */
final class Speed {
  private static final long STRETCH_NANOS = 250_000_000L;

  /** Two halves that are compared: a second each. */
  private static final int STRETCHES = 8;

  private static final double GROWTH = 1.05;

  private final int[] answered = new int[STRETCHES];
  private long stretchEndNanos;
  private int before;
  private int stretches;

  Speed(long startNanos) {
    this.stretchEndNanos = startNanos + STRETCH_NANOS;
  }

  /**
   * Whether the last second brought no more than the one before it. False in the first two.
   *
   * @param total how many were answered since the start
   */
  boolean isSettled(long nowNanos, int total) {
    if (nowNanos < stretchEndNanos) {
      return false;
    }
    // A stretch in which nothing was heard counts as longer than it was.
    stretchEndNanos = nowNanos + STRETCH_NANOS;
    answered[stretches % STRETCHES] = total - before;
    before = total;
    stretches++;
    return stretches >= STRETCHES
        && sum(STRETCHES / 2, 0) <= GROWTH * sum(STRETCHES, STRETCHES / 2);
  }

  /** Of the stretches from {@code first} to before {@code last}, counted from the end. */
  private int sum(int first, int last) {
    int sum = 0;
    for (int back = first; back > last; back--) {
      sum += answered[(stretches - back) % STRETCHES];
    }
    return sum;
  }
}
