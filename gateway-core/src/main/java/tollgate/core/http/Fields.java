package tollgate.core.http;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fields as they will be sent: what was received, minus removals, plus additions. The received part
 * is never changed, so that retries, mirrors and {@code explain} still see what came in. Names are
 * compared without regard to case. Event loop only.
 *
 * <p>A writer visits received lines 0 to {@code received().count()} except those that {@link
 * #isRemoved}, then the added ones.
 */
public final class Fields {
  private static final int INITIAL_ADDED = 8;

  private final ReceivedFields received;
  private long removedLow;
  private long @Nullable [] removedHigh;

  /** Names and values by turns; may be shared with copies, and is then copied before a change. */
  private @Nullable Object @Nullable [] added;

  private boolean isAddedShared;
  private int addedCount;

  private Fields(ReceivedFields received) {
    this.received = received;
  }

  /** No edits yet over {@code received}. */
  public static Fields over(ReceivedFields received) {
    return new Fields(requireNonNull(received, "received"));
  }

  /** Nothing received, nothing added: for a head that the gateway makes itself. */
  public static Fields empty() {
    return new Fields(ReceivedFields.NONE);
  }

  /**
   * The same received part with the edits so far; later edits of either do not show in the other.
   */
  public Fields copy() {
    Fields copy = new Fields(received);
    copy.removedLow = removedLow;
    long[] high = removedHigh;
    copy.removedHigh = high == null ? null : high.clone();
    if (addedCount > 0) {
      isAddedShared = true;
      copy.isAddedShared = true;
      copy.added = added;
      copy.addedCount = addedCount;
    }
    return copy;
  }

  /** What came in, frozen. */
  public ReceivedFields received() {
    return received;
  }

  /** Whether received line {@code index} is not to be sent. */
  public boolean isRemoved(int index) {
    if (index < Long.SIZE) {
      return (removedLow & (1L << index)) != 0;
    }
    long[] high = removedHigh;
    return high != null && (high[(index >> 6) - 1] & (1L << index)) != 0;
  }

  /** How many lines were added. */
  public int addedCount() {
    return addedCount;
  }

  /** The name of added line {@code index}, 0 to {@link #addedCount()} - 1. */
  public FieldName addedName(int index) {
    return (FieldName) requireNonNull(requireNonNull(added)[2 * index]);
  }

  /**
   * The value of added line {@code index}, 0 to {@link #addedCount()} - 1; checked by {@link
   * Tokens#isFieldValue}.
   */
  public String addedValue(int index) {
    return (String) requireNonNull(requireNonNull(added)[2 * index + 1]);
  }

  /** The first value with this name, or null. */
  public @Nullable String first(FieldName name) {
    for (int i = received.indexOf(name, 0); i >= 0; i = received.indexOf(name, i + 1)) {
      if (!isRemoved(i)) {
        return received.value(i);
      }
    }
    for (int i = 0; i < addedCount; i++) {
      if (addedName(i).equals(name)) {
        return addedValue(i);
      }
    }
    return null;
  }

  /** All values with this name in the order they will be sent; empty if there is none. */
  public List<String> all(FieldName name) {
    List<String> values = new ArrayList<>(2);
    for (int i = received.indexOf(name, 0); i >= 0; i = received.indexOf(name, i + 1)) {
      if (!isRemoved(i)) {
        values.add(received.value(i));
      }
    }
    for (int i = 0; i < addedCount; i++) {
      if (addedName(i).equals(name)) {
        values.add(addedValue(i));
      }
    }
    return values;
  }

  public boolean contains(FieldName name) {
    for (int i = received.indexOf(name, 0); i >= 0; i = received.indexOf(name, i + 1)) {
      if (!isRemoved(i)) {
        return true;
      }
    }
    for (int i = 0; i < addedCount; i++) {
      if (addedName(i).equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Removes every line with this name. */
  public void remove(FieldName name) {
    for (int i = received.indexOf(name, 0); i >= 0; i = received.indexOf(name, i + 1)) {
      removeReceived(i);
    }
    if (addedCount > 0) {
      removeAdded(name);
    }
  }

  /** Removes received line {@code index}. */
  public void removeReceived(int index) {
    if (index < Long.SIZE) {
      removedLow |= 1L << index;
      return;
    }
    long[] high = removedHigh;
    if (high == null) {
      high = new long[(received.count() - 1) >> 6];
      removedHigh = high;
    }
    high[(index >> 6) - 1] |= 1L << index;
  }

  /**
   * Replaces every line with this name by one.
   *
   * @throws IllegalFieldValueException if the value holds CR, LF, NUL, another control or a
   *     character beyond U+00FF; its message does not repeat the value
   */
  public void set(FieldName name, String value) {
    check(name, value);
    remove(name);
    append(name, value);
  }

  /**
   * Adds a line and keeps those that are there.
   *
   * @throws IllegalFieldValueException as {@link #set}
   */
  public void add(FieldName name, String value) {
    check(name, value);
    append(name, value);
  }

  private static void check(FieldName name, String value) {
    if (!Tokens.isFieldValue(value)) {
      throw new IllegalFieldValueException(name);
    }
  }

  private void append(FieldName name, String value) {
    int at = 2 * addedCount;
    @Nullable Object[] lines = ownAdded(at + 2);
    lines[at] = name;
    lines[at + 1] = value;
    addedCount++;
  }

  /** The added lines with room for {@code needed} slots, shared with nobody. */
  private @Nullable Object[] ownAdded(int needed) {
    @Nullable Object[] lines = added;
    if (lines == null) {
      lines = new @Nullable Object[2 * INITIAL_ADDED];
    } else if (needed > lines.length) {
      lines = Arrays.copyOf(lines, 2 * lines.length);
    } else if (isAddedShared) {
      lines = lines.clone();
    } else {
      return lines;
    }
    added = lines;
    isAddedShared = false;
    return lines;
  }

  private void removeAdded(FieldName name) {
    int first = 0;
    while (first < addedCount && !addedName(first).equals(name)) {
      first++;
    }
    if (first == addedCount) {
      return;
    }
    int end = 2 * addedCount;
    @Nullable Object[] lines = ownAdded(end);
    int kept = 2 * first;
    for (int at = kept + 2; at < end; at += 2) {
      if (!requireNonNull(lines[at]).equals(name)) {
        lines[kept++] = lines[at];
        lines[kept++] = lines[at + 1];
      }
    }
    Arrays.fill(lines, kept, end, null);
    addedCount = kept / 2;
  }
}
