package tollgate.core.message.json;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;

/**
 * Makes a document value by value, in the order of its text; without blanks. It writes text and
 * tape at once, so that nothing is parsed. One thread; used once.
 *
 * <p>Between {@link #beginObject} and its {@link #end} each value is preceded by its name. Whoever
 * breaks the order of calls gets an {@link IllegalStateException}.
 */
public final class JsonComposer {
  private byte[] text;
  private int textLength;
  private int[] tape;
  private int tapeLength;
  private int open = JsonDocument.NONE;

  /** A name was given and its value is due. */
  private boolean isNamed;

  private boolean isComplete;
  private final DuplicateNames duplicates;
  private final NameSet names = new NameSet();

  /** One that expects to write about so many bytes, and does not look for names given twice. */
  public JsonComposer(int expectedBytes) {
    this(expectedBytes, DuplicateNames.KEEP);
  }

  /** One for names that others chose. */
  public JsonComposer(int expectedBytes, DuplicateNames duplicates) {
    this.duplicates = duplicates;
    text = new byte[Math.max(32, Math.min(expectedBytes, Tape.MAX_OFFSET))];
    tape = new int[16 + text.length / 4];
  }

  public JsonComposer beginObject() {
    return begin(Tape.OBJECT, '{');
  }

  public JsonComposer beginArray() {
    return begin(Tape.ARRAY, '[');
  }

  /**
   * Ends the innermost object or array.
   *
   * @throws MalformedPayloadException if the object has a name twice and must not
   */
  public JsonComposer end() {
    require(open != JsonDocument.NONE && !isNamed);
    reserve(1);
    boolean isObject = Tape.kind(tape[open]) == Tape.OBJECT;
    tape[tapeLength++] = Tape.head(Tape.END, textLength);
    text[textLength++] = (byte) (isObject ? '}' : ']');
    int closed = open;
    open = tape[closed + 1];
    tape[closed + 1] = tapeLength;
    if (isObject && duplicates == DuplicateNames.REFUSE && isRepeated(closed)) {
      throw new MalformedPayloadException(Kind.MALFORMED, "JSON: an object with a name twice");
    }
    isComplete = open == JsonDocument.NONE;
    return this;
  }

  /** The name of the next value. */
  public JsonComposer name(String name) {
    startName(JsonText.maxEncodedBytes(name));
    int from = textLength;
    textLength = JsonText.encode(name, text, from);
    addScalar(Tape.NAME, Tape.ESCAPED_NAME, from);
    return endName();
  }

  /** The name of the next value, as a member of another document has it, to the letter. */
  public JsonComposer nameOf(JsonDocument json, int member) {
    int name = json.nameOf(member);
    int head = json.tape()[name];
    copyName(json, name, head);
    return this;
  }

  /**
   * The name of the next value as it shall stand between quotes, with its escapes.
   *
   * @throws MalformedPayloadException if that is no string of JSON
   */
  public JsonComposer nameLexeme(String lexeme) {
    JsonDocument string = JsonParser.parse('"' + lexeme + '"');
    require(string.kind(JsonDocument.ROOT) == JsonKind.STRING);
    int head = string.tape()[0];
    copyName(string, 0, head);
    return this;
  }

  /** A string; halves of surrogate pairs become escapes. */
  public JsonComposer string(String value) {
    startValue(JsonText.maxEncodedBytes(value));
    int from = textLength;
    textLength = JsonText.encode(value, text, from);
    addScalar(Tape.STRING, Tape.ESCAPED_STRING, from);
    return endValue();
  }

  /**
   * A number as it shall stand.
   *
   * @throws IllegalArgumentException if JSON has no such number
   */
  public JsonComposer number(String lexeme) {
    if (!JsonParser.isNumber(lexeme)) {
      throw new IllegalArgumentException("expected a number as JSON writes them");
    }
    return scalar(Tape.NUMBER, lexeme);
  }

  public JsonComposer number(long value) {
    return scalar(Tape.NUMBER, Long.toString(value));
  }

  public JsonComposer bool(boolean value) {
    return scalar(value ? Tape.TRUE : Tape.FALSE, Boolean.toString(value));
  }

  public JsonComposer nullValue() {
    return scalar(Tape.NULL, "null");
  }

  /**
   * One value of any kind as it shall stand.
   *
   * @throws MalformedPayloadException if it is no JSON
   */
  public JsonComposer lexeme(String lexeme) {
    return copy(JsonParser.parse(requireNonNull(lexeme, "lexeme")), JsonDocument.ROOT);
  }

  /** A value of another document with all it holds, scalars and names to the letter. */
  public JsonComposer copy(JsonDocument json, int node) {
    int[] from = json.tape();
    int end = json.behind(node);
    for (int i = node; i < end; ) {
      int head = from[i];
      switch (Tape.kind(head)) {
        case Tape.OBJECT -> {
          beginObject();
          i += 2;
        }
        case Tape.ARRAY -> {
          beginArray();
          i += 2;
        }
        case Tape.END -> {
          end();
          i++;
        }
        case Tape.NAME, Tape.ESCAPED_NAME -> {
          copyName(json, i, head);
          i += Tape.SCALAR_INTS;
        }
        default -> {
          int start = Tape.offset(head);
          int length = from[i + 1] - start;
          startValue(length);
          copyScalar(json, head, start, length);
          endValue();
          i += Tape.SCALAR_INTS;
        }
      }
    }
    return this;
  }

