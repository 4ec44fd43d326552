package tollgate.core.message.scan;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import tollgate.core.message.scan.Finding.Kind;

/**
 * Checks JSON (RFC 8259) in UTF-8 as strictly as the standard allows, and counts it against limits.
 * One thread at a time. Stricter than the grammar in three points, where readers differ: no byte
 * order mark, no surrogate without its other half, and no two members of one name unless the limits
 * allow that.
 *
 * <p>A state machine over bytes. {@code state} says what comes next in the structure, {@code part}
 * where within a string, number or literal it stands; both survive the end of a chunk, as do the
 * counts. What is open is an array of ints, one a level: twice the count of what is in it, plus one
 * for an object. Names are compared by hashes of 64 bits under a key of this process: those of an
 * object's members stand behind those of the objects it is in, and are looked through when it ends.
 *
 * <p>Lengths of strings are judged when the string ends, the chunk ends or something else is found
 * in it, whichever comes first, so that a chunk's end changes no verdict: each of these three asks
 * for the same count up to the byte it is at. The same holds for lengths of numbers.
 *
 * <p>More than 400 lines in one class: it is one state machine.
 */
public final class JsonScanner extends WindowedScanner {
  /** Eight bytes of an array as they stand, the first lowest. */
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long SPACES = ' ' * ONES;
  private static final long QUOTES = '"' * ONES;
  private static final long BACKSLASHES = '\\' * ONES;

  private static final long KEY = ThreadLocalRandom.current().nextLong() | 1;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  // What comes next.
  private static final int VALUE = 0;
  private static final int FIRST_ELEMENT = 1;
  private static final int FIRST_NAME = 2;
  private static final int NAME = 3;
  private static final int COLON = 4;
  private static final int AFTER = 5;
  private static final int STRING = 6;
  private static final int NUMBER = 7;
  private static final int LITERAL = 8;

  // Where in a string.
  private static final int PLAIN = 0;
  private static final int ESCAPE = 1;
  private static final int HEX = 2;
  private static final int CONTINUATION = 3;
  private static final int LOW_BACKSLASH = 4;
  private static final int LOW_U = 5;

  // Where in a number.
  private static final int MINUS = 0;
  private static final int ZERO = 1;
  private static final int INTEGER = 2;
  private static final int POINT = 3;
  private static final int FRACTION = 4;
  private static final int E = 5;
  private static final int SIGN = 6;
  private static final int EXPONENT = 7;

  private static final byte[][] LITERALS = {
    {'t', 'r', 'u', 'e'}, {'f', 'a', 'l', 's', 'e'}, {'n', 'u', 'l', 'l'}
  };

  private final JsonLimits limits;
  private final boolean isLines;
  private int state = VALUE;
  private int part;
  private int depth;
  private int[] levels = new int[8];
  private int total;
  private boolean isDone;

  // Of the string or number that is open: where it began, and how many of its bytes do not count.
  private long begin;
  private int surplus;
  private boolean isName;

  // Of what is open within a string: hexadecimal digits left and their value; a high surrogate that
  // waits for its other half; continuation bytes left and the range of the next.
  private int left;
  private int value;
  private int high;
  private byte from;
  private byte to;

  private byte[] literal = LITERALS[0];
  private int exponent;

  // Names: where the one that is open begins in the array; what was kept of it before that.
  private int nameAt;
  private byte[] kept = {};
  private int keptLength;
  private long[] names = {};
  private int nameCount;

  /**
   * @param window see {@link WindowedScanner}; used during calls only
   */
  public JsonScanner(JsonLimits limits, byte[] window) {
    this(limits, window, false);
  }

  private JsonScanner(JsonLimits limits, byte[] window, boolean isLines) {
    super(window, limits.bytes());
    this.limits = limits;
    this.isLines = isLines;
  }

  /** For any number of texts, each ended by a line feed (NDJSON); the limits are those of all. */
  public static JsonScanner ofLines(JsonLimits limits, byte[] window) {
    return new JsonScanner(limits, window, true);
  }

