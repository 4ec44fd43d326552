package tollgate.transport.client;

import org.jspecify.annotations.Nullable;

/**
 * Who waits on one loop for connections to one target, first come first served. Event loop only.
 */
final class WaitQueue {
  private @Nullable Waiter oldest;
  private @Nullable Waiter youngest;
  private int count;
  private int riding;
  private int withoutPermit;

  @Nullable Waiter oldest() {
    return oldest;
  }

  /** Those that wait for a permit. */
  int withoutPermit() {
    return withoutPermit;
  }

  /** Those that wait for a connection that is being opened for another. */
  int riding() {
    return riding;
  }

  /** Those that wait for a connection that is being opened, for them or for another. */
  int expecting() {
    return count - withoutPermit;
  }

  @Nullable Waiter oldestWithoutPermit() {
    Waiter waiter = withoutPermit == 0 ? null : oldest;
    while (waiter != null && (waiter.dialled != null || waiter.isRiding)) {
      waiter = waiter.younger;
    }
    return waiter;
  }

  @Nullable Waiter oldestRiding() {
    Waiter waiter = riding == 0 ? null : oldest;
    while (waiter != null && !waiter.isRiding) {
      waiter = waiter.younger;
    }
    return waiter;
  }

  /** Appends; {@code dialled} has been set before if there is a permit, or that it rides along. */
  void add(Waiter waiter) {
    Waiter last = youngest;
    waiter.older = last;
    if (last == null) {
      oldest = waiter;
    } else {
      last.younger = waiter;
    }
    youngest = waiter;
    waiter.isQueued = true;
    count(waiter, 1);
  }

  /** A permit was found and a connection is being opened. */
  void dialled(Waiter waiter, PooledConnection connection) {
    count(waiter, -1);
    waiter.isRiding = false;
    waiter.dialled = connection;
    count(waiter, 1);
  }

  /** There is no connection that it could ride along with, and no permit. */
  void stranded(Waiter waiter) {
    count(waiter, -1);
    waiter.isRiding = false;
    count(waiter, 1);
  }

  void remove(Waiter waiter) {
    Waiter before = waiter.older;
    Waiter after = waiter.younger;
    if (before == null) {
      oldest = after;
    } else {
      before.younger = after;
    }
    if (after == null) {
      youngest = before;
    } else {
      after.older = before;
    }
    waiter.older = null;
    waiter.younger = null;
    waiter.isQueued = false;
    count(waiter, -1);
  }

  private void count(Waiter waiter, int change) {
    count += change;
    if (waiter.isRiding) {
      riding += change;
    } else if (waiter.dialled == null) {
      withoutPermit += change;
    }
  }
}
