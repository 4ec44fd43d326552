package tollgate.transport.http2;

/**
 * The fields that both sides of one direction remember (RFC 7541 section 2.3.2), first in, first
 * out. Their bytes lie behind each other in one array, so that an entry costs no object and nothing
 * is allocated once the arrays have their size. Event loop only.
 *
 * <p>Entries are numbered as they come, from 0 on; {@code inserted - 1} is the newest, {@code
 * inserted - count} the oldest. Numbers may wrap around.
 */
final class DynamicTable {
  /** What an entry costs beside its bytes (RFC 7541 section 4.1). */
  static final int OVERHEAD = 32;

  private static final int FIRST_BYTES = 512;
  private static final int FIRST_ENTRIES = 16;

  /** Per entry: where it is in {@link #bytes}, lengths of name and value, hash of the name. */
  private static final int START = 0;

  private static final int NAME_LENGTH = 1;
  private static final int VALUE_LENGTH = 2;
  private static final int HASH = 3;
  private static final int WIDTH = 4;

  private byte[] bytes = {};

  /** A ring: entry {@code n} is at {@code n & (entries - 1)}. */
  private int[] entries = {};

  private int end;
  private int count;
  private int inserted;
  private int size;
  private int capacity;

  /**
   * @param capacity as the RFC counts, see {@link #OVERHEAD}
   */
  DynamicTable(int capacity) {
    this.capacity = capacity;
  }

  int capacity() {
    return capacity;
  }

  int size() {
    return size;
  }

  int count() {
    return count;
  }

  /** How many there ever were: the number of the next. */
  int inserted() {
    return inserted;
  }

  /** Evicts what then is too much. */
  void capacity(int newCapacity) {
    capacity = newCapacity;
    evictTo(newCapacity);
  }

  /** Evicts the oldest until no more than {@code most} is used. */
  void evictTo(int most) {
    while (size > most) {
      evictOldest();
    }
  }

  void evictOldest() {
    int at = at(inserted - count);
    size -= entries[at + NAME_LENGTH] + entries[at + VALUE_LENGTH] + OVERHEAD;
    count--;
  }

  /**
   * Adds an entry, evicting as many as it takes; one that is larger than the table empties it (RFC
   * 7541 section 4.4).
   *
   * @param name not within this table
   * @param hash of the name
   */
  void add(
      byte[] name,
      int nameFrom,
      int nameLength,
      int hash,
      byte[] value,
      int valueFrom,
      int valueLength) {
    int cost = nameLength + valueLength + OVERHEAD;
    if (cost > capacity) {
      evictTo(0);
      return;
    }
    evictTo(capacity - cost);
    makeRoom(nameLength + valueLength);
    int at = at(inserted++);
    entries[at + START] = end;
    entries[at + NAME_LENGTH] = nameLength;
    entries[at + VALUE_LENGTH] = valueLength;
    entries[at + HASH] = hash;
    System.arraycopy(name, nameFrom, bytes, end, nameLength);
    System.arraycopy(value, valueFrom, bytes, end + nameLength, valueLength);
    end += nameLength + valueLength;
    count++;
    size += cost;
  }

  /** Where names and values are; valid until the next {@link #add}. */
  byte[] bytes() {
    return bytes;
  }

  int nameStart(int number) {
    return entries[at(number) + START];
  }

  int nameLength(int number) {
    return entries[at(number) + NAME_LENGTH];
  }

  int valueStart(int number) {
    int at = at(number);
    return entries[at + START] + entries[at + NAME_LENGTH];
  }

  int valueLength(int number) {
    return entries[at(number) + VALUE_LENGTH];
  }

  int hash(int number) {
    return entries[at(number) + HASH];
  }

  private int at(int number) {
    return (number * WIDTH) & (entries.length - 1);
  }

  private void makeRoom(int needed) {
    if (count * WIDTH == entries.length) {
      growEntries();
    }
    if (bytes.length - end < needed) {
      compact(needed);
    }
  }

  private void growEntries() {
    int[] old = entries;
    int[] grown = new int[Math.max(FIRST_ENTRIES * WIDTH, 2 * old.length)];
    for (int number = inserted - count; number != inserted; number++) {
      int from = (number * WIDTH) & (old.length - 1);
      System.arraycopy(old, from, grown, (number * WIDTH) & (grown.length - 1), WIDTH);
    }
    entries = grown;
  }

  /** Moves what lives to the front; an array is never more than half full of it then. */
  private void compact(int needed) {
    int oldest = inserted - count;
    int from = count == 0 ? end : nameStart(oldest);
    int live = end - from;
    byte[] old = bytes;
    if (2 * (live + needed) > old.length) {
      bytes = new byte[Math.max(FIRST_BYTES, Integer.highestOneBit(live + needed) << 2)];
    }
    System.arraycopy(old, from, bytes, 0, live);
    for (int number = oldest; number != inserted; number++) {
      entries[at(number) + START] -= from;
    }
    end = live;
  }
}
