package tollgate.core.message.json;

import java.util.Arrays;

/**
 * Finds a name that an object has twice. Few names are compared with one another; many go through a
 * table by a keyed hash, so that nobody can choose names that fall together. One thread.
 */
final class NameSet {
  private static final int FEW = 8;

  private byte[] text = new byte[0];
  private final int[] few = new int[FEW];
  private int[] table = new int[0];

  /** The first name of a closed object that stands there before; NONE if there is none. */
  int firstRepeated(byte[] text, int[] tape, int object, int count) {
    if (count < 2) {
      return JsonDocument.NONE;
    }
    this.text = text;
    return count <= FEW ? amongFew(tape, object) : amongMany(tape, object, count);
  }

  private int amongFew(int[] tape, int object) {
    int found = 0;
    for (int name = object + 2; Tape.isName(tape[name]); name = behindMember(tape, name)) {
      for (int i = 0; i < found; i++) {
        if (isSame(tape, few[i], name)) {
          return name;
        }
      }
      few[found++] = name;
    }
    return JsonDocument.NONE;
  }

  private int amongMany(int[] tape, int object, int count) {
    int size = Integer.highestOneBit(count) << 2; // 2 to 4 times the names
    if (table.length < size) {
      table = new int[size];
    } else {
      Arrays.fill(table, 0, size, 0);
    }
    for (int name = object + 2; Tape.isName(tape[name]); name = behindMember(tape, name)) {
      int slot = hash(tape, name) & (size - 1);
      while (table[slot] != 0) { // no name is at 0, where the root is
        if (isSame(tape, table[slot], name)) {
          return name;
        }
        slot = (slot + 1) & (size - 1);
      }
      table[slot] = name;
    }
    return JsonDocument.NONE;
  }

  private static int behindMember(int[] tape, int name) {
    int value = name + Tape.SCALAR_INTS;
    return Tape.isContainer(tape[value]) ? tape[value + 1] : value + Tape.SCALAR_INTS;
  }

  private int hash(int[] tape, int name) {
    int from = Tape.offset(tape[name]) + 1;
    int to = tape[name + 1] - 1;
    if (!Tape.isEscaped(tape[name])) {
      return KeyedHash.of(text, from, to);
    }
    byte[] decoded = JsonText.decodedBytes(text, from, to);
    return KeyedHash.of(decoded, 0, decoded.length);
  }

  private boolean isSame(int[] tape, int left, int right) {
    int leftFrom = Tape.offset(tape[left]) + 1;
    int leftTo = tape[left + 1] - 1;
    int rightFrom = Tape.offset(tape[right]) + 1;
    int rightTo = tape[right + 1] - 1;
    if (!Tape.isEscaped(tape[left]) && !Tape.isEscaped(tape[right])) {
      return leftTo - leftFrom == rightTo - rightFrom
          && Arrays.equals(text, leftFrom, leftTo, text, rightFrom, rightTo);
    }
    return Arrays.equals(
        JsonText.decodedBytes(text, leftFrom, leftTo),
        JsonText.decodedBytes(text, rightFrom, rightTo));
  }
}