  /** How many bytes are written so far: what a limit on the output is compared with. */
  public int size() {
    return textLength;
  }

  /** Whether a whole value stands there. */
  public boolean isComplete() {
    return isComplete;
  }

  /** The document; nothing may follow. */
  public JsonDocument finish() {
    require(isComplete);
    reserve(0);
    tape[tapeLength++] = Tape.head(Tape.END, textLength);
    // What stays is held as long as the message is: no more room than a parsed document has.
    byte[] exact = text.length == textLength ? text : Arrays.copyOf(text, textLength);
    int[] fitting =
        tape.length - tapeLength > textLength / 4 + 16 ? Arrays.copyOf(tape, tapeLength) : tape;
    return new JsonDocument(exact, fitting, tapeLength);
  }

  private boolean isRepeated(int object) {
    int count = 0;
    for (int i = object + 2; Tape.isName(tape[i]); count++) {
      int value = i + Tape.SCALAR_INTS;
      i = Tape.isContainer(tape[value]) ? tape[value + 1] : value + Tape.SCALAR_INTS;
    }
    return names.firstRepeated(text, tape, object, count) != JsonDocument.NONE;
  }

  private JsonComposer begin(int kind, char bracket) {
    startValue(1);
    tape[tapeLength] = Tape.head(kind, textLength);
    tape[tapeLength + 1] = open;
    open = tapeLength;
    tapeLength += 2;
    text[textLength++] = (byte) bracket;
    isNamed = false;
    return this;
  }

  private JsonComposer scalar(int kind, String ascii) {
    startValue(ascii.length());
    int from = textLength;
    byte[] bytes = ascii.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, text, from, bytes.length);
    textLength += bytes.length;
    tape[tapeLength] = Tape.head(kind, from);
    tape[tapeLength + 1] = textLength;
    tapeLength += 2;
    return endValue();
  }

  private void copyName(JsonDocument json, int name, int head) {
    int start = Tape.offset(head);
    int length = json.tape()[name + 1] - start;
    startName(length);
    boolean isEscaped = Tape.isEscaped(head);
    copyScalar(json, Tape.head(isEscaped ? Tape.ESCAPED_NAME : Tape.NAME, start), start, length);
    endName();
  }

  private void copyScalar(JsonDocument json, int head, int start, int length) {
    System.arraycopy(json.text(), start, text, textLength, length);
    tape[tapeLength] = Tape.head(Tape.kind(head), textLength);
    textLength += length;
    tape[tapeLength + 1] = textLength;
    tapeLength += 2;
  }

  /** Adds what was encoded from {@code from} on; it has escapes if a backslash stands in it. */
  private void addScalar(int plainKind, int escapedKind, int from) {
    boolean isEscaped = false;
    for (int i = from; i < textLength && !isEscaped; i++) {
      isEscaped = text[i] == '\\';
    }
    tape[tapeLength] = Tape.head(isEscaped ? escapedKind : plainKind, from);
    tape[tapeLength + 1] = textLength;
    tapeLength += 2;
  }

  private void startName(int bytes) {
    require(open != JsonDocument.NONE && Tape.kind(tape[open]) == Tape.OBJECT && !isNamed);
    reserve(bytes);
    separate();
  }

  private JsonComposer endName() {
    text[textLength++] = ':';
    isNamed = true;
    return this;
  }

  private void startValue(int bytes) {
    require(
        open == JsonDocument.NONE ? !isComplete : isNamed || Tape.kind(tape[open]) == Tape.ARRAY);
    reserve(bytes);
    if (!isNamed && open != JsonDocument.NONE) {
      separate();
    }
  }

  private JsonComposer endValue() {
    isNamed = false;
    isComplete = open == JsonDocument.NONE;
    return this;
  }

  private void separate() {
    byte last = text[textLength - 1];
    if (last != '{' && last != '[') { // no name and no scalar ends so
      text[textLength++] = ',';
    }
  }

  /** Room for so many bytes with a separator on both sides, and for three ints. */
  private void reserve(int bytes) {
    long needed = (long) textLength + bytes + 3;
    if (needed > text.length) {
      if (needed > Tape.MAX_OFFSET) {
        throw new MalformedPayloadException(
            Kind.TOO_COMPLEX, "JSON: more than " + Tape.MAX_OFFSET + " bytes");
      }
      long wanted = Math.max(needed, text.length + (long) (text.length >> 1));
      text = Arrays.copyOf(text, (int) Math.min(wanted, Tape.MAX_OFFSET));
    }
    if (tapeLength + 3 > tape.length) {
      tape = Arrays.copyOf(tape, tape.length + (tape.length >> 1) + 16);
    }
  }

  private static void require(boolean isInOrder) {
    if (!isInOrder) {
      throw new IllegalStateException("a name or a value where none can stand");
    }
  }
}
