package tollgate.core.message.json;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.Place;

/**
 * Strict RFC 8259 over UTF-8: one pass, no recursion, time linear in the bytes whatever they are.
 * Any thread by the static methods.
 *
 * <p>It accepts exactly the grammar, and a byte order mark before it (RFC 8259 section 8.1 allows
 * that). Every string is valid UTF-8 (Unicode table 3-7); escapes may name half of a surrogate
 * pair, which stays as it is written. Numbers are checked for their form and never computed.
 *
 * <p>One class, since all of it is the state of one pass: states are the loops of {@link #read}.
 *
 * <p>More than 400 lines in one class: it is the grammar of one language over one position.
 */
public final class JsonParser {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private final byte[] text;
  private final PayloadLimits limits;
  private final DuplicateNames duplicates;

  private int at;
  private int[] tape;
  private int length;

  /** Index of the innermost open container, -1 at the top. */
  private int open = JsonDocument.NONE;

  private int depth;

  /** How many values the open containers have, by depth. */
  private int[] counts = new int[16];

  private int nodes;
  private boolean isEscaped;
  private final NameSet names = new NameSet();

  private JsonParser(byte[] text, PayloadLimits limits, DuplicateNames duplicates) {
    this.text = text;
    this.limits = limits;
    this.duplicates = duplicates;
    this.tape = new int[16 + text.length / 4];
  }

  /**
   * A document of a text whose author is known, so without limits.
   *
   * @throws MalformedPayloadException if it is no JSON
   */
  public static JsonDocument parse(String text) {
    return parse(text.getBytes(StandardCharsets.UTF_8), PayloadLimits.NONE, DuplicateNames.REFUSE);
  }

