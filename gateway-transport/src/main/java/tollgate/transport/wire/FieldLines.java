package tollgate.transport.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.FieldName;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.Tokens;

/**
 * The field lines of one head in the bytes they came in. Nothing becomes a String before it is
 * asked for, and asking for a name that is not there costs one test of a bit. Immutable; any
 * thread.
 */
public final class FieldLines implements ReceivedFields {
  private static final Fault BAD_LINE =
      Fault.of(FaultCode.MALFORMED_REQUEST, "A header field line is malformed.");

  /** Per line: hash of the lower-cased name, then four positions in {@link #block}. */
  public static final int HASH = 0;

  public static final int NAME = 1;
  public static final int NAME_END = 2;
  public static final int VALUE = 3;
  public static final int VALUE_END = 4;
  public static final int WIDTH = 5;

  /** The lower-cased byte of a token character, 0 for any other. */
  private static final byte[] NAME_BYTE = new byte[256];

  /** What a value may hold: HTAB, SP, visible ASCII, obs-text (RFC 9110 section 5.5). */
  private static final boolean[] VALUE_BYTE = new boolean[256];

  static {
    for (int i = 0; i < 256; i++) {
      NAME_BYTE[i] = Tokens.isTokenByte((byte) i) ? Tokens.lower((byte) i) : 0;
      VALUE_BYTE[i] = (i >= ' ' && i != 0x7f) || i == '\t';
    }
  }

  private final byte[] block;
  private final int[] lines;
  private final int count;
  private final long bloom;
  private final boolean hasUnderscore;

  private FieldLines(byte[] block, int[] lines, long bloom, boolean hasUnderscore) {
    this.block = block;
    this.lines = lines;
    this.count = lines.length / WIDTH;
    this.bloom = bloom;
    this.hasUnderscore = hasUnderscore;
  }

  /**
   * Reads {@code count} lines, each ended by CRLF, followed by the empty line.
   *
   * @param block kept, not copied
   */
  public static FieldLines parse(byte[] block, int offset, int count) throws Malformed {
    int[] lines = new int[count * WIDTH];
    long bloom = 0;
    boolean hasUnderscore = false;
    int at = offset;
    for (int line = 0; line < lines.length; line += WIDTH) {
      int name = at;
      int hash = 0;
      byte lower;
      while ((lower = NAME_BYTE[block[at] & 0xff]) != 0) {
        hash = FieldName.step(hash, lower);
        hasUnderscore |= lower == '_';
        at++;
      }
      // RFC 9112 5.1: no blank before the colon; 5.2: obs-fold has no name. Both end here.
      if (at == name || block[at] != ':') {
        throw new Malformed(BAD_LINE);
      }
      int nameEnd = at++;
      while (block[at] == ' ' || block[at] == '\t') {
        at++;
      }
      int value = at;
      while (VALUE_BYTE[block[at] & 0xff]) {
        at++;
      }
      // RFC 9112 2.2: a CR without LF; RFC 9110 5.5: a control.
      if (block[at] != '\r' || block[at + 1] != '\n') {
        throw new Malformed(BAD_LINE);
      }
      int valueEnd = at;
      // RFC 9110 5.5: SP and HTAB are not part of it; 0x85, 0xa0 and 0xff are.
      while (valueEnd > value && (block[valueEnd - 1] == ' ' || block[valueEnd - 1] == '\t')) {
        valueEnd--;
      }
      at += 2;
      lines[line + HASH] = hash;
      lines[line + NAME] = name;
      lines[line + NAME_END] = nameEnd;
      lines[line + VALUE] = value;
      lines[line + VALUE_END] = valueEnd;
      bloom |= bit(hash);
    }
    return new FieldLines(block, lines, bloom, hasUnderscore);
  }

