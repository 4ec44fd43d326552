package tollgate.core.chain;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many exchanges a generation still has, counted per loop without sharing: each loop writes its
 * own cell, anybody may sum. A sum is exact only when nothing begins or ends meanwhile; a
 * generation that is no longer handed out reaches zero and stays there.
 */
public final class InFlight {
  /** Longs between cells, so that no two loops share a cache line. */
  private static final int STRIDE = 16;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] cells;

  public InFlight(int loopCount) {
    cells = new long[loopCount * STRIDE];
  }

  /** On loop {@code loop} only. */
  void begun(int loop) {
    add(loop, 1);
  }

  /** On loop {@code loop} only. */
  void ended(int loop) {
    add(loop, -1);
  }

  private void add(int loop, long change) {
    int index = loop * STRIDE;
    CELL.setOpaque(cells, index, cells[index] + change);
  }

  /** Any thread. */
  public long sum() {
    long sum = 0;
    for (int i = 0; i < cells.length; i += STRIDE) {
      sum += (long) CELL.getOpaque(cells, i);
    }
    return sum;
  }
}
