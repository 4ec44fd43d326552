package tollgate.handlers.structurallimits;

import org.jspecify.annotations.Nullable;

/**
 * One window a loop, through which scanners look at memory outside of the heap; made when a loop
 * first needs it. Any thread makes it; each slot is its loop's.
 */
final class Windows {
  private static final int BYTES = 8 * 1024;

  private final byte @Nullable [][] slots;

  private Windows(int loops) {
    slots = new byte @Nullable [loops][];
  }

  static Windows forLoops(int loops) {
    return new Windows(loops);
  }

  byte[] of(int loop) {
    byte[] window = slots[loop];
    if (window == null) {
      window = new byte[BYTES];
      slots[loop] = window;
    }
    return window;
  }
}
