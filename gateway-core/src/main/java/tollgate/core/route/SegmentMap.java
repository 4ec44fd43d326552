package tollgate.core.route;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From a path segment to a value, asked with a range of the path so that no string is cut out. Open
 * addressing, at most half full. Immutable.
 */
final class SegmentMap<V> {
  private final @Nullable String[] keys;
  private final @Nullable Object[] values;
  private final int mask;

  private SegmentMap(Map<String, V> entries) {
    int capacity = Integer.highestOneBit(Math.max(1, 2 * entries.size() - 1)) << 1;
    mask = capacity - 1;
    keys = new @Nullable String[capacity];
    values = new @Nullable Object[capacity];
    for (Map.Entry<String, V> entry : entries.entrySet()) {
      String key = entry.getKey();
      int slot = slot(hash(key, 0, key.length()));
      while (keys[slot] != null) {
        slot = (slot + 1) & mask;
      }
      keys[slot] = key;
      values[slot] = entry.getValue();
    }
  }

  /** Null if there is nothing to find, to save the hash. */
  static <V> @Nullable SegmentMap<V> of(Map<String, V> entries) {
    return entries.isEmpty() ? null : new SegmentMap<>(entries);
  }

  @Nullable V get(String path, int from, int to) {
    int slot = slot(hash(path, from, to));
    while (true) {
      String key = keys[slot];
      if (key == null) {
        return null;
      }
      if (key.length() == to - from && path.startsWith(key, from)) {
        @SuppressWarnings("unchecked") // only V goes in
        V value = (V) requireNonNull(values[slot]);
        return value;
      }
      slot = (slot + 1) & mask;
    }
  }

  private int slot(int hash) {
    return (hash ^ (hash >>> 15)) & mask;
  }

  private static int hash(String path, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + path.charAt(i);
    }
    return hash * 0x9e3779b9;
  }
}
