package tollgate.transport.client;

import org.jspecify.annotations.Nullable;

/**
 * Who waits on one loop for connections to one target, first come first served. Event loop only.
 */
final class WaitQueue {
  private @Nullable Waiter oldest;
  private @Nullable Waiter youngest;
  private int withoutPermit;

  @Nullable Waiter oldest() {
    return oldest;
  }

  int withoutPermit() {
    return withoutPermit;
  }

  @Nullable Waiter oldestWithoutPermit() {
    Waiter waiter = withoutPermit == 0 ? null : oldest;
    while (waiter != null && waiter.dialled != null) {
      waiter = waiter.younger;
    }
    return waiter;
  }

  /** Appends; {@code dialled} has been set before if there is a permit. */
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
    if (waiter.dialled == null) {
      withoutPermit++;
    }
  }

  /** A permit was found and a connection is being opened. */
  void dialled(Waiter waiter, PooledConnection connection) {
    waiter.dialled = connection;
    withoutPermit--;
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
    if (waiter.dialled == null) {
      withoutPermit--;
    }
  }
}
