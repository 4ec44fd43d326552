package tollgate.analytics.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One event loop's share of a counter. Written by that loop alone, hence without an atomic
 * addition; read by any thread, which sees a recent value and no torn one.
 */
final class CounterCell {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(CounterCell.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long value;

  /** Owning loop only. */
  void add(long amount) {
    VALUE.setOpaque(this, value + amount);
  }

  /** Any thread. */
  long value() {
    return (long) VALUE.getOpaque(this);
  }
}
