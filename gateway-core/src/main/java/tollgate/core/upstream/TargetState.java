package tollgate.core.upstream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The health of one target: what its requests came to. Any thread, lock-free. */
final class TargetState {
  /** No instant is this one: an instant is made odd before it is stored. */
  private static final long NOT_EJECTED = 0;

  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong ejectedUntil = new AtomicLong(NOT_EJECTED);

  /** Reads only, while nothing is wrong. */
  void succeeded() {
    if (failures.get() != 0) {
      failures.set(0);
    }
  }

  /** How many in a row now, this one included. */
  int failed() {
    return failures.updateAndGet(count -> count == Integer.MAX_VALUE ? count : count + 1);
  }

  /** Whether this call ejected it; false if it was ejected already. */
  boolean eject(long untilNanos) {
    if (!ejectedUntil.compareAndSet(NOT_EJECTED, untilNanos | 1)) {
      return false;
    }
    failures.set(0);
    return true;
  }

  boolean isEjected(long nowNanos) {
    long until = ejectedUntil.get();
    return until != NOT_EJECTED && nowNanos - until < 0;
  }

  /** Whether this call took it back, its time being over. */
  boolean takeBack(long nowNanos) {
    long until = ejectedUntil.get();
    return until != NOT_EJECTED
        && nowNanos - until >= 0
        && ejectedUntil.compareAndSet(until, NOT_EJECTED);
  }
}
