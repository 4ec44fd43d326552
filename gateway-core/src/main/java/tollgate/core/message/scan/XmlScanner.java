package tollgate.core.message.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.scan.Finding.Kind;

/**
 * Checks XML 1.0 with namespaces for well-formedness, and counts it against limits. One thread at a
 * time. A document type is refused, and with it every entity but the five that need none. Read are
 * UTF-8, ASCII and the encodings of one byte a character that hold ASCII; the encoding is that of
 * the media type, the byte order mark or the declaration, and where two of them speak they must
 * agree.
 *
 * <p>A state machine over bytes; {@code state} is where in the markup it stands. A character of
 * several bytes is put together beside it ({@code left}, {@code character}) and handed to the state
 * when it is whole. The names of open elements stand one behind the other in {@code names}; behind
 * them, while a tag is open, those of its attributes. What is bound to prefixes is kept as hashes
 * of 64 bits, in a stack that goes with the elements.
 *
 * <p>A {@code run} is a name, value or text whose length is bounded. It is judged when it ends, the
 * chunk ends or something else is found in it, whichever comes first, so that a chunk's end changes
 * no verdict.
 *
 * <p>More than 400 lines in one class: it is one state machine.
 */
public final class XmlScanner extends WindowedScanner {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long SPACES = ' ' * ONES;
  private static final long QUOTES = '"' * ONES;
  private static final long APOSTROPHES = '\'' * ONES;
  private static final long LESSES = '<' * ONES;
  private static final long AMPERSANDS = '&' * ONES;
  private static final long BRACKETS = ']' * ONES;
  private static final long DASHES = '-' * ONES;
  private static final long QUESTIONS = '?' * ONES;

  private static final int START = 0;
  private static final int MARK = 1;
  private static final int OUTSIDE = 2;
  private static final int CONTENT = 3;
  private static final int LESS = 4;
  private static final int ELEMENT_NAME = 5;
  private static final int TAG = 6;
  private static final int ATTRIBUTE_NAME = 7;
  private static final int EQUALS = 8;
  private static final int QUOTE = 9;
  private static final int ATTRIBUTE = 10;
  private static final int SPACED = 11;
  private static final int SLASH = 12;
  private static final int END_NAME = 13;
  private static final int END_TAIL = 14;
  private static final int BANG = 15;
  private static final int COMMENT_OPEN = 16;
  private static final int COMMENT = 17;
  private static final int COMMENT_DASH = 18;
  private static final int COMMENT_END = 19;
  private static final int CDATA_OPEN = 20;
  private static final int CDATA = 21;
  private static final int TARGET = 22;
  private static final int INSTRUCTION = 23;
  private static final int INSTRUCTION_END = 24;
  private static final int DECLARATION = 25;
  private static final int REFERENCE = 26;
  private static final int NUMBER_REFERENCE = 27;
  private static final int TARGET_END = 28;

  private static final byte[] CDATA_WORD = "[CDATA[".getBytes(ISO_8859_1);
  private static final int MAX_DECLARATION = 256;
  private static final Pattern DECLARED =
      Pattern.compile(
          "\\s+version\\s*=\\s*(['\"])(1\\.[0-9]{1,9})\\1"
              + "(?:\\s+encoding\\s*=\\s*(['\"])([A-Za-z][A-Za-z0-9._-]*)\\3)?"
              + "(?:\\s+standalone\\s*=\\s*(['\"])(?:yes|no)\\5)?\\s*");
  private static final String USUAL = " version=\"1.0\" encoding=\"UTF-8\"";

  private static final long HASH_START = 0xcbf29ce484222325L;
  private static final long HASH_FACTOR = 0x100000001b3L;
  private static final long XML_URI = hash("http://www.w3.org/XML/1998/namespace");
  private static final long XMLNS_URI = hash("http://www.w3.org/2000/xmlns/");

  private final XmlLimits limits;
  private @Nullable XmlEncoding encoding;
  private boolean isMarked;
  private @Nullable StringBuilder declared;
  private int state = START;
  private int depth;
  private boolean isRooted;
  private int elements;

  // Of open elements, by depth from 1: where the name begins, how much is in it, what was bound
  // before.
  private int[] starts = new int[8];
  private int[] children = new int[8];
  private int[] bound = new int[8];

  private byte[] names = new byte[128];
  private int nameEnd;
  private int nameAt;
  private int nameStart;
  private int colon = -1;

