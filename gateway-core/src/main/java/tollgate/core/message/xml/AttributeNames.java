package tollgate.core.message.xml;

import java.util.Arrays;

/**
 * The expanded names of one element's attributes, to find two alike (Namespaces in XML 6.3). A few
 * are compared with each other, more are hashed. One thread.
 */
final class AttributeNames {
  private static final int COMPARED = 8;

  private final byte[] bytes;
  private int[] starts = new int[COMPARED];
  private int[] ends = new int[COMPARED];
  private int[] namespaces = new int[COMPARED];
  private int count;

  /** Indexes plus one, by hash, for more than are compared; a power of two of them in use. */
  private int[] slots = new int[0];

  private int slotsUsed;

  AttributeNames(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Begins an element with at most so many attributes. */
  void begin(int atMost) {
    count = 0;
    slotsUsed = 0;
    if (starts.length < atMost) {
      starts = new int[atMost];
      ends = new int[atMost];
      namespaces = new int[atMost];
    }
    if (atMost > COMPARED) {
      slotsUsed = Integer.highestOneBit(atMost) * 4;
      if (slots.length < slotsUsed) {
        slots = new int[slotsUsed];
      } else {
        Arrays.fill(slots, 0, slotsUsed, 0);
      }
    }
  }

  /** False if the element has one of that name already. */
  boolean add(int start, int end, int namespace) {
    if (slotsUsed == 0) {
      for (int i = 0; i < count; i++) {
        if (isSame(i, start, end, namespace)) {
          return false;
        }
      }
    } else {
      int mask = slotsUsed - 1;
      int slot = (int) KeyedHash.mix(KeyedHash.of(bytes, start, end), namespace) & mask;
      for (; slots[slot] != 0; slot = (slot + 1) & mask) {
        if (isSame(slots[slot] - 1, start, end, namespace)) {
          return false;
        }
      }
      slots[slot] = count + 1;
    }
    starts[count] = start;
    ends[count] = end;
    namespaces[count] = namespace;
    count++;
    return true;
  }

  private boolean isSame(int index, int start, int end, int namespace) {
    return namespaces[index] == namespace
        && Arrays.equals(bytes, starts[index], ends[index], bytes, start, end);
  }
}
