package tollgate.analytics.accesslog;

import java.util.IdentityHashMap;
import java.util.function.Consumer;

/**
 * Pieces of lines that are the same for every record that names the same object: written once,
 * copied from then on. Known by identity, since configurations keep what they did not change. One
 * thread.
 */
final class Segments<K> {
  /** Far above the number of operations in daily use; beyond it all is forgotten and made anew. */
  private static final int MOST = 8_192;

  private final IdentityHashMap<K, byte[]> known = new IdentityHashMap<>();
  private final Consumer<K> writer;

  /**
   * @param writer writes the piece of one object to the buffer
   */
  Segments(Consumer<K> writer) {
    this.writer = writer;
  }

  void write(K key, JsonBuffer out) {
    byte[] piece = known.get(key);
    if (piece != null) {
      out.raw(piece);
      return;
    }
    int start = out.length();
    writer.accept(key);
    if (known.size() == MOST) {
      known.clear();
    }
    known.put(key, out.from(start));
  }
}