  @Override
  void look(byte[] bytes, int start, int end) {
    int at = start;
    if (state == STRING && isName) {
      nameAt = at;
    }
    while (at < end) {
      at =
          switch (state) {
            case STRING -> string(bytes, at, end);
            case NUMBER -> number(bytes, at, end);
            case LITERAL -> literal(bytes, at, end);
            default -> structure(bytes, at, end);
          };
      if (at < 0) {
        return;
      }
    }
  }

  @Override
  void complete() {
    if (state == NUMBER
        && (part == ZERO || part == INTEGER || part == FRACTION || part == EXPONENT)
        && depth == 0) {
      state = AFTER;
    }
    boolean isWhole = depth == 0 && (state == AFTER || (state == VALUE && isLines && isDone));
    if (!isWhole) {
      refuse(Kind.MALFORMED, offset(), "JSON: ends too soon");
    }
  }

  /** Between strings, numbers and literals. */
  private int structure(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end) {
      byte c = bytes[at];
      if (c <= ' ') {
        if (c == '\n' && isLines && depth == 0) {
          nextLine();
          at++;
        } else if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
          at++;
          while (at <= end - 8 && (long) WORD.get(bytes, at) == SPACES) {
            at += 8;
          }
        } else {
          return malformed(at, c);
        }
        continue;
      }
      switch (state) {
        case AFTER -> {
          if (c == ',') {
            if (depth == 0) {
              return malformed(at, c);
            }
            at = next(at);
          } else if (c == '}' || c == ']') {
            at = close(at, c);
          } else {
            return malformed(at, c);
          }
          if (at < 0) {
            return at;
          }
        }
        case COLON -> {
          if (c != ':') {
            return malformed(at, c);
          }
          at++;
          state = VALUE;
        }
        case NAME, FIRST_NAME -> {
          if (c == '"') {
            if (state == FIRST_NAME && !first(at)) {
              return -1;
            }
            at = members(bytes, at, end);
          } else if (c == '}' && state == FIRST_NAME) {
            at = close(at, c);
          } else {
            return malformed(at, c);
          }
          if (at < 0) {
            return at;
          }
        }
        default -> {
          if (state == FIRST_ELEMENT) {
            if (c == ']') {
              at = close(at, c);
              if (at < 0) {
                return at;
              }
              continue;
            }
            if (!first(at)) {
              return -1;
            }
          }
          at = value(bytes, at, end, c);
          if (at < 0 || at == end) {
            return at;
          }
        }
      }
      if (state >= STRING) {
        return at; // the array ended in the middle of it
      }
    }
    return at;
  }

  /**
   * From the quote of a name through as many plain members as follow each other without blanks but
   * the one behind a colon; whatever else comes is left to {@link #structure}.
   */
  private int members(byte[] bytes, int start, int end) {
    int at = start;
    do {
      at = name(bytes, at, end);
      if (state != COLON || at < 0 || at == end || bytes[at] != ':') {
        return at;
      }
      state = VALUE;
      if (++at == end) {
        return at;
      }
      byte c = bytes[at];
      if (c <= ' ') {
        if (c != ' ' || ++at == end) {
          return at;
        }
        c = bytes[at];
        if (c <= ' ') {
          return at;
        }
      }
      at = value(bytes, at, end, c);
      if (state != AFTER || at < 0 || at == end || bytes[at] != ',') {
        return at;
      }
      at = next(at);
    } while (at > 0 && at < end && bytes[at] == '"');
    return at;
  }

  private int value(byte[] bytes, int at, int end, byte c) {
    return switch (c) {
      case '"' -> {
        int close = plain(bytes, at + 1, end);
        if (close < end && bytes[close] == '"' && close - at - 1 <= limits.stringLength()) {
          state = AFTER; // nothing in it that needs a state
          yield close + 1;
        }
        isName = false;
        yield string(bytes, openString(at), end);
      }
      case '{' -> open(at, 1, FIRST_NAME);
      case '[' -> open(at, 0, FIRST_ELEMENT);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        begin = offset(at);
        exponent = 0;
        part = c == '-' ? MINUS : c == '0' ? ZERO : INTEGER;
        state = NUMBER;
        yield number(bytes, at + 1, end);
      }
      case 't' -> literalBegins(LITERALS[0], bytes, at, end);
      case 'f' -> literalBegins(LITERALS[1], bytes, at, end);
      case 'n' -> literalBegins(LITERALS[2], bytes, at, end);
      default -> malformed(at, c);
    };
  }

  private int open(int at, int kind, int first) {
    if (depth == limits.depth()) {
      return refused(Kind.DEPTH, offset(at), "JSON: more than " + limits.depth() + " levels");
    }
    if (++depth == levels.length) {
      levels = Arrays.copyOf(levels, Math.min(2 * depth, limits.depth() + 1));
    }
    levels[depth] = kind;
    state = first;
    return at + 1;
  }

  private int close(int at, byte c) {
    int level = depth == 0 ? -1 : levels[depth];
    if (level < 0 || (level & 1) != (c == '}' ? 1 : 0)) {
      return malformed(at, c);
    }
    depth--;
    if (c == '}' && !limits.duplicateNames() && hasTwice(level >> 1)) {
      return refused(Kind.DUPLICATE_NAME, offset(at), "JSON: an object with two members of a name");
    }
    state = AFTER;
    return at + 1;
  }

  /** The first member or element. */
  private boolean first(int at) {
    levels[depth] += 2;
    return countTotal(at);
  }

  /** A comma: one more member or element. */
  private int next(int at) {
    int level = levels[depth] + 2;
    levels[depth] = level;
    boolean isObject = (level & 1) != 0;
    if (level >> 1 > (isObject ? limits.members() : limits.arrayLength())) {
      return isObject
          ? refused(
              Kind.MEMBERS,
              offset(at),
              "JSON: an object of more than " + limits.members() + " members")
          : refused(
              Kind.ARRAY_LENGTH,
              offset(at),
              "JSON: an array of more than " + limits.arrayLength() + " elements");
    }
    state = isObject ? NAME : VALUE;
    return countTotal(at) ? at + 1 : -1;
  }

  private boolean countTotal(int at) {
    if (++total > limits.totalMembers()) {
      refuse(
          Kind.TOTAL_MEMBERS,
          offset(at),
          "JSON: more than " + limits.totalMembers() + " members and elements");
      return false;
    }
    return true;
  }

  private void nextLine() {
    if (state == AFTER) {
      state = VALUE;
      isDone = true;
    }
  }

  // ---- strings

  private int name(byte[] bytes, int at, int end) {
    int close = plain(bytes, at + 1, end);
    if (close < end && bytes[close] == '"' && close - at - 1 <= limits.nameLength()) {
      if (!limits.duplicateNames()) {
        addName(hash(bytes, at + 1, close));
      }
      state = COLON;
      return close + 1;
    }
    isName = true;
    nameAt = at + 1;
    return string(bytes, openString(at), end);
  }

  private int openString(int at) {
    begin = offset(at) + 1;
    surplus = 0;
    part = PLAIN;
    state = STRING;
    return at + 1;
  }

  /** The index behind the closing quote, {@code end} if it is not there, or -1. */
  private int string(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end) {
      if (part != PLAIN) {
        at = within(bytes, at);
        if (at < 0) {
          return at;
        }
        continue;
      }
      at = plain(bytes, at, end);
      if (at == end) {
        break;
      }
      byte c = bytes[at];
      if (c == '"') {
        return closeString(bytes, at);
      }
      if (c == '\\') {
        if (isName) {
          keepName(bytes, at);
        }
        part = ESCAPE;
      } else if (c >= 0 || !isLead(c)) {
        return malformedInString(at, c);
      }
      at++;
    }
    if (length(at) > maxLength()) {
      return tooLong();
    }
    if (isName && (part == PLAIN || part == CONTINUATION)) {
      keepName(bytes, at);
    }
    return at;
  }

  /** The index of the first byte that is not to be skipped. */
  private static int plain(byte[] bytes, int start, int end) {
    int at = start;
    while (at <= end - 8) {
      long word = (long) WORD.get(bytes, at);
      long quote = word ^ QUOTES;
      long backslash = word ^ BACKSLASHES;
      // The lowest bit that is set is exact; those above it need not be.
      long hit =
          (((quote - ONES) & ~quote)
                  | ((backslash - ONES) & ~backslash)
                  | ((word - SPACES) & ~word)
                  | word)
              & HIGHS;
      if (hit != 0) {
        return at + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
      at += 8;
    }
    while (at < end) {
      byte c = bytes[at];
      if (c < ' ' || c == '"' || c == '\\') {
        break;
      }
      at++;
    }
    return at;
  }

  /** One byte within an escape or a character of several bytes. */
  private int within(byte[] bytes, int at) {
    byte c = bytes[at];
    switch (part) {
      case CONTINUATION -> {
        if (c < from || c > to) {
          return malformedInString(at, c);
        }
        from = (byte) 0x80;
        to = (byte) 0xBF;
        part = --left == 0 ? PLAIN : CONTINUATION;
      }
      case ESCAPE -> {
        int meant = escaped(c);
        if (meant < 0) {
          return malformedInString(at, c);
        }
        if (c == 'u') {
          startHex();
        } else {
          part = PLAIN;
          meansName(meant, at);
        }
      }
      case HEX -> {
        int digit = Character.digit(c, 16); // of a byte: ASCII only
        if (digit < 0) {
          return malformedInString(at, c);
        }
        value = value << 4 | digit;
        if (--left == 0 && !isUnit(at)) {
          return malformedInString(at, c);
        }
      }
      case LOW_BACKSLASH -> {
        if (c != '\\') {
          return malformedInString(at, c);
        }
        part = LOW_U;
      }
      default -> { // LOW_U
        if (c != 'u') {
          return malformedInString(at, c);
        }
        startHex();
      }
    }
    surplus++;
    return at + 1;
  }

  private void startHex() {
    part = HEX;
    left = 4;
    value = 0;
  }

  /** Whether the four digits may stand here. */
  private boolean isUnit(int at) {
    boolean isLow = value >= 0xDC00 && value <= 0xDFFF;
    if (high != 0) {
      if (!isLow) {
        return false;
      }
      meansName(Character.toCodePoint((char) high, (char) value), at);
      high = 0;
      part = PLAIN;
      return true;
    }
    if (isLow) {
      return false;
    }
    if (value >= 0xD800 && value <= 0xDBFF) {
      high = value;
      part = LOW_BACKSLASH;
    } else {
      part = PLAIN;
      meansName(value, at);
    }
    return true;
  }

  private static int escaped(byte c) {
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> 0;
      default -> -1;
    };
  }

  /** Whether {@code c} begins a character of several bytes (RFC 3629 section 4). */
  private boolean isLead(byte c) {
    int lead = c & 0xFF;
    if (lead < 0xC2 || lead > 0xF4) {
      return false;
    }
    part = CONTINUATION;
    left = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    from = (byte) (lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80);
    to = (byte) (lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF);
    return true;
  }

  private int closeString(byte[] bytes, int at) {
    if (length(at) > maxLength()) {
      return tooLong();
    }
    if (isName) {
      if (!limits.duplicateNames()) {
        nameEnds(bytes, at);
      }
      state = COLON;
    } else {
      state = AFTER;
    }
    return at + 1;
  }

  private long length(int at) {
    return offset(at) - begin - surplus;
  }

  private int maxLength() {
    return isName ? limits.nameLength() : limits.stringLength();
  }

  private int tooLong() {
    return isName
        ? refused(
            Kind.NAME_LENGTH,
            begin - 1,
            "JSON: a name of more than " + limits.nameLength() + " characters")
        : refused(
            Kind.STRING_LENGTH,
            begin - 1,
            "JSON: a string of more than " + limits.stringLength() + " characters");
  }

  private int malformedInString(int at, byte c) {
    return length(at) > maxLength() ? tooLong() : malformed(at, c);
  }

  // ---- names

  /** Keeps what is read of a name, since what follows is not the next in the array. */
  private void keepName(byte[] bytes, int at) {
    int length = at - nameAt;
    if (length > 0 && !limits.duplicateNames()) {
      room(length);
      System.arraycopy(bytes, nameAt, kept, keptLength, length);
      keptLength += length;
    }
    nameAt = at;
  }

  private void room(int more) {
    if (keptLength + more > kept.length) {
      kept = Arrays.copyOf(kept, Math.max(64, 2 * (keptLength + more)));
    }
  }

  /** An escape that ends at {@code at} stands for a character. */
  private void meansName(int character, int at) {
    if (!isName) {
      return;
    }
    nameAt = at + 1;
    if (limits.duplicateNames()) {
      return;
    }
    room(4);
    if (character < 0x80) {
      kept[keptLength++] = (byte) character;
      return;
    }
    int tails = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    kept[keptLength++] = (byte) ((0xF0 << (3 - tails)) | (character >> (6 * tails)));
    for (int i = tails - 1; i >= 0; i--) {
      kept[keptLength++] = (byte) (0x80 | ((character >> (6 * i)) & 0x3F));
    }
  }

  private void nameEnds(byte[] bytes, int at) {
    long hash;
    if (keptLength == 0) {
      hash = hash(bytes, nameAt, at);
    } else {
      keepName(bytes, at);
      hash = hash(kept, 0, keptLength);
      keptLength = 0;
    }
    addName(hash);
  }

  private void addName(long hash) {
    if (nameCount == names.length) {
      names = Arrays.copyOf(names, Math.max(16, 2 * nameCount));
    }
    names[nameCount++] = hash;
  }

  private static long hash(byte[] bytes, int start, int end) {
    long hash = KEY + (end - start);
    int at = start;
    for (; at <= end - 8; at += 8) {
      hash = mix(hash ^ (long) WORD.get(bytes, at));
    }
    long rest = 0;
    if (at < end && at <= bytes.length - 8) {
      rest = (long) WORD.get(bytes, at) & (-1L >>> (64 - 8 * (end - at)));
    } else {
      for (int shift = 0; at < end; at++, shift += 8) {
        rest |= (bytes[at] & 0xFFL) << shift;
      }
    }
    return mix(hash ^ rest);
  }

  private static long mix(long word) {
    long low = word * SPREAD;
    long top = Math.unsignedMultiplyHigh(word, SPREAD ^ KEY);
    return low ^ top ^ Long.rotateRight(word, 29);
  }

  /** Whether two of the last {@code count} names are the same; takes them off. */
  private boolean hasTwice(int count) {
    int end = nameCount;
    int start = end - count;
    nameCount = start;
    if (count > 24) {
      Arrays.sort(names, start, end);
      for (int i = start + 1; i < end; i++) {
        if (names[i] == names[i - 1]) {
          return true;
        }
      }
      return false;
    }
    for (int i = start + 1; i < end; i++) {
      long name = names[i];
      for (int j = start; j < i; j++) {
        if (names[j] == name) {
          return true;
        }
      }
    }
    return false;
  }

  // ---- numbers and literals

  private int number(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end) {
      byte c = bytes[at];
      boolean isDigit = c >= '0' && c <= '9';
      switch (part) {
        case INTEGER, FRACTION -> {
          while (isDigit && at + 1 < end) {
            c = bytes[++at];
            isDigit = c >= '0' && c <= '9';
          }
          if (!isDigit) {
            if (c == '.' && part == INTEGER) {
              part = POINT;
            } else if ((c | 0x20) == 'e') {
              part = E;
            } else {
              return numberEnds(at);
            }
          }
        }
        case EXPONENT -> {
          if (!isDigit) {
            return numberEnds(at);
          }
          if (!addsToExponent(at, c)) {
            return -1;
          }
        }
        case MINUS -> {
          if (!isDigit) {
            return malformedInNumber(at, c);
          }
          part = c == '0' ? ZERO : INTEGER;
        }
        case ZERO -> {
          if (c == '.') {
            part = POINT;
          } else if ((c | 0x20) == 'e') {
            part = E;
          } else {
            return numberEnds(at);
          }
        }
        case POINT -> {
          if (!isDigit) {
            return malformedInNumber(at, c);
          }
          part = FRACTION;
        }
        case E -> {
          if (isDigit) {
            part = EXPONENT;
            if (!addsToExponent(at, c)) {
              return -1;
            }
          } else if (c == '+' || c == '-') {
            part = SIGN;
          } else {
            return malformedInNumber(at, c);
          }
        }
        default -> { // SIGN
          if (!isDigit) {
            return malformedInNumber(at, c);
          }
          part = EXPONENT;
          if (!addsToExponent(at, c)) {
            return -1;
          }
        }
      }
      at++;
    }
    return isNumberTooLong(at) ? -1 : at;
  }

  private boolean addsToExponent(int at, byte c) {
    exponent = 10 * exponent + (c - '0');
    if (exponent > limits.exponent()) {
      if (!isNumberTooLong(at + 1)) {
        refuse(Kind.EXPONENT, begin, "JSON: a number with an exponent above " + limits.exponent());
      }
      return false;
    }
    return true;
  }

  private int numberEnds(int at) {
    if (isNumberTooLong(at)) {
      return -1;
    }
    state = AFTER;
    return at;
  }

  private int malformedInNumber(int at, byte c) {
    return isNumberTooLong(at) ? -1 : malformed(at, c);
  }

  private boolean isNumberTooLong(int at) {
    if (offset(at) - begin > limits.numberLength()) {
      refuse(
          Kind.NUMBER_LENGTH,
          begin,
          "JSON: a number of more than " + limits.numberLength() + " characters");
      return true;
    }
    return false;
  }

  private int literalBegins(byte[] word, byte[] bytes, int at, int end) {
    literal = word;
    part = 1;
    state = LITERAL;
    return literal(bytes, at + 1, end);
  }

  private int literal(byte[] bytes, int start, int end) {
    int at = start;
    for (; part < literal.length && at < end; at++, part++) {
      if (bytes[at] != literal[part]) {
        return malformed(at, bytes[at]);
      }
    }
    if (part == literal.length) {
      state = AFTER;
    }
    return at;
  }

  // ---- refusals

  private int malformed(int at, byte c) {
    long offset = offset(at);
    // RFC 4627 section 3: how UTF-16 and UTF-32 begin, with and without a mark.
    if ((offset == 0 && (c == 0 || c == (byte) 0xFE || c == (byte) 0xFF))
        || (offset == 1 && c == 0)) {
      return refused(Kind.UNSUPPORTED, offset, "JSON: not in UTF-8");
    }
    if (offset == 0 && c == (byte) 0xEF) {
      return refused(Kind.MALFORMED, offset, "JSON: a byte order mark");
    }
    String what =
        switch (state) {
          case STRING -> c >= 0 && c < ' ' ? "a control in a string" : "a string that is not right";
          case NUMBER -> "a number that is not right";
          case LITERAL -> "a word that is none of true, false and null";
          case NAME, FIRST_NAME -> "no name where one is expected";
          case COLON -> "no colon behind a name";
          case AFTER ->
              depth == 0 ? "something behind the end" : "no comma and no end behind a value";
          default -> "no value where one is expected";
        };
    return refused(Kind.MALFORMED, offset, "JSON: " + what);
  }

  private int refused(Kind kind, long offset, String reason) {
    refuse(kind, offset, reason);
    return -1;
  }
}