  /**
   * Lines that a decoder of another version has checked and written down as HTTP/1 would.
   *
   * @param block holds {@code name: value} with a CRLF behind each; kept, not copied
   * @param lines {@link #WIDTH} numbers a line, see {@link #HASH} and what follows it; kept
   */
  public static FieldLines of(byte[] block, int[] lines) {
    long bloom = 0;
    boolean hasUnderscore = false;
    for (int line = 0; line < lines.length; line += WIDTH) {
      bloom |= bit(lines[line + HASH]);
      for (int at = lines[line + NAME]; at < lines[line + NAME_END]; at++) {
        hasUnderscore |= block[at] == '_';
      }
    }
    return new FieldLines(block, lines, bloom, hasUnderscore);
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public String name(int index) {
    int from = lines[index * WIDTH + NAME];
    return new String(block, from, lines[index * WIDTH + NAME_END] - from, ISO_8859_1);
  }

  @Override
  public String value(int index) {
    int from = lines[index * WIDTH + VALUE];
    return new String(block, from, lines[index * WIDTH + VALUE_END] - from, ISO_8859_1);
  }

  @Override
  public int indexOf(FieldName name, int from) {
    int hash = name.hash();
    if ((bloom & bit(hash)) == 0) {
      return -1;
    }
    for (int i = from; i < count; i++) {
      if (lines[i * WIDTH] == hash && isNamed(i, name)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public boolean valueStartsWith(int index, String prefix) {
    int from = valueStart(index);
    if (valueEnd(index) - from < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (Tokens.lower(block[from + i]) != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether some name holds an underscore. */
  public boolean hasUnderscore() {
    return hasUnderscore;
  }

  public byte[] block() {
    return block;
  }

  public int hash(int index) {
    return lines[index * WIDTH + HASH];
  }

  /** Where the line begins in {@link #block}. */
  public int nameStart(int index) {
    return lines[index * WIDTH + NAME];
  }

  public int nameEnd(int index) {
    return lines[index * WIDTH + NAME_END];
  }

  public int valueStart(int index) {
    return lines[index * WIDTH + VALUE];
  }

  public int valueEnd(int index) {
    return lines[index * WIDTH + VALUE_END];
  }

  /** Whether the line came as we would write it: one space after the colon, none at the end. */
  public boolean isPlain(int index) {
    int line = index * WIDTH;
    int nameEnd = lines[line + NAME_END];
    return lines[line + VALUE] == nameEnd + 2
        && block[nameEnd + 1] == ' '
        && block[lines[line + VALUE_END]] == '\r';
  }

  public boolean isNamed(int index, FieldName name) {
    int from = nameStart(index);
    return name.matches(block, from, nameEnd(index) - from);
  }

  /**
   * Whether the value is this text in any case.
   *
   * @param lower lower-cased
   */
  public boolean isValue(int index, byte[] lower) {
    int from = valueStart(index);
    return equalsLower(from, valueEnd(index), lower);
  }

  /**
   * Whether a comma-separated list in the lines of this name holds an element in any case.
   *
   * @param lower lower-cased
   */
  public boolean hasElement(FieldName name, byte[] lower) {
    for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
      int end = valueEnd(i);
      int from = valueStart(i);
      while (from < end) {
        int comma = from;
        while (comma < end && block[comma] != ',') {
          comma++;
        }
        if (equalsLower(skipBlanks(from, comma), trimBlanks(from, comma), lower)) {
          return true;
        }
        from = comma + 1;
      }
    }
    return false;
  }

  /** How many commas there are in the lines of this name. */
  public int commas(FieldName name) {
    int commas = 0;
    for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
      for (int at = valueStart(i); at < valueEnd(i); at++) {
        commas += block[at] == ',' ? 1 : 0;
      }
    }
    return commas;
  }

  public static long bit(int hash) {
    // The upper bits of a product depend on all bits of the hash.
    return 1L << ((hash * 0x9e3779b9) >>> 26);
  }

  private int skipBlanks(int from, int to) {
    int at = from;
    while (at < to && (block[at] == ' ' || block[at] == '\t')) {
      at++;
    }
    return at;
  }

  private int trimBlanks(int from, int to) {
    int at = to;
    while (at > from && (block[at - 1] == ' ' || block[at - 1] == '\t')) {
      at--;
    }
    return at;
  }

  private boolean equalsLower(int from, int to, byte[] lower) {
    if (to - from != lower.length) {
      return false;
    }
    for (int i = 0; i < lower.length; i++) {
      if (Tokens.lower(block[from + i]) != lower[i]) {
        return false;
      }
    }
    return true;
  }
}