  /**
   * The document of a text.
   *
   * @param utf8 taken: it becomes the document's, nobody may change it any more
   * @throws MalformedPayloadException if it is no JSON, or beyond a limit
   */
  public static JsonDocument parse(byte[] utf8, PayloadLimits limits, DuplicateNames duplicates) {
    requireNonNull(utf8, "utf8");
    if (utf8.length > limits.bytes()) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX, "more than " + limits.bytes() + " bytes");
    }
    JsonParser parser = new JsonParser(utf8, limits, duplicates);
    parser.read();
    return new JsonDocument(utf8, parser.tape, parser.length);
  }

  /** Whether it is a number as JSON writes them. */
  public static boolean isNumber(String lexeme) {
    int end = lexeme.length();
    int at = end > 0 && lexeme.charAt(0) == '-' ? 1 : 0;
    if (at < end && lexeme.charAt(at) == '0') {
      at++;
    } else {
      at = behindDigits(lexeme, at);
    }
    if (at > 0 && at < end && lexeme.charAt(at) == '.') {
      at = behindDigits(lexeme, at + 1);
    }
    if (at > 0 && at < end && (lexeme.charAt(at) == 'e' || lexeme.charAt(at) == 'E')) {
      at++;
      boolean isSigned = at < end && (lexeme.charAt(at) == '+' || lexeme.charAt(at) == '-');
      at = behindDigits(lexeme, isSigned ? at + 1 : at);
    }
    return at == end && end > 0;
  }

  /** The index behind at least one digit; -1 if there is none. */
  private static int behindDigits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at == from ? -1 : at;
  }

  private void read() {
    if (text.length >= 3
        && text[0] == (byte) 0xef
        && text[1] == (byte) 0xbb
        && text[2] == (byte) 0xbf) {
      at = 3;
    }
    skipBlanks();
    while (readValueOrOpen() && readAfterValue()) {
      skipBlanks();
    }
    // all containers are closed, or one was just opened and not closed: see the two methods
  }

  /**
   * At the begin of a value: reads a scalar or an empty container, or opens one up to its first
   * value.
   *
   * @return whether a value has ended
   */
  private boolean readValueOrOpen() {
    while (true) {
      int c = peek();
      if (c == '{') {
        open(Tape.OBJECT);
        if (peek() == '}') {
          close();
          return true;
        }
        readName();
      } else if (c == '[') {
        open(Tape.ARRAY);
        if (peek() == ']') {
          close();
          return true;
        }
        countValue();
      } else {
        readScalar(c);
        return true;
      }
    }
  }

  /**
   * Behind a value: closes what ends here, up to where the next value begins.
   *
   * @return whether there is one; else the document has ended
   */
  private boolean readAfterValue() {
    while (true) {
      skipBlanks();
      if (open == JsonDocument.NONE) {
        if (at < text.length) {
          throw malformed("something after the value", at);
        }
        reserve();
        tape[length++] = Tape.head(Tape.END, text.length);
        return false;
      }
      boolean isObject = Tape.kind(tape[open]) == Tape.OBJECT;
      int c = peek();
      if (c == ',') {
        at++;
        skipBlanks();
        if (isObject) {
          readName();
        } else {
          countValue();
        }
        return true;
      }
      if (c != (isObject ? '}' : ']')) {
        throw malformed(isObject ? "expected , or }" : "expected , or ]", at);
      }
      close();
    }
  }

  private void open(int kind) {
    if (depth == limits.depth()) {
      throw tooComplex("nested deeper than " + limits.depth(), at);
    }
    countNode();
    reserve();
    tape[length] = Tape.head(kind, at);
    tape[length + 1] = open;
    open = length;
    length += 2;
    depth++;
    if (depth == counts.length) {
      counts = Arrays.copyOf(counts, counts.length * 2);
    }
    counts[depth] = 0;
    at++;
    skipBlanks();
  }

  private void close() {
    reserve();
    tape[length++] = Tape.head(Tape.END, at);
    at++;
    int closed = open;
    open = tape[closed + 1];
    tape[closed + 1] = length;
    if (Tape.kind(tape[closed]) == Tape.OBJECT && duplicates == DuplicateNames.REFUSE) {
      int twice = names.firstRepeated(text, tape, closed, counts[depth]);
      if (twice != JsonDocument.NONE) {
        throw malformed("a name that the object has already", Tape.offset(tape[twice]));
      }
    }
    depth--;
  }

  private void countValue() {
    if (++counts[depth] > limits.arrayLength()) {
      throw tooComplex("an array of more than " + limits.arrayLength() + " values", at);
    }
  }

  private void countNode() {
    if (++nodes > limits.nodes()) {
      throw tooComplex("more than " + limits.nodes() + " values and names", at);
    }
  }

  private void readName() {
    if (peek() != '"') {
      throw malformed("expected a name in quotes", at);
    }
    if (++counts[depth] > limits.members()) {
      throw tooComplex("an object of more than " + limits.members() + " members", at);
    }
    int end = endOfString(at + 1);
    if (end - at - 1 > limits.nameBytes()) {
      throw tooComplex("a name of more than " + limits.nameBytes() + " bytes", at);
    }
    add(isEscaped ? Tape.ESCAPED_NAME : Tape.NAME, end + 1);
    skipBlanks();
    if (peek() != ':') {
      throw malformed("expected : after the name", at);
    }
    at++;
    skipBlanks();
  }

  private void readScalar(int c) {
    switch (c) {
      case '"' -> readString();
      case 't' -> readWord(Tape.TRUE, "true");
      case 'f' -> readWord(Tape.FALSE, "false");
      case 'n' -> readWord(Tape.NULL, "null");
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        int end = endOfNumber();
        if (end - at > limits.numberBytes()) {
          throw tooComplex("a number of more than " + limits.numberBytes() + " bytes", at);
        }
        add(Tape.NUMBER, end);
      }
      default -> throw malformed("expected a value", at);
    }
  }

  private void readString() {
    int end = endOfString(at + 1);
    if (end - at - 1 > limits.stringBytes()) {
      throw tooComplex("a string of more than " + limits.stringBytes() + " bytes", at);
    }
    add(isEscaped ? Tape.ESCAPED_STRING : Tape.STRING, end + 1);
  }

  private void readWord(int kind, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at + i == text.length || text[at + i] != word.charAt(i)) {
        throw malformed("expected " + word, at);
      }
    }
    add(kind, at + word.length());
  }

  private int endOfNumber() {
    int end = at;
    if (text[end] == '-') {
      end++;
    }
    if (end < text.length && text[end] == '0') {
      end++;
      if (end < text.length && isDigit(text[end])) {
        throw malformed("a number that begins with 0", end);
      }
    } else {
      end = endOfDigits(end);
    }
    if (end < text.length && text[end] == '.') {
      end = endOfDigits(end + 1);
    }
    if (end < text.length && (text[end] | 0x20) == 'e') {
      end++;
      if (end < text.length && (text[end] == '+' || text[end] == '-')) {
        end++;
      }
      end = endOfDigits(end);
    }
    return end;
  }

  private int endOfDigits(int from) {
    int end = from;
    while (end < text.length && isDigit(text[end])) {
      end++;
    }
    if (end == from) {
      throw malformed("expected a digit", end);
    }
    return end;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** The offset of the quote that ends the string; tells in {@link #isEscaped} what was met. */
  private int endOfString(int from) {
    isEscaped = false;
    int i = from;
    while (true) {
      i = skipPlain(i);
      if (i >= text.length) {
        throw malformed("a string that does not end", text.length);
      }
      byte b = text[i];
      if (b == '"') {
        return i;
      }
      if (b == '\\') {
        isEscaped = true;
        i = endOfEscape(i);
      } else if (b < 0) {
        i = endOfCharacter(i);
      } else {
        throw malformed("a control character in a string", i);
      }
    }
  }

  /** Over what stands for itself: eight bytes at once, then one by one. */
  private int skipPlain(int from) {
    int i = from;
    while (i + 8 <= text.length) {
      long word = (long) LONGS.get(text, i);
      long quotes = word ^ ONES * '"';
      long slashes = word ^ ONES * '\\';
      // The lowest marked byte is right; a borrow can mark only bytes above it.
      long marked = ((word - ONES * ' ') | (quotes - ONES) | (slashes - ONES) | word) & HIGH_BITS;
      if (marked != 0) {
        return i + (Long.numberOfTrailingZeros(marked) >>> 3);
      }
      i += 8;
    }
    while (i < text.length && text[i] >= ' ' && text[i] != '"' && text[i] != '\\') {
      i++;
    }
    return i;
  }

  private int endOfEscape(int from) {
    if (from + 1 >= text.length) {
      throw malformed("a string that does not end", text.length);
    }
    return switch (text[from + 1]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> from + 2;
      case 'u' -> endOfHex(from + 2);
      default -> throw malformed("an unknown escape", from);
    };
  }

  private int endOfHex(int from) {
    for (int i = from; i < from + 4; i++) {
      if (i >= text.length || !isHex(text[i])) {
        throw malformed("expected four hexadecimal digits", i);
      }
    }
    return from + 4;
  }

  private static boolean isHex(byte b) {
    int lower = b | 0x20;
    return isDigit(b) || (lower >= 'a' && lower <= 'f');
  }

  /** Unicode table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF. */
  private int endOfCharacter(int from) {
    int first = text[from] & 0xff;
    if (first >= 0xc2 && first <= 0xdf) {
      return endOfTail(from, 1, 0x80, 0xbf);
    }
    if (first >= 0xe0 && first <= 0xef) {
      return endOfTail(from, 2, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf);
    }
    if (first >= 0xf0 && first <= 0xf4) {
      return endOfTail(from, 3, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf);
    }
    throw malformed("no UTF-8", from);
  }

  private int endOfTail(int from, int tail, int low, int high) {
    if (from + tail >= text.length) {
      throw malformed("no UTF-8", from);
    }
    int second = text[from + 1] & 0xff;
    boolean isGood = second >= low && second <= high;
    for (int i = from + 2; i <= from + tail; i++) {
      isGood &= (text[i] & 0xc0) == 0x80;
    }
    if (!isGood) {
      throw malformed("no UTF-8", from);
    }
    return from + tail + 1;
  }

  /** Adds a name or a scalar that begins here, and goes behind it. */
  private void add(int kind, int end) {
    countNode();
    reserve();
    tape[length] = Tape.head(kind, at);
    tape[length + 1] = end;
    length += 2;
    at = end;
  }

  /** Room for three ints more; never more than the tape of any text of this length can need. */
  private void reserve() {
    if (length + 3 > tape.length) {
      long most = 16L + text.length + (text.length >> 1);
      long wanted = tape.length + (long) (tape.length >> 1) + 16;
      tape = Arrays.copyOf(tape, (int) Math.max(length + 3, Math.min(most, wanted)));
    }
  }

  private void skipBlanks() {
    while (at < text.length) {
      byte b = text[at];
      if (b > ' ' || (b != ' ' && b != '\n' && b != '\r' && b != '\t')) {
        return;
      }
      at++;
    }
  }

  /** The byte here, -1 at the end. */
  private int peek() {
    return at < text.length ? text[at] & 0xff : -1;
  }

  private MalformedPayloadException malformed(String reason, int offset) {
    boolean isEnd = offset >= text.length;
    return failure(Kind.MALFORMED, isEnd ? "an early end" : reason, offset);
  }

  private MalformedPayloadException tooComplex(String reason, int offset) {
    return failure(Kind.TOO_COMPLEX, reason, offset);
  }

  private MalformedPayloadException failure(Kind kind, String reason, int offset) {
    Place place = Place.of(text, offset);
    return new MalformedPayloadException(
        kind, "JSON: " + reason, place.line(), place.column(), place.offset());
  }
}
