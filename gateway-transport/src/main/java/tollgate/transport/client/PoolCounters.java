package tollgate.transport.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what one loop does; written by it alone, without fences, and read by any thread a little
 * late.
 */
final class PoolCounters {
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger idle = new AtomicInteger();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicLong opened = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  void addOpen(int change) {
    open.setOpaque(open.getPlain() + change);
  }

  void addIdle(int change) {
    idle.setOpaque(idle.getPlain() + change);
  }

  void addPending(int change) {
    pending.setOpaque(pending.getPlain() + change);
  }

  void opened() {
    opened.setOpaque(opened.getPlain() + 1);
  }

  void failed() {
    failed.setOpaque(failed.getPlain() + 1);
  }

  PoolCounts read() {
    return new PoolCounts(
        open.getOpaque(),
        idle.getOpaque(),
        pending.getOpaque(),
        opened.getOpaque(),
        failed.getOpaque());
  }
}
