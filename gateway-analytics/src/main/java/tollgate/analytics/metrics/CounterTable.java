package tollgate.analytics.metrics;

import org.jspecify.annotations.Nullable;

/**
 * Counter cells by a packed key: open addressing, so that a look-up allocates nothing and mostly
 * ends at the first slot. Event loop only.
 */
final class CounterTable {
  /** Set in every stored key, so that 0 means an empty slot. */
  private static final long USED = 1L << 62;

  private long[] keys = new long[8];
  private @Nullable CounterCell[] cells = new @Nullable CounterCell[8];
  private int count;

  /**
   * @param key 0 to 2^62 - 1
   */
  @Nullable CounterCell find(long key) {
    return cells[slot(keys, key | USED)];
  }

  void put(long key, CounterCell cell) {
    if (count * 2 >= keys.length) {
      grow();
    }
    int slot = slot(keys, key | USED);
    if (keys[slot] == 0) {
      count++;
    }
    keys[slot] = key | USED;
    cells[slot] = cell;
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable CounterCell[] oldCells = cells;
    keys = new long[oldKeys.length * 2];
    cells = new @Nullable CounterCell[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot(keys, oldKeys[i]);
        keys[slot] = oldKeys[i];
        cells[slot] = oldCells[i];
      }
    }
  }

  /** Where the key is or would go. */
  private static int slot(long[] keys, long key) {
    int mask = keys.length - 1;
    int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
