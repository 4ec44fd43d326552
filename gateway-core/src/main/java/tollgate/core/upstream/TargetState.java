package tollgate.core.upstream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The health of one target: what its requests and its probes came to. Any thread, lock-free; {@link
 * #probed} on one loop.
 */
final class TargetState {
  /** No instant is this one: an instant is made odd before it is stored. */
  private static final long NOT_EJECTED = 0;

  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong ejectedUntil = new AtomicLong(NOT_EJECTED);
  private volatile boolean isDown;

  /** Probes in a row that say the other thing than {@link #isDown}. */
  private int contradictions;

  /** Takes over what another knew of the same target. */
  void inherit(TargetState before, boolean isProbed) {
    failures.set(before.failures.get());
    ejectedUntil.set(before.ejectedUntil.get());
    // Without probes nobody would ever bring it back.
    isDown = isProbed && before.isDown;
  }

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

  boolean isMarkedEjected() {
    return ejectedUntil.get() != NOT_EJECTED;
  }

  /** Whether probes have proven it unhealthy. */
  boolean isDown() {
    return isDown;
  }

  /** Whether it gets no requests. */
  boolean isOut(long nowNanos) {
    return isDown || isEjected(nowNanos);
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

  /** Whether there was an ejection to end before its time. */
  boolean forgetEjection() {
    return ejectedUntil.getAndSet(NOT_EJECTED) != NOT_EJECTED;
  }

  /** Whether as many probes in a row as {@code rule} asks for now contradict what is known. */
  boolean probed(boolean isGood, ActiveHealth rule) {
    if (isGood != isDown) {
      contradictions = 0;
      return false;
    }
    contradictions++;
    return contradictions >= (isGood ? rule.healthy() : rule.unhealthy());
  }

  /** What the probes have proven. */
  void down(boolean down) {
    contradictions = 0;
    failures.set(0);
    isDown = down;
  }
}