  // Of the attributes of the open tag; the hash and emptiness of the value of a declaration.
  private int attributes;
  private int[] attributeStarts = new int[9];
  private int[] attributeColons = new int[8];
  private long[] values = new long[8];
  private long[] keys = new long[8];
  private int elementColon;
  private boolean isBinding;

  // What prefixes are bound to; a prefix is the hash of its bytes, and that of none is for none.
  private long[] prefixes = new long[4];
  private long[] uris = new long[4];
  private int bindings;

  private long runBegin;
  private long runMax = Long.MAX_VALUE;
  private Kind runKind = Kind.TEXT_LENGTH;

  private int left;
  private int character;
  private byte low;
  private byte top;
  private boolean isStartWanted;

  private byte quote;
  private int count; // of brackets, bytes of a word, bytes of a mark: by state
  private int back;
  private long reference;
  private boolean isHexadecimal;

  /**
   * @param window see {@link WindowedScanner}; used during calls only
   * @param charset of the media type; null where it says nothing. One that is not read is a finding
   *     at the first byte
   */
  public XmlScanner(XmlLimits limits, byte[] window, @Nullable String charset) {
    super(window, limits.bytes());
    this.limits = limits;
    if (charset != null) {
      encoding = ofMediaType(charset);
      if (encoding == null) {
        refuse(Kind.UNSUPPORTED, 0, "XML: an encoding that is not read here");
      }
    }
  }

  /** Whether payloads of this charset can be read. */
  public static boolean reads(String charset) {
    return ofMediaType(charset) != null;
  }

  private static @Nullable XmlEncoding ofMediaType(String charset) {
    return XmlEncoding.of(charset.equalsIgnoreCase("utf8") ? "utf-8" : charset);
  }

  @Override
  void look(byte[] bytes, int from, int to) {
    nameAt = from;
    int at = from;
    while (at < to) {
      at = left > 0 ? continued(bytes, at) : step(bytes, at, to);
      if (at < 0) {
        return;
      }
    }
    if (isRunTooLong(to)) {
      return;
    }
    if (isInName()) {
      keepName(bytes, to);
    }
  }

  @Override
  void complete() {
    if (state != OUTSIDE || !isRooted || left > 0) {
      refuse(Kind.MALFORMED, offset(), "XML: ends too soon");
    }
  }

  private int step(byte[] bytes, int at, int to) {
    return switch (state) {
      case START -> start(bytes[at], at);
      case MARK -> mark(bytes[at], at);
      case OUTSIDE -> outside(bytes[at], at);
      case CONTENT -> content(bytes, at, to);
      case LESS -> less(bytes[at], at);
      case ELEMENT_NAME, ATTRIBUTE_NAME, TARGET -> name(bytes, at, to);
      case TAG, SPACED -> tag(bytes, at, to);
      case EQUALS -> equalsSign(bytes[at], at);
      case QUOTE -> quote(bytes[at], at);
      case ATTRIBUTE -> attribute(bytes, at, to);
      case SLASH -> bytes[at] == '>' ? tagEnds(at, true) : malformed(at);
      case END_NAME -> endName(bytes, at, to);
      case END_TAIL -> endTail(bytes[at], at);
      case BANG -> bang(bytes[at], at);
      case COMMENT_OPEN -> commentOpen(bytes[at], at);
      case COMMENT -> comment(bytes, at, to);
      case COMMENT_DASH -> commentDash(bytes[at], at);
      case COMMENT_END -> commentEnd(bytes[at], at);
      case CDATA_OPEN -> cdataOpen(bytes[at], at);
      case CDATA -> cdata(bytes, at, to);
      case INSTRUCTION -> instruction(bytes, at, to);
      case INSTRUCTION_END -> instructionEnd(bytes[at], at);
      case TARGET_END -> bytes[at] == '>' ? markupEnds(at) : malformed(at);
      case DECLARATION -> declaration(bytes[at], at);
      case REFERENCE -> reference(bytes[at], at);
      default -> numberReference(bytes[at], at);
    };
  }

  // ---- before, behind and between elements

  private int start(byte c, int at) {
    if (c == (byte) 0xEF) {
      state = MARK;
      count = 1;
      return at + 1;
    }
    state = OUTSIDE;
    if (c == 0 || c == (byte) 0xFE || c == (byte) 0xFF || c == 'L') {
      // XML 1.0 appendix F: UTF-16, UTF-32, and '<' in EBCDIC
      return unsupported(at);
    }
    return at;
  }

