package tollgate.core.message.json;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tollgate.core.message.Place;

/**
 * A JSON document without loss: the bytes as they came and a tape of what stands where. Immutable.
 *
 * <p>A node is an int, good for this document alone; {@link #ROOT} is the whole. A member of an
 * object is named by its value's node: {@code
 *
 * <pre>
 * for (int child = json.firstChild(node); child != NONE; child = json.next(child)) { ... }
 * </pre>
 *
 * } goes over the values of an array or an object, and {@link #name} tells a member's name. Strings
 * are made when they are asked for and not kept. A document takes at most eight times its text and
 * 1 KiB.
 */
public final class JsonDocument {
  /** No node. */
  public static final int NONE = -1;

  /** The value that is the document. */
  public static final int ROOT = 0;

  private final byte[] text;
  private final int[] tape;
  private final int tapeLength;

  JsonDocument(byte[] text, int[] tape, int tapeLength) {
    this.text = text;
    this.tape = tape;
    this.tapeLength = tapeLength;
  }

  public JsonKind kind(int node) {
    return Tape.value(tape[node]);
  }

  /** The first value of an array or object; {@link #NONE} in an empty one and in a scalar. */
  public int firstChild(int node) {
    return Tape.isContainer(tape[node]) ? valueAt(node + 2) : NONE;
  }

  /** The value after {@code node} in the same array or object; {@link #NONE} after the last. */
  public int next(int node) {
    return valueAt(behind(node));
  }

  /** How many values an array or object has; 0 for a scalar. It counts them. */
  public int size(int node) {
    int size = 0;
    for (int child = firstChild(node); child != NONE; child = next(child)) {
      size++;
    }
    return size;
  }

  /** The value of a member, the first of that name; {@link #NONE} if there is none. */
  public int member(int object, JsonName name) {
    if (Tape.kind(tape[object]) != Tape.OBJECT) {
      return NONE;
    }
    for (int child = firstChild(object); child != NONE; child = next(child)) {
      if (isNamed(child, name)) {
        return child;
      }
    }
    return NONE;
  }

  /** The value of a member, the first of that name; {@link #NONE} if there is none. */
  public int member(int object, String name) {
    return member(object, JsonName.of(name));
  }

  /** The element at {@code index} from 0; {@link #NONE} beyond the last and in no array. */
  public int element(int array, long index) {
    if (Tape.kind(tape[array]) != Tape.ARRAY || index < 0) {
      return NONE;
    }
    int child = firstChild(array);
    for (long i = 0; i < index && child != NONE; i++) {
      child = next(child);
    }
    return child;
  }

  /** The name of a member with escapes undone; {@code member} must be the value of one. */
  public String name(int member) {
    return string(tape[nameOf(member)], tape[nameOf(member) + 1]);
  }

  /** The name of a member as it is written, without the quotes. */
  public String nameLexeme(int member) {
    int name = nameOf(member);
    return slice(Tape.offset(tape[name]) + 1, tape[name + 1] - 1);
  }

  /** A number below {@code slots}, a power of two, that is the same for names written the same. */
  public int nameSlot(int member, int slots) {
    int name = nameOf(member);
    int from = Tape.offset(tape[name]) + 1;
    int to = tape[name + 1] - 1;
    int hash = to - from;
    if (hash > 0) {
      hash = 31 * (31 * (31 * hash + text[from]) + text[to - 1]) + text[(from + to) >>> 1];
    }
    return (hash ^ hash >>> 6) & (slots - 1);
  }

  /** Whether a value is that of a member, and no array's and not the whole. */
  public boolean isMember(int node) {
    // What stands there if it is no name is the head of something else, an offset or an index.
    return node > 2 && Tape.isName(tape[node - Tape.SCALAR_INTS]);
  }

  /** One value as a document of its own, without blanks. */
  public JsonDocument part(int node) {
    return new JsonComposer(end(node) - start(node)).copy(this, node).finish();
  }

