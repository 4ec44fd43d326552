package tollgate.core.upstream;

import java.util.concurrent.atomic.LongAdder;

/**
 * How many retries an upstream may still be burdened with: a bucket of tokens per event loop. Each
 * request puts in the configured share of a token, each retry takes a whole one, and a bucket holds
 * {@link #RESERVE} at most, as many as it begins with. So in any stretch of time a loop makes at
 * most {@code RESERVE + share * requests} retries, whatever fails. {@link #requested} and {@link
 * #tryTake} on the loop they name; {@link #denied} from any thread.
 */
final class RetryBudget {
  /** Whole retries. */
  static final int RESERVE = 10;

  /** Longs from one loop's bucket to the next: two cache lines. */
  private static final int STRIDE = 16;

  private static final long WHOLE = 100;

  private final int percent;
  private final long[] hundredths;
  private final LongAdder denied = new LongAdder();

  RetryBudget(int percent, int loops) {
    this.percent = percent;
    this.hundredths = new long[(loops + 1) * STRIDE];
    for (int loop = 0; percent > 0 && loop < loops; loop++) {
      hundredths[place(loop)] = RESERVE * WHOLE;
    }
  }

  /** A request begins. */
  void requested(int loop) {
    int place = place(loop);
    if (hundredths[place] < RESERVE * WHOLE) {
      hundredths[place] = Math.min(RESERVE * WHOLE, hundredths[place] + percent);
    }
  }

  boolean tryTake(int loop) {
    int place = place(loop);
    if (hundredths[place] < WHOLE) {
      denied.increment();
      return false;
    }
    hundredths[place] -= WHOLE;
    return true;
  }

  void addDenied(long count) {
    denied.add(count);
  }

  long denied() {
    return denied.sum();
  }

  private static int place(int loop) {
    return (loop + 1) * STRIDE;
  }
}