  private int mark(byte c, int at) {
    if (c != (byte) (count == 1 ? 0xBB : 0xBF)) {
      return malformed(at);
    }
    if (++count == 3) {
      if (encoding != null && encoding != XmlEncoding.UTF_8) {
        return unsupported(at);
      }
      encoding = XmlEncoding.UTF_8;
      isMarked = true;
      state = OUTSIDE;
    }
    return at + 1;
  }

  private int outside(byte c, int at) {
    if (c == '<') {
      state = LESS;
    } else if (!isSpace(c)) {
      return malformed(at);
    }
    return at + 1;
  }

  private int content(byte[] bytes, int start, int to) {
    int at = start;
    while (at < to) {
      if (count == 0) {
        at = skip(bytes, at, to, LESSES, AMPERSANDS, BRACKETS);
        if (at == to) {
          break;
        }
      }
      byte c = bytes[at];
      if (c == '<') {
        if (isRunTooLong(at)) {
          return -1;
        }
        endRun();
        state = LESS;
        return at + 1;
      }
      if (c == ']') {
        count = Math.min(2, count + 1);
      } else if (c == '>' && count == 2) {
        return malformed(at); // XML 1.0 2.4: not "]]>" in text
      } else {
        count = 0;
        if (c == '&') {
          return referenceBegins(at);
        }
        if (!isPlain(c)) {
          return left > 0 ? at + 1 : malformed(at);
        }
      }
      at++;
    }
    return at;
  }

  private int less(byte c, int at) {
    switch (c) {
      case '/' -> {
        if (depth == 0) {
          return malformed(at);
        }
        nameBegins(at + 1);
        state = END_NAME;
      }
      case '!' -> state = BANG;
      case 0 -> {
        return offset(at) == 1 ? unsupported(at) : malformed(at); // UTF-16, the low byte first
      }
      case '?' -> {
        if (isTooManyChildren(offset(at) - 1)) {
          return -1;
        }
        colon = -1;
        nameBegins(at + 1);
        state = TARGET;
      }
      default -> {
        return elementBegins(c, at);
      }
    }
    return at + 1;
  }

  private int elementBegins(byte c, int at) {
    if ((depth == 0 && isRooted) || !mayStartName(c)) {
      return malformed(at);
    }
    if (depth == limits.depth()) {
      return refused(Kind.DEPTH, offset(at) - 1, "XML: more than " + limits.depth() + " levels");
    }
    if (elements == limits.elements()) {
      return refused(
          Kind.ELEMENTS, offset(at) - 1, "XML: more than " + limits.elements() + " elements");
    }
    if (isTooManyChildren(offset(at) - 1)) {
      return -1;
    }
    elements++;
    isRooted = true;
    if (++depth == starts.length) {
      int more = Math.min(2 * depth, limits.depth() + 1);
      starts = Arrays.copyOf(starts, more);
      children = Arrays.copyOf(children, more);
      bound = Arrays.copyOf(bound, more);
    }
    children[depth] = 0;
    bound[depth] = bindings;
    starts[depth] = nameEnd;
    attributes = 0;
    colon = -1;
    nameBegins(at);
    state = ELEMENT_NAME;
    return at; // to be read as the first of the name
  }

  private boolean isTooManyChildren(long offset) {
    if (children[depth] == limits.children()) {
      refuse(Kind.CHILDREN, offset, "XML: more than " + limits.children() + " within an element");
      return true;
    }
    children[depth]++;
    return false;
  }

  // ---- names

  private void nameBegins(int at) {
    nameAt = at;
    nameStart = nameEnd;
    begin(at, limits.nameLength(), Kind.NAME_LENGTH);
  }

  private boolean isInName() {
    return state == ELEMENT_NAME || state == ATTRIBUTE_NAME || state == TARGET || state == END_NAME;
  }

  private boolean mayStartName(byte c) {
    return XmlNames.isAsciiStart(c) || (c < 0 && encoding != XmlEncoding.ASCII);
  }

  /** Where the part of the name begins that is being read: in the array, or kept before it. */
  private boolean isAtPartStart(int at) {
    int length = nameEnd - nameStart + (at - nameAt);
    return length == 0 || colon == nameStart + length - 1;
  }

