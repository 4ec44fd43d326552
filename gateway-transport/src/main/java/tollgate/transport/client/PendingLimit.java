package tollgate.transport.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests may wait for a connection to any target of one upstream, over all loops.
 * Touched only where one begins to wait. Any thread, lock-free.
 */
public final class PendingLimit {
  private final int max;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param max 0 or more
   */
  public PendingLimit(int max) {
    if (max < 0) {
      throw new IllegalArgumentException("max: " + max + " (expected: >= 0)");
    }
    this.max = max;
  }

  /** Whether as many wait as may. */
  public boolean isFull() {
    return waiting.get() >= max;
  }

  boolean tryEnter() {
    int known = waiting.get();
    while (known < max) {
      int witness = waiting.compareAndExchange(known, known + 1);
      if (witness == known) {
        return true;
      }
      known = witness;
    }
    return false;
  }

  void leave() {
    waiting.decrementAndGet();
  }
}
