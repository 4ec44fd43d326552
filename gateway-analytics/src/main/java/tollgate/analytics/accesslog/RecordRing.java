package tollgate.analytics.accesslog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import tollgate.core.telemetry.ExchangeRecord;

/**
 * A bounded ring from one event loop (the producer) to the writer thread (the consumer).
 *
 * <p>A slot is either empty (null) and the producer's, or full and the consumer's; the slot itself
 * hands over: the producer fills it with release, the consumer empties it with release. So neither
 * side reads the other's position, and each position is a plain field of its side.
 */
final class RecordRing {
  private static final VarHandle DROPPED;

  static {
    try {
      DROPPED = MethodHandles.lookup().findVarHandle(RecordRing.class, "dropped", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final AtomicReferenceArray<@Nullable ExchangeRecord> slots;
  private final int mask;
  private int tail; // producer's
  private long dropped; // written by the producer
  private int head; // consumer's

  /**
   * @param size a power of two
   */
  RecordRing(int size) {
    this.slots = new AtomicReferenceArray<>(size);
    this.mask = size - 1;
  }

  /** False, and counted, if the ring is full. Producer only; allocates nothing. */
  boolean offer(ExchangeRecord record) {
    int slot = tail & mask;
    if (slots.getAcquire(slot) != null) {
      DROPPED.setOpaque(this, dropped + 1);
      return false;
    }
    slots.setRelease(slot, record);
    tail++;
    return true;
  }

  /** The oldest record, or null if there is none. Consumer only. */
  @Nullable ExchangeRecord poll() {
    int slot = head & mask;
    ExchangeRecord record = slots.getAcquire(slot);
    if (record != null) {
      slots.setRelease(slot, null);
      head++;
    }
    return record;
  }

  /** Consumer only. */
  boolean isEmpty() {
    return slots.getAcquire(head & mask) == null;
  }

  /** Records refused so far. Any thread. */
  long dropped() {
    return (long) DROPPED.getOpaque(this);
  }

  int size() {
    return mask + 1;
  }
}