  private int name(byte[] bytes, int start, int to) {
    int at = start;
    while (at < to) {
      byte c = bytes[at];
      boolean isStart = isAtPartStart(at);
      if (isStart ? XmlNames.isAsciiStart(c) : XmlNames.isAsciiPart(c)) {
        at++;
        while (at < to && XmlNames.isAsciiPart(bytes[at])) {
          at++;
        }
        continue;
      }
      if (c < 0) {
        isStartWanted = isStart;
        if (!isLetter(c)) {
          return left > 0 ? at + 1 : malformed(at);
        }
      } else if (c == ':' && colon < 0 && !isStart && state != TARGET) {
        colon = nameEnd + (at - nameAt);
      } else if (isStart) {
        return malformed(at);
      } else {
        return nameEnds(bytes, at);
      }
      at++;
    }
    return at;
  }

  /** Whether a byte beyond ASCII is a letter by itself; else it may have begun one. */
  private boolean isLetter(byte c) {
    if (encoding == XmlEncoding.SINGLE) {
      return true;
    }
    if (encoding != XmlEncoding.ASCII) {
      begins(c);
    }
    return false;
  }

  private int nameEnds(byte[] bytes, int at) {
    if (isRunTooLong(at)) {
      return -1;
    }
    keepName(bytes, at);
    endRun();
    switch (state) {
      case ELEMENT_NAME -> {
        elementColon = colon;
        state = TAG;
      }
      case ATTRIBUTE_NAME -> {
        attributeColons[attributes] = colon;
        isBinding =
            colon < 0 ? isName(nameStart, nameEnd, "xmlns") : isName(nameStart, colon, "xmlns");
        values[attributes] = HASH_START;
        state = EQUALS;
      }
      default -> {
        return targetEnds(bytes[at], at);
      }
    }
    return at;
  }

  private void keepName(byte[] bytes, int at) {
    int length = at - nameAt;
    if (nameEnd + length > names.length) {
      names = Arrays.copyOf(names, 2 * (nameEnd + length));
    }
    System.arraycopy(bytes, nameAt, names, nameEnd, length);
    nameEnd += length;
    nameAt = at;
  }

