package tollgate.transport.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many connections to one target may still be opened, over all loops. Touched when a connection
 * is opened or closed, not when one is reused. Any thread.
 *
 * <p>A loop that waits for a permit publishes since when its oldest request has been waiting. Who
 * gives a permit back hands it to the loop that has waited longest. None is lost: the waiting loop
 * publishes first and then tries once more, the giving one adds first and then looks again who
 * waits.
 */
final class Permits {
  private static final long NOBODY = Long.MIN_VALUE;

  private final AtomicInteger free;
  private final AtomicLongArray waitingSince;
  private final AtomicInteger waitingLoops = new AtomicInteger();

  Permits(int count, int loopCount) {
    this.free = new AtomicInteger(count);
    this.waitingSince = new AtomicLongArray(loopCount);
    for (int i = 0; i < loopCount; i++) {
      waitingSince.setRelease(i, NOBODY);
    }
  }

  boolean tryAcquire() {
    int known = free.get();
    while (known > 0) {
      int witness = free.compareAndExchange(known, known - 1);
      if (witness == known) {
        return true;
      }
      known = witness;
    }
    return false;
  }

  /** Adds one; only {@link TargetPool#releasePermit} calls this. */
  void release() {
    free.incrementAndGet();
  }

  boolean isAnyWaiting() {
    return waitingLoops.get() > 0;
  }

  /** From now on loop {@code index} waits; only that loop calls this. */
  void waitSince(int index, long nanos) {
    if (waitingSince.getAndSet(index, nanos == NOBODY ? NOBODY + 1 : nanos) == NOBODY) {
      waitingLoops.incrementAndGet();
    }
  }

  /** Loop {@code index} no longer waits; only that loop calls this. */
  void waitNoMore(int index) {
    if (waitingSince.getAndSet(index, NOBODY) != NOBODY) {
      waitingLoops.decrementAndGet();
    }
  }

  /** The loop whose oldest request has waited longest, or -1 if none waits. */
  int longestWaiting() {
    if (!isAnyWaiting()) {
      return -1;
    }
    int longest = -1;
    long since = 0;
    for (int i = 0; i < waitingSince.length(); i++) {
      long other = waitingSince.get(i);
      if (other != NOBODY && (longest < 0 || other - since < 0)) {
        longest = i;
        since = other;
      }
    }
    return longest;
  }

  /** Whether a loop other than {@code index} has waited since before {@code nanos}. */
  boolean isOlderElsewhere(int index, long nanos) {
    if (!isAnyWaiting()) {
      return false;
    }
    for (int i = 0; i < waitingSince.length(); i++) {
      long other = waitingSince.get(i);
      if (i != index && other != NOBODY && other - nanos < 0) {
        return true;
      }
    }
    return false;
  }
}
