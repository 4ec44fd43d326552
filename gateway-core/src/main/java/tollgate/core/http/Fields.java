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
  private @Nullable FieldName @Nullable [] addedNames;
  private @Nullable String @Nullable [] addedValues;
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
    @Nullable FieldName[] names = addedNames;
    @Nullable String[] values = addedValues;
    if (names != null && values != null && addedCount > 0) {
      copy.addedNames = names.clone();
      copy.addedValues = values.clone();
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
    return requireNonNull(requireNonNull(addedNames)[index]);
  }

  /**
   * The value of added line {@code index}, 0 to {@link #addedCount()} - 1; checked by {@link
   * Tokens#isFieldValue}.
   */
  public String addedValue(int index) {
    return requireNonNull(requireNonNull(addedValues)[index]);
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
    @Nullable FieldName[] names = addedNames;
    @Nullable String[] values = addedValues;
    if (names == null || values == null) {
      names = new @Nullable FieldName[INITIAL_ADDED];
      values = new @Nullable String[INITIAL_ADDED];
    } else if (addedCount == names.length) {
      names = Arrays.copyOf(names, addedCount * 2);
      values = Arrays.copyOf(values, addedCount * 2);
    }
    names[addedCount] = name;
    values[addedCount] = value;
    addedNames = names;
    addedValues = values;
    addedCount++;
  }

  private void removeAdded(FieldName name) {
    @Nullable FieldName[] names = requireNonNull(addedNames);
    @Nullable String[] values = requireNonNull(addedValues);
    int kept = 0;
    for (int i = 0; i < addedCount; i++) {
      if (!addedName(i).equals(name)) {
        names[kept] = names[i];
        values[kept++] = values[i];
      }
    }
    Arrays.fill(names, kept, addedCount, null);
    Arrays.fill(values, kept, addedCount, null);
    addedCount = kept;
  }
}