  private boolean isName(int from, int to, String name) {
    if (to - from != name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (names[from + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  // ---- tags

  private int tag(byte[] bytes, int start, int to) {
    int at = start;
    while (isSpace(bytes[at])) {
      state = SPACED;
      if (++at == to) {
        return at;
      }
    }
    byte c = bytes[at];
    if (c == '>') {
      return tagEnds(at, false);
    }
    if (c == '/') {
      state = SLASH;
      return at + 1;
    }
    if (state != SPACED || !mayStartName(c)) {
      return malformed(at);
    }
    if (attributes == limits.attributes()) {
      return refused(
          Kind.ATTRIBUTES,
          offset(at),
          "XML: an element of more than " + limits.attributes() + " attributes");
    }
    if (attributes == values.length) {
      attributeStarts = Arrays.copyOf(attributeStarts, 2 * attributes + 1);
      attributeColons = Arrays.copyOf(attributeColons, 2 * attributes);
      values = Arrays.copyOf(values, 2 * attributes);
      keys = Arrays.copyOf(keys, 2 * attributes);
    }
    attributeStarts[attributes] = nameEnd;
    colon = -1;
    nameBegins(at);
    state = ATTRIBUTE_NAME;
    return at; // to be read as the first of the name
  }

  private int equalsSign(byte c, int at) {
    if (c == '=') {
      state = QUOTE;
    } else if (!isSpace(c)) {
      return malformed(at);
    }
    return at + 1;
  }

  private int quote(byte c, int at) {
    if (c == '"' || c == '\'') {
      quote = c;
      begin(at + 1, limits.attributeLength(), Kind.ATTRIBUTE_LENGTH);
      state = ATTRIBUTE;
    } else if (!isSpace(c)) {
      return malformed(at);
    }
    return at + 1;
  }

  private int attribute(byte[] bytes, int start, int to) {
    int at = start;
    while (at < to) {
      int stop = skip(bytes, at, to, quote == '"' ? QUOTES : APOSTROPHES, LESSES, AMPERSANDS);
      while (isBinding && at < stop) {
        adds(bytes[at++]);
      }
      at = stop;
      if (at == to) {
        break;
      }
      byte c = bytes[at];
      if (c == quote) {
        if (isRunTooLong(at)) {
          return -1;
        }
        endRun();
        attributes++;
        state = TAG;
        return at + 1;
      }
      if (c == '&') {
        return referenceBegins(at);
      }
      if (c == '<') {
        return malformed(at);
      }
      boolean isWhole = isPlain(c);
      if (!isWhole && left == 0) {
        return malformed(at);
      }
      if (isBinding) {
        adds(c >= 0 && c < ' ' ? (byte) ' ' : c);
      }
      at++;
      if (!isWhole) {
        return at;
      }
    }
    return at;
  }

  private void adds(byte c) {
    values[attributes] = (values[attributes] ^ (c & 0xFF)) * HASH_FACTOR;
  }

  private int tagEnds(int at, boolean isEmpty) {
    attributeStarts[attributes] = nameEnd;
    String problem = attributes == 0 ? null : bind(at);
    if (isRefused()) {
      return -1;
    }
    if (problem == null) {
      problem = resolve();
    }
    if (problem != null) {
      return refused(Kind.MALFORMED, offset(at), problem);
    }
    if (isEmpty) {
      return elementEnds(at);
    }
    nameEnd = attributeStarts[0]; // without attributes that is the end of the element's name
    return markupEnds(at);
  }

  /** Takes the declarations of namespaces out of the tag's attributes; what is wrong, or null. */
  private @Nullable String bind(int at) {
    for (int i = 0; i < attributes; i++) {
      int start = attributeStarts[i];
      int end = attributeStarts[i + 1];
      int mark = attributeColons[i];
      keys[i] = hash(names, start, end);
      if (!(mark < 0 ? isName(start, end, "xmlns") : isName(start, mark, "xmlns"))) {
        continue;
      }
      long prefix = mark < 0 ? HASH_START : hash(names, mark + 1, end);
      long uri = values[i];
      boolean isXml = mark >= 0 && isName(mark + 1, end, "xml");
      if (isXml != (uri == XML_URI)
          || uri == XMLNS_URI
          || (mark >= 0 && (uri == HASH_START || isName(mark + 1, end, "xmlns")))) {
        return "XML: a namespace that may not be bound like that";
      }
      if (bindings == limits.namespaces()) {
        refuse(
            Kind.NAMESPACES,
            offset(at),
            "XML: more than " + limits.namespaces() + " namespaces in force");
        return null;
      }
      if (bindings == uris.length) {
        prefixes = Arrays.copyOf(prefixes, 2 * bindings);
        uris = Arrays.copyOf(uris, 2 * bindings);
      }
      prefixes[bindings] = prefix;
      uris[bindings++] = uri;
    }
    return hasTwice(attributes) ? "XML: an attribute that is there twice" : null;
  }

  /** Whether two of the first {@code count} keys are the same. */
  private boolean hasTwice(int count) {
    for (int i = 1; i < count; i++) {
      long key = keys[i];
      for (int j = 0; j < i; j++) {
        if (keys[j] == key) {
          return true;
        }
      }
    }
    return false;
  }

  /** Looks up the prefixes of the tag; what is wrong, or null. */
  private @Nullable String resolve() {
    int start = starts[depth];
    if (elementColon >= 0
        && (isName(start, elementColon, "xmlns") || uri(start, elementColon) == HASH_START)) {
      return "XML: a prefix that is not declared";
    }
    int count = 0;
    for (int i = 0; i < attributes; i++) {
      int from = attributeStarts[i];
      int mark = attributeColons[i];
      if (mark < 0 || isName(from, mark, "xmlns")) {
        continue;
      }
      long uri = uri(from, mark);
      if (uri == HASH_START) {
        return "XML: a prefix that is not declared";
      }
      long key = hash(names, mark + 1, attributeStarts[i + 1]);
      keys[count++] = Long.rotateLeft(uri * HASH_FACTOR, 23) ^ key;
    }
    return hasTwice(count) ? "XML: an attribute that is there twice by its namespace" : null;
  }

  /** What a prefix is bound to; the hash of nothing if to nothing. */
  private long uri(int from, int to) {
    if (isName(from, to, "xml")) {
      return XML_URI;
    }
    long prefix = hash(names, from, to);
    for (int i = bindings - 1; i >= 0; i--) {
      if (prefixes[i] == prefix) {
        return uris[i];
      }
    }
    return HASH_START;
  }

  private int endName(byte[] bytes, int start, int to) {
    int at = start;
    while (at < to && bytes[at] != '>' && !isSpace(bytes[at])) {
      at++;
    }
    if (at == to) {
      return at;
    }
    int length = nameEnd - nameStart + (at - nameAt);
    int expected = starts[depth];
    if (isRunTooLong(at)) {
      return -1;
    }
    if (length != nameStart - expected) {
      return mismatched(at);
    }
    int isKept = nameEnd - nameStart;
    if (!Arrays.equals(names, expected, expected + isKept, names, nameStart, nameEnd)
        || !Arrays.equals(names, expected + isKept, nameStart, bytes, nameAt, at)) {
      return mismatched(at);
    }
    nameEnd = nameStart;
    endRun();
    if (bytes[at] == '>') {
      return elementEnds(at);
    }
    state = END_TAIL;
    return at + 1;
  }

  private int mismatched(int at) {
    return refused(Kind.MALFORMED, offset(at), "XML: an end of another element than the open one");
  }

  private int endTail(byte c, int at) {
    return c == '>' ? elementEnds(at) : isSpace(c) ? at + 1 : malformed(at);
  }

  private int elementEnds(int at) {
    nameEnd = starts[depth];
    bindings = bound[depth];
    depth--;
    return markupEnds(at);
  }

  /** Markup has ended at {@code at}. */
  private int markupEnds(int at) {
    if (depth == 0) {
      endRun();
      state = OUTSIDE;
    } else {
      begin(at + 1, limits.textLength(), Kind.TEXT_LENGTH);
      state = CONTENT;
      count = 0;
    }
    return at + 1;
  }

  // ---- comments, sections and instructions

  private int bang(byte c, int at) {
    if (c == 'D') {
      return refused(Kind.DTD, offset(at) - 2, "XML: a document type");
    }
    if (c != '-' && (c != '[' || depth == 0)) {
      return malformed(at);
    }
    if (isTooManyChildren(offset(at) - 2)) {
      return -1;
    }
    state = c == '-' ? COMMENT_OPEN : CDATA_OPEN;
    count = 1;
    return at + 1;
  }

  private int commentOpen(byte c, int at) {
    if (c != '-') {
      return malformed(at);
    }
    begin(at + 1, limits.textLength() + 2L, Kind.TEXT_LENGTH); // with what ends it
    state = COMMENT;
    return at + 1;
  }

  private int comment(byte[] bytes, int start, int to) {
    int at = start;
    while (at < to) {
      at = skip(bytes, at, to, DASHES, DASHES, DASHES);
      if (at == to) {
        break;
      }
      byte c = bytes[at];
      if (c == '-') {
        state = COMMENT_DASH;
        return at + 1;
      }
      if (!isPlain(c)) {
        return left > 0 ? at + 1 : malformed(at);
      }
      at++;
    }
    return at;
  }

  private int commentDash(byte c, int at) {
    if (c != '-') {
      state = COMMENT;
      return at;
    }
    state = COMMENT_END;
    return at + 1;
  }

  private int commentEnd(byte c, int at) {
    if (c != '>') {
      return malformed(at); // XML 1.0 2.5: not "--" in a comment
    }
    return isRunTooLong(at) ? -1 : markupEnds(at);
  }

  private int cdataOpen(byte c, int at) {
    if (c != CDATA_WORD[count]) {
      return malformed(at);
    }
    if (++count == CDATA_WORD.length) {
      begin(at + 1, limits.textLength() + 2L, Kind.TEXT_LENGTH);
      state = CDATA;
      count = 0;
    }
    return at + 1;
  }

  private int cdata(byte[] bytes, int start, int to) {
    int at = start;
    while (at < to) {
      if (count == 0) {
        at = skip(bytes, at, to, BRACKETS, BRACKETS, BRACKETS);
        if (at == to) {
          break;
        }
      }
      byte c = bytes[at];
      if (c == ']') {
        count = Math.min(2, count + 1);
      } else if (c == '>' && count == 2) {
        return isRunTooLong(at) ? -1 : markupEnds(at);
      } else {
        count = 0;
        if (!isPlain(c)) {
          return left > 0 ? at + 1 : malformed(at);
        }
      }
      at++;
    }
    return at;
  }

  private int targetEnds(byte c, int at) {
    boolean isXml = nameEnd - nameStart == 3 && isXmlWord();
    boolean isDeclaration =
        isXml && isName(nameStart, nameEnd, "xml") && runBegin == (isMarked ? 5 : 2);
    nameEnd = nameStart;
    endRun();
    if ((isXml && !isDeclaration) || (c != '?' && !isSpace(c))) {
      return malformed(at);
    }
    if (isDeclaration) {
      declared = new StringBuilder();
      state = DECLARATION;
    } else {
      begin(at, limits.textLength() + 1L, Kind.TEXT_LENGTH);
      state = c == '?' ? TARGET_END : INSTRUCTION;
    }
    return state == TARGET_END ? at + 1 : at;
  }

  /** Whether the three letters are those of XML, in any case: they are reserved. */
  private boolean isXmlWord() {
    return (names[nameStart] | 0x20) == 'x'
        && (names[nameStart + 1] | 0x20) == 'm'
        && (names[nameStart + 2] | 0x20) == 'l';
  }

  private int instruction(byte[] bytes, int start, int to) {
    int at = start;
    while (at < to) {
      at = skip(bytes, at, to, QUESTIONS, QUESTIONS, QUESTIONS);
      if (at == to) {
        break;
      }
      byte c = bytes[at];
      if (c == '?') {
        state = INSTRUCTION_END;
        return at + 1;
      }
      if (!isPlain(c)) {
        return left > 0 ? at + 1 : malformed(at);
      }
      at++;
    }
    return at;
  }

  private int instructionEnd(byte c, int at) {
    if (c == '>') {
      return isRunTooLong(at) ? -1 : markupEnds(at);
    }
    if (c != '?') {
      state = INSTRUCTION;
      return at;
    }
    return at + 1;
  }

  private int declaration(byte c, int at) {
    StringBuilder text = requireNonNull(declared);
    int length = text.length();
    if (c != '>' || length == 0 || text.charAt(length - 1) != '?') {
      if (c < 0 || length == MAX_DECLARATION) {
        return malformed(at);
      }
      text.append((char) c);
      return at + 1;
    }
    declared = null;
    text.setLength(length - 1);
    String name = "UTF-8";
    if (!USUAL.contentEquals(text)) {
      Matcher parts = DECLARED.matcher(text);
      if (!parts.matches()) {
        return malformed(at);
      }
      if (!"1.0".equals(parts.group(2))) {
        return refused(Kind.UNSUPPORTED, offset(at), "XML: another version than 1.0");
      }
      name = parts.group(4);
    }
    if (name != null) {
      XmlEncoding said = XmlEncoding.of(name);
      if (said == null || (encoding != null && encoding != said)) {
        return unsupported(at);
      }
      encoding = said;
    }
    return markupEnds(at);
  }

  // ---- references

  private int referenceBegins(int at) {
    back = state;
    state = REFERENCE;
    reference = 0;
    count = 0;
    return at + 1;
  }

  private int reference(byte c, int at) {
    if (c == '#' && count == 0) {
      state = NUMBER_REFERENCE;
      character = 0;
      isHexadecimal = false;
      return at + 1;
    }
    if (c != ';') {
      reference = reference << 8 | (c & 0xFF);
      return ++count > 4 ? unknownEntity(at) : at + 1;
    }
    int meant =
        switch ((int) reference) {
          case 'l' << 8 | 't' -> '<';
          case 'g' << 8 | 't' -> '>';
          case ('a' << 8 | 'm') << 8 | 'p' -> '&';
          case (('a' << 8 | 'p') << 8 | 'o') << 8 | 's' -> '\'';
          case (('q' << 8 | 'u') << 8 | 'o') << 8 | 't' -> '"';
          default -> 0;
        };
    return meant == 0 ? unknownEntity(at) : means(meant, at);
  }

  private int unknownEntity(int at) {
    return isRunTooLong(at)
        ? -1
        : refused(Kind.MALFORMED, offset(at), "XML: an entity that is not declared");
  }

  private int numberReference(byte c, int at) {
    if (c == ';') {
      return count > 0 && isCharacter(character) ? means(character, at) : malformed(at);
    }
    if (c == 'x' && count == 0 && !isHexadecimal) {
      isHexadecimal = true;
      return at + 1;
    }
    int digit = Character.digit(c, isHexadecimal ? 16 : 10);
    if (digit < 0) {
      return malformed(at);
    }
    count = 1;
    character = Math.min(0x110000, character * (isHexadecimal ? 16 : 10) + digit);
    return at + 1;
  }

  private int means(int meant, int at) {
    state = back;
    count = 0;
    if (state == ATTRIBUTE && isBinding) {
      for (byte c : Character.toString(meant).getBytes(UTF_8)) {
        adds(c);
      }
    }
    return at + 1;
  }

  // ---- characters

  /** Whether a byte may stand in a text by itself; if not it may have begun a character. */
  private boolean isPlain(byte c) {
    if (c >= ' ') {
      return true;
    }
    if (c >= 0) {
      return isSpace(c);
    }
    return isLetter(c);
  }

  /** RFC 3629 section 4; nothing is left if it begins no character. */
  private void begins(byte c) {
    int lead = c & 0xFF;
    if (lead < 0xC2 || lead > 0xF4) {
      return;
    }
    left = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    character = lead & (lead < 0xE0 ? 0x1F : lead < 0xF0 ? 0x0F : 0x07);
    low = (byte) (lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80);
    top = (byte) (lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF);
  }

  /** One more byte of a character. */
  private int continued(byte[] bytes, int at) {
    byte c = bytes[at];
    if (c < low || c > top) {
      return malformed(at);
    }
    low = (byte) 0x80;
    top = (byte) 0xBF;
    character = character << 6 | (c & 0x3F);
    if (--left == 0) {
      boolean isRight =
          isInName()
              ? isStartWanted ? XmlNames.isStart(character) : XmlNames.isPart(character)
              : character != 0xFFFE && character != 0xFFFF;
      if (!isRight) {
        return malformed(at);
      }
    }
    if (state == ATTRIBUTE && isBinding) {
      adds(c);
    }
    return at + 1;
  }

  private static boolean isCharacter(int c) {
    return (c >= ' ' && c <= 0xD7FF)
        || c == '\n'
        || c == '\t'
        || c == '\r'
        || (c >= 0xE000 && c <= 0xFFFD)
        || (c >= 0x10000 && c <= 0x10FFFF);
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
  }

  /** The index of the first byte that is one of three, a control or beyond ASCII. */
  private static int skip(byte[] bytes, int start, int end, long one, long two, long three) {
    int at = start;
    while (at <= end - 8) {
      long word = (long) WORD.get(bytes, at);
      long first = word ^ one;
      long second = word ^ two;
      long third = word ^ three;
      // The lowest bit that is set is exact; those above it need not be.
      long hit =
          (((first - ONES) & ~first)
                  | ((second - ONES) & ~second)
                  | ((third - ONES) & ~third)
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
      if (c < ' ' || c == (byte) one || c == (byte) two || c == (byte) three) {
        break;
      }
      at++;
    }
    return at;
  }

  private static long hash(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    return hash(bytes, 0, bytes.length);
  }

  private static long hash(byte[] bytes, int from, int to) {
    long hash = HASH_START;
    for (int i = from; i < to; i++) {
      hash = (hash ^ (bytes[i] & 0xFF)) * HASH_FACTOR;
    }
    return hash;
  }

  // ---- runs and refusals

  private void begin(int at, long max, Kind kind) {
    runBegin = offset(at);
    runMax = max;
    runKind = kind;
  }

  private void endRun() {
    runMax = Long.MAX_VALUE;
  }

  private boolean isRunTooLong(int at) {
    if (offset(at) - runBegin <= runMax) {
      return false;
    }
    String what =
        switch (runKind) {
          case NAME_LENGTH -> "a name of more than " + limits.nameLength();
          case ATTRIBUTE_LENGTH -> "an attribute of more than " + limits.attributeLength();
          default -> "a text of more than " + limits.textLength();
        };
    refuse(runKind, runBegin, "XML: " + what + " bytes");
    return true;
  }

  private int malformed(int at) {
    return isRunTooLong(at) ? -1 : refused(Kind.MALFORMED, offset(at), "XML: " + expected());
  }

  private String expected() {
    return switch (state) {
      case START, MARK, OUTSIDE -> "something else than markup outside of the root";
      case CONTENT -> "a text that is not right";
      case LESS, BANG, COMMENT_OPEN, CDATA_OPEN -> "markup that is not right";
      case ELEMENT_NAME, TARGET, END_NAME -> "a name that is not right";
      case TAG, SPACED, SLASH, END_TAIL -> "a tag that is not right";
      case ATTRIBUTE_NAME, EQUALS, QUOTE, ATTRIBUTE -> "an attribute that is not right";
      case COMMENT, COMMENT_DASH, COMMENT_END -> "a comment that is not right";
      case CDATA -> "a CDATA section that is not right";
      case INSTRUCTION, INSTRUCTION_END, TARGET_END -> "an instruction that is not right";
      case DECLARATION -> "a declaration that is not right";
      default -> "a reference that is not right";
    };
  }

  private int unsupported(int at) {
    return refused(
        Kind.UNSUPPORTED, offset(at), "XML: an encoding that is not read here, or two of them");
  }

  private int refused(Kind kind, long offset, String reason) {
    refuse(kind, offset, reason);
    return -1;
  }
}
