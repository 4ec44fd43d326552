package tollgate.transport.http2;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The open streams of one connection by their ids: open addressing, linear probing, no more than
 * half full. Event loop only.
 */
final class StreamMap {
  private static final int FIRST_SLOTS = 16;

  private @Nullable Http2Stream[] slots = new @Nullable Http2Stream[FIRST_SLOTS];
  private int count;

  int count() {
    return count;
  }

  @Nullable Http2Stream get(int id) {
    int mask = slots.length - 1;
    for (int at = slot(id, mask); ; at = (at + 1) & mask) {
      Http2Stream stream = slots[at];
      if (stream == null || stream.id() == id) {
        return stream;
      }
    }
  }

  /** Its id is not there yet. */
  void put(Http2Stream stream) {
    if (2 * (count + 1) > slots.length) {
      grow();
    }
    place(stream);
    count++;
  }

  /**
   * @return whether it was there
   */
  boolean remove(Http2Stream stream) {
    int mask = slots.length - 1;
    int at = slot(stream.id(), mask);
    Http2Stream found = slots[at];
    while (found != null && found.id() != stream.id()) {
      at = (at + 1) & mask;
      found = slots[at];
    }
    if (found == null) {
      return false;
    }
    // What stands behind it in its run moves up, so that no look-up ends too early.
    int hole = at;
    for (int next = (at + 1) & mask; ; next = (next + 1) & mask) {
      Http2Stream moved = slots[next];
      if (moved == null) {
        break;
      }
      int home = slot(moved.id(), mask);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        slots[hole] = moved;
        hole = next;
      }
    }
    slots[hole] = null;
    count--;
    return true;
  }

  /** All that are there when it begins; streams may be added and removed meanwhile. */
  void forEach(Consumer<Http2Stream> action) {
    if (count == 0) {
      return;
    }
    for (Http2Stream stream : Arrays.copyOf(slots, slots.length)) {
      if (stream != null) {
        action.accept(stream);
      }
    }
  }

  /** How many of them are such. */
  int count(Predicate<Http2Stream> such) {
    int found = 0;
    for (Http2Stream stream : slots) {
      if (stream != null && such.test(stream)) {
        found++;
      }
    }
    return found;
  }

  private void place(Http2Stream stream) {
    int mask = slots.length - 1;
    int at = slot(stream.id(), mask);
    while (slots[at] != null) {
      at = (at + 1) & mask;
    }
    slots[at] = stream;
  }

  private void grow() {
    @Nullable Http2Stream[] old = slots;
    slots = new @Nullable Http2Stream[2 * old.length];
    for (Http2Stream stream : old) {
      if (stream != null) {
        place(stream);
      }
    }
  }

  /** Ids of one side are all odd or all even, and mostly follow one another. */
  private static int slot(int id, int mask) {
    return (id >>> 1) & mask;
  }
}
