package tollgate.handlers.structurallimits;

/**
 * One window a loop, through which scanners look at memory outside of the heap; shared by all
 * handlers of the step. Any thread makes it; each window is its loop's.
 */
final class Windows {
  private static final int BYTES = 8 * 1024;

  private final byte[][] windows;

  private Windows(int loops) {
    windows = new byte[loops][BYTES];
  }

  static Windows forLoops(int loops) {
    return new Windows(loops);
  }

  byte[] of(int loop) {
    return windows[loop];
  }
}