  public boolean isNamed(int member, JsonName name) {
    int node = nameOf(member);
    int from = Tape.offset(tape[node]) + 1;
    int to = tape[node + 1] - 1;
    byte[] wanted = name.bytes();
    if (Tape.isEscaped(tape[node])) {
      return Arrays.equals(JsonText.decodedBytes(text, from, to), wanted);
    }
    return to - from == wanted.length
        && Arrays.equals(text, from, to, wanted, 0, wanted.length);
  }

  /**
   * A string with escapes undone; halves of surrogate pairs that stood alone do so here. For other
   * scalars their text.
   */
  public String string(int node) {
    int kind = Tape.kind(tape[node]);
    return kind == Tape.STRING || kind == Tape.ESCAPED_STRING
        ? string(tape[node], tape[node + 1])
        : lexeme(node);
  }

  /** Whether a string is written with escapes. */
  public boolean isEscaped(int node) {
    return Tape.isEscaped(tape[node]);
  }

  /** Whether a member's name is written with escapes. */
  public boolean isNameEscaped(int member) {
    return Tape.isEscaped(tape[nameOf(member)]);
  }

  /** Whether a string is written as {@link JsonComposer#string} would write it. */
  public boolean isPlainlyWritten(int node) {
    if (!isEscaped(node)) {
      return true;
    }
    String string = string(node);
    byte[] plain = new byte[JsonText.maxEncodedBytes(string)];
    int length = JsonText.encode(string, plain, 0);
    return Arrays.equals(plain, 0, length, text, start(node), end(node));
  }

  /** The text of any value as it is written: a string with its quotes, an object with its blanks. */
  public String lexeme(int node) {
    return slice(start(node), end(node));
  }

  /** The offset of a value's first byte. */
  public int start(int node) {
    return Tape.offset(tape[node]);
  }

  /** The offset behind a value's last byte. */
  public int end(int node) {
    return Tape.isContainer(tape[node])
        ? Tape.offset(tape[tape[node + 1] - 1]) + 1
        : tape[node + 1];
  }

  /** Where a value begins; counted from the begin of the text when asked. */
  public Place place(int node) {
    return Place.of(text, start(node));
  }

  /** Where a member's name begins. */
  public Place namePlace(int member) {
    return Place.of(text, Tape.offset(tape[nameOf(member)]));
  }

  /** How many bytes the text has. */
  public int length() {
    return text.length;
  }

  /** The byte at that offset. */
  public byte byteAt(int offset) {
    return text[offset];
  }

  /** Appends a value as it is written. */
  public void writeTo(ByteBuf out, int node) {
    out.writeBytes(text, start(node), end(node) - start(node));
  }

  /** The whole as it is written, less blanks and a byte order mark around it. */
  public byte[] toBytes() {
    return Arrays.copyOfRange(text, start(ROOT), end(ROOT));
  }

  /** The whole as it is written, less blanks around it. */
  @Override
  public String toString() {
    return lexeme(ROOT);
  }

  byte[] text() {
    return text;
  }

  int[] tape() {
    return tape;
  }

  /** The index of the document's last END. */
  int tapeEnd() {
    return tapeLength - 1;
  }

  /** The index behind a value: another's, a name's, or an END. */
  int behind(int node) {
    return Tape.isContainer(tape[node]) ? tape[node + 1] : node + Tape.SCALAR_INTS;
  }

  int nameOf(int member) {
    return member - Tape.SCALAR_INTS;
  }

  private int valueAt(int index) {
    int head = tape[index];
    if (Tape.kind(head) == Tape.END) {
      return NONE;
    }
    return Tape.isName(head) ? index + Tape.SCALAR_INTS : index;
  }

  private String string(int head, int end) {
    int from = Tape.offset(head) + 1;
    return Tape.isEscaped(head) ? JsonText.decode(text, from, end - 1) : slice(from, end - 1);
  }

  private String slice(int from, int to) {
    return new String(text, from, to - from, StandardCharsets.UTF_8);
  }
}
