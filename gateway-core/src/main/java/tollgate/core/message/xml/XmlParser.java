package tollgate.core.message.xml;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.PayloadLimits;

/**
 * Reads XML 1.0 (fifth edition) with Namespaces 1.0 from bytes, without a document type: a DOCTYPE
 * is refused where it stands, so that there are no entities but the five predefined ones, nothing
 * to expand and nothing to fetch. There is no code here that could open anything.
 *
 * <p>One pass without recursion, in time linear in the bytes: names of attributes and prefixes are
 * looked up by a hash that is keyed per process. What is refused is named with its line and column.
 * One document, one thread.
 *
 * <p>Longer than the house likes, since it is the grammar of one language over one position.
 */
public final class XmlParser {
  /** What ends the run of ordinary bytes in content, by byte. */
  private static final byte[] CLASSES = classes();

  private static final byte ORDINARY = 0;
  private static final byte MANY_BYTES = 1;
  private static final byte RETURN = 2;
  private static final byte ILLEGAL = 3;
  private static final byte AMPERSAND = 4;
  private static final byte LESS = 5;
  private static final byte BRACKET = 6;
  private static final byte QUOTE = 7;
  private static final byte APOSTROPHE = 8;
  private static final byte TAB_OR_FEED = 9;
  private static final byte DASH = 10;
  private static final byte QUESTION = 11;

  private final byte[] bytes;
  private final int end;
  private final PayloadLimits limits;
  private final Tape tape;
  private final NamespaceScope scope;
  private final AttributeNames attributeNames;

  private int at;
  private int current;
  private int root = XmlDocument.NONE;
  private int depth;
  private int nodes;

  /** How many elements each open element holds, the document's first. */
  private int[] childCounts = new int[32];

  /** Where the colon of the name read last is; 0 for none. */
  private int colon;

  /** Whether the content read last is written otherwise than it reads. */
  private boolean coded;

  private XmlParser(byte[] bytes, int start, PayloadLimits limits) {
    this.bytes = bytes;
    this.end = bytes.length;
    this.limits = limits;
    this.tape = new Tape(bytes.length);
    this.scope = new NamespaceScope(bytes);
    this.attributeNames = new AttributeNames(bytes);
    this.at = start;
  }

  /**
   * The document in those bytes.
   *
   * @param bytes all of the body; the document keeps the array, nobody may write to it any more
   * @param charset the charset parameter of the media type; null without one
   * @throws MalformedPayloadException for what is no such document, is beyond a limit, or is in an
   *     encoding that is not read
   */
  public static XmlDocument parse(byte[] bytes, @Nullable String charset, PayloadLimits limits) {
    requireNonNull(bytes, "bytes");
    if (bytes.length > limits.bytes()) {
      throw new MalformedPayloadException(Kind.TOO_COMPLEX, "a document that is too long");
    }
    XmlEncoding encoding = XmlEncoding.of(bytes, charset);
    byte[] utf8 = encoding.utf8();
    if (utf8.length > PayloadLimits.MAX_BYTES) {
      throw new MalformedPayloadException(Kind.TOO_COMPLEX, "a document that is too long");
    }
    return new XmlParser(utf8, encoding.contentStart(), limits).document(encoding.prolog());
  }

  /** A document in UTF-8 whose encoding only its own bytes tell, without limits of its own. */
  static XmlDocument parse(byte[] bytes) {
    return parse(bytes, null, PayloadLimits.NONE);
  }

  private XmlDocument document(byte @Nullable [] prolog) {
    int prologEnd = at;
    current = tape.add(Tape.DOCUMENT, at, XmlDocument.NONE, 0, 0);
    while (at < end) {
      if (bytes[at] == '<') {
        markup();
      } else {
        text();
      }
    }
    if (current != XmlDocument.DOCUMENT) {
      throw malformed("the document ends inside an element", end);
    }
    if (root == XmlDocument.NONE) {
      throw malformed("no root element", end);
    }
    tape.cells[Tape.NEXT] = tape.length;
    tape.cells[Tape.END] = end;
    return new XmlDocument(bytes, tape.trimmed(), scope.uris(), root, prologEnd, prolog);
  }

  private void markup() {
    int next = at + 1 < end ? bytes[at + 1] : 0;
    switch (next) {
      case '/' -> endTag();
      case '?' -> instruction();
      case '!' -> declared();
      default -> startTag();
    }
  }

  private void declared() {
    if (isAt(at + 2, "--")) {
      comment();
    } else if (isAt(at + 2, "[CDATA[")) {
      section();
    } else if (isAt(at + 2, "DOCTYPE")) {
      throw malformed("a document type declaration, which is not allowed", at);
    } else {
      throw malformed("unknown markup", at);
    }
  }

  private void startTag() {
    int start = at;
    if (current == XmlDocument.DOCUMENT && root != XmlDocument.NONE) {
      throw malformed("a second root element", at);
    }
    if (++depth > limits.depth()) {
      throw tooComplex("elements too deep in one another", at);
    }
    if (childCounts.length <= depth) {
      childCounts = Arrays.copyOf(childCounts, depth * 2);
    }
    childCounts[depth] = 0;
    if (++childCounts[depth - 1] > limits.children()) {
      throw tooComplex("too many elements in one", at);
    }
    countNode(at);
    at++;
    name();
    int nameLength = at - start - 1;
    int nameColon = colon;
    int element = tape.add(Tape.named(Tape.ELEMENT, nameLength, 0), start, current, 0, 0);
    if (root == XmlDocument.NONE) {
      root = element;
    }
    boolean isEmpty = attributes(element);
    resolve(element, nameColon);
    if (isEmpty) {
      close(element, current);
    } else {
      current = element;
    }
  }

  /** Everything from the name to the end of the tag; whether that is an empty element's. */
  private boolean attributes(int element) {
    int count = 0;
    while (true) {
      boolean spaced = skipSpace();
      if (at >= end) {
        throw malformed("the document ends inside a tag", end);
      }
      byte b = bytes[at];
      if (b == '>') {
        at++;
        return false;
      }
      if (b == '/') {
        if (at + 1 >= end || bytes[at + 1] != '>') {
          throw malformed("a / inside a tag", at);
        }
        at += 2;
        return true;
      }
      if (!spaced) {
        throw malformed("a character that no name may hold, or no space before an attribute", at);
      }
      if (++count > limits.attributes()) {
        throw tooComplex("too many attributes on one element", at);
      }
      attribute(element);
    }
  }

  private void attribute(int element) {
    countNode(at);
    int start = at;
    name();
    int nameLength = at - start;
    int nameColon = colon;
    skipSpace();
    if (at >= end || bytes[at] != '=') {
      throw malformed("an attribute without a value", at);
    }
    at++;
    skipSpace();
    byte quote = at < end ? bytes[at] : 0;
    if (quote != '"' && quote != '\'') {
      throw malformed("an attribute value without quotes", at);
    }
    at++;
    int valueStart = at;
    attributeValue(quote == '"' ? QUOTE : APOSTROPHE);
    checkString(valueStart, at);
    int kind = isDeclaration(start, nameLength, nameColon) ? Tape.NAMESPACE : Tape.ATTRIBUTE;
    int head = Tape.named(kind, nameLength, 0) | (coded ? Tape.CODED : 0);
    int node = tape.add(head, start, element, valueStart, at);
    at++;
    if (kind == Tape.NAMESPACE) {
      declare(element, node, start, nameLength);
    }
  }

  /** Up to the closing quote. */
  private void attributeValue(byte closing) {
    coded = false;
    while (at < end) {
      byte kind = CLASSES[bytes[at] & 0xff];
      if (kind == closing) {
        return;
      }
      switch (kind) {
        case MANY_BYTES -> at = character(at);
        case TAB_OR_FEED, RETURN -> {
          coded = true;
          at++;
        }
        case AMPERSAND -> reference();
        case LESS -> throw malformed("a < inside an attribute value", at);
        case ILLEGAL -> throw malformed("a character that XML does not allow", at);
        default -> at++;
      }
    }
    throw malformed("the document ends inside an attribute value", end);
  }

  private boolean isDeclaration(int start, int length, int nameColon) {
    return nameColon == 0
        ? length == 5 && isAt(start, "xmlns")
        : nameColon == start + 5 && isAt(start, "xmlns");
  }

  private void declare(int element, int node, int start, int nameLength) {
    int prefixStart = nameLength == 5 ? start + 5 : start + 6;
    int head = tape.cells[node];
    int valueStart = tape.cells[node + Tape.VALUE_START];
    int valueEnd = tape.cells[node + Tape.VALUE_END];
    int namespace = scope.namespace(valueStart, valueEnd, (head & Tape.CODED) != 0);
    if (namespace > Tape.MAX_NAMESPACES) {
      throw tooComplex("too many namespaces", start);
    }
    String problem = scope.declare(prefixStart, start + nameLength, namespace, element);
    if (problem != null) {
      throw malformed(problem, start);
    }
    tape.cells[node] = head | Tape.named(0, 0, namespace);
  }

  /** Gives the element and its attributes their namespaces, now that all declarations are read. */
  private void resolve(int element, int nameColon) {
    int[] cells = tape.cells;
    int start = cells[element + Tape.START] + 1;
    int namespace = nameColon == 0 ? scope.defaultNamespace() : scope.resolve(start, nameColon);
    if (namespace < 0) {
      throw malformed("a prefix that is not declared", start);
    }
    cells[element] |= Tape.named(0, 0, namespace);
    int first = element + 5;
    if (first == tape.length) {
      return;
    }
    attributeNames.begin((tape.length - first) / 5);
    for (int node = first; node < tape.length; node += 5) {
      if (Tape.kind(cells[node]) == Tape.ATTRIBUTE) {
        resolveAttribute(node);
      }
    }
  }

  private void resolveAttribute(int node) {
    int[] cells = tape.cells;
    int head = cells[node];
    int start = cells[node + Tape.START];
    int nameEnd = start + Tape.nameLength(head);
    int local = start;
    int namespace = XmlDocument.NO_NAMESPACE;
    for (int i = start; i < nameEnd; i++) {
      if (bytes[i] == ':') {
        namespace = scope.resolve(start, i);
        local = i + 1;
        break;
      }
    }
    if (namespace < 0) {
      throw malformed("a prefix that is not declared", start);
    }
    cells[node] = head | Tape.named(0, 0, namespace);
    if (!attributeNames.add(local, nameEnd, namespace)) {
      throw malformed("two attributes of one name", start);
    }
  }

  private void endTag() {
    int start = at;
    if (current == XmlDocument.DOCUMENT) {
      throw malformed("an end tag without its start tag", at);
    }
    int nameStart = tape.cells[current + Tape.START] + 1;
    int length = Tape.nameLength(tape.cells[current]);
    at += 2;
    if (end - at < length
        || !Arrays.equals(bytes, nameStart, nameStart + length, bytes, at, at + length)) {
      throw malformed("an end tag of another name than its start tag", start);
    }
    at += length;
    skipSpace();
    if (at >= end) {
      throw malformed("the document ends inside a tag", end);
    }
    if (bytes[at] != '>') {
      throw malformed("an end tag of another name than its start tag", start);
    }
    at++;
    int element = current;
    current = tape.cells[element + Tape.PARENT];
    close(element, current);
  }

  private void close(int element, int parent) {
    tape.cells[element + Tape.NEXT] = tape.length;
    tape.cells[element + Tape.END] = at;
    scope.leave(element);
    depth--;
    current = parent;
  }

  private void text() {
    if (current == XmlDocument.DOCUMENT) {
      if (!skipSpace()) {
        throw malformed("text outside of the root element", at);
      }
      return;
    }
    int start = at;
    coded = false;
    characters(start);
    countNode(start);
    checkString(start, at);
    tape.add(Tape.sized(Tape.TEXT, coded, at - start), start, current);
  }

  private void characters(int start) {
    byte[] all = bytes;
    while (at < end) {
      int from = at;
      while (from < end && CLASSES[all[from] & 0xff] == ORDINARY) {
        from++;
      }
      at = from;
      if (at == end) {
        break;
      }
      switch (CLASSES[all[at] & 0xff]) {
        case LESS -> {
          return;
        }
        case MANY_BYTES -> at = character(at);
        case AMPERSAND -> reference();
        case RETURN -> {
          coded = true;
          at++;
        }
        case BRACKET -> {
          if (isAt(at, "]]>")) {
            throw malformed("]]> outside of a CDATA section", at);
          }
          at++;
        }
        case ILLEGAL -> throw malformed("a character that XML does not allow", at);
        default -> at++;
      }
    }
    if (start == at) {
      throw new AssertionError("text without a character");
    }
  }

  private void reference() {
    int semicolon = at + 1;
    // Leading zeros of a character reference may go on for long; a name cannot.
    boolean isNumber = semicolon < end && bytes[semicolon] == '#';
    while (semicolon < end && bytes[semicolon] != ';' && isReference(semicolon, isNumber)) {
      semicolon++;
    }
    if (semicolon >= end || bytes[semicolon] != ';') {
      throw malformed("an & that begins no reference", at);
    }
    if (Reading.reference(bytes, at + 1, semicolon) < 0) {
      throw malformed(
          isNumber
              ? "a reference to no character of XML"
              : "a reference to an entity that is not predefined",
          at);
    }
    coded = true;
    at = semicolon + 1;
  }

  private boolean isReference(int index, boolean isNumber) {
    byte b = bytes[index];
    return isNumber
        ? b == '#' || b == 'x' || (b > 0 && Character.digit(b, 16) >= 0)
        : b < 0 || XmlCharacters.isName(b);
  }

  private void section() {
    if (current == XmlDocument.DOCUMENT) {
      throw malformed("text outside of the root element", at);
    }
    int begin = at;
    countNode(begin);
    at += 9;
    int start = at;
    scan(BRACKET, "]]>", "a CDATA section");
    checkString(start, at);
    tape.add(Tape.sized(Tape.CDATA, coded, at - start), start, current);
    at += 3;
  }

  private void comment() {
    countNode(at);
    at += 4;
    int start = at;
    scan(DASH, "--", "a comment");
    checkString(start, at);
    if (!isAt(at, "-->")) {
      throw malformed("-- inside a comment", at);
    }
    tape.add(Tape.sized(Tape.COMMENT, coded, at - start), start, current, at + 3);
    at += 3;
  }

  private void instruction() {
    int begin = at;
    countNode(begin);
    at += 2;
    int start = at;
    name();
    int nameLength = at - start;
    if (colon != 0) {
      throw malformed("a colon in the target of an instruction", colon);
    }
    if (nameLength == 3
        && (bytes[start] | 0x20) == 'x'
        && (bytes[start + 1] | 0x20) == 'm'
        && (bytes[start + 2] | 0x20) == 'l') {
      throw malformed("an XML declaration that is not at the beginning", begin);
    }
    if (!skipSpace() && !isAt(at, "?>")) {
      throw malformed("a processing instruction without a space behind its target", at);
    }
    int dataStart = at;
    scan(QUESTION, "?>", "a processing instruction");
    checkString(dataStart, at);
    int head = Tape.named(Tape.INSTRUCTION, nameLength, 0) | (coded ? Tape.CODED : 0);
    at += 2;
    tape.add(head, start, current, at);
  }

  /** Up to the first byte of what closes it. */
  private void scan(byte closing, String closed, String what) {
    coded = false;
    while (at < end) {
      byte kind = CLASSES[bytes[at] & 0xff];
      if (kind == closing && isAt(at, closed)) {
        return;
      }
      switch (kind) {
        case MANY_BYTES -> at = character(at);
        case RETURN -> {
          coded = true;
          at++;
        }
        case ILLEGAL -> throw malformed("a character that XML does not allow", at);
        default -> at++;
      }
    }
    throw malformed("the document ends inside " + what, end);
  }

  /** Reads a name with at most one colon between two names without; leaves {@link #colon}. */
  private void name() {
    int start = at;
    int part = at;
    colon = 0;
    while (true) {
      int from = at;
      ncName(part);
      if (at == from) {
        throw malformed(from == start ? "a name was expected" : "a name that ends in a colon", at);
      }
      if (at >= end || bytes[at] != ':') {
        break;
      }
      if (colon != 0) {
        throw malformed("a name with two colons", at);
      }
      colon = at;
      at++;
      part = at;
    }
    int length = at - start;
    if (length > limits.nameBytes() || length > Tape.MAX_NAME_BYTES) {
      throw tooComplex("a name that is too long", start);
    }
  }

  private void ncName(int start) {
    while (at < end) {
      byte b = bytes[at];
      if (b < 0) {
        int next = character(at);
        int c = Reading.character(bytes, at);
        if (!(at == start ? XmlCharacters.isNameStart(c) : XmlCharacters.isName(c))) {
          return;
        }
        at = next;
      } else if (at == start ? XmlCharacters.isNameStart(b) : XmlCharacters.isName(b)) {
        at++;
      } else {
        return;
      }
    }
  }

  /** Whether there was any. */
  private boolean skipSpace() {
    int start = at;
    while (at < end && XmlCharacters.isSpace(bytes[at])) {
      at++;
    }
    return at > start;
  }

  /** Checks one character of several bytes (RFC 3629, XML 1.0 2.2) and tells where it ends. */
  private int character(int from) {
    int b = bytes[from] & 0xff;
    int length = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
    if (b < 0xc2 || b > 0xf4 || end - from < length) {
      throw malformed("bytes that are no UTF-8", from);
    }
    for (int i = 1; i < length; i++) {
      if ((bytes[from + i] & 0xc0) != 0x80) {
        throw malformed("bytes that are no UTF-8", from);
      }
    }
    int c = Reading.character(bytes, from);
    if ((length == 3 && c < 0x800) || (length == 4 && (c < 0x10000 || c > 0x10ffff))) {
      throw malformed("bytes that are no UTF-8", from);
    }
    if (c >= 0xd800 && c <= 0xdfff) {
      throw malformed("bytes that are no UTF-8", from);
    }
    if (!XmlCharacters.isLegal(c)) {
      throw malformed("a character that XML does not allow", from);
    }
    return from + length;
  }

  private boolean isAt(int from, String ascii) {
    int length = ascii.length();
    if (end - from < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[from + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void countNode(int offset) {
    if (++nodes > limits.nodes()) {
      throw tooComplex("too many nodes", offset);
    }
  }

  private void checkString(int from, int to) {
    if (to - from > limits.stringBytes()) {
      throw tooComplex("a text that is too long", from);
    }
  }

  private MalformedPayloadException malformed(String reason, int offset) {
    return Position.refusal(Kind.MALFORMED, reason, bytes, offset);
  }

  private MalformedPayloadException tooComplex(String reason, int offset) {
    return Position.refusal(Kind.TOO_COMPLEX, reason, bytes, offset);
  }

  private static byte[] classes() {
    byte[] classes = new byte[256];
    Arrays.fill(classes, 0, 0x20, ILLEGAL);
    Arrays.fill(classes, 0x80, 0x100, MANY_BYTES);
    classes['\t'] = TAB_OR_FEED;
    classes['\n'] = TAB_OR_FEED;
    classes['\r'] = RETURN;
    classes['&'] = AMPERSAND;
    classes['<'] = LESS;
    classes[']'] = BRACKET;
    classes['"'] = QUOTE;
    classes['\''] = APOSTROPHE;
    classes['-'] = DASH;
    classes['?'] = QUESTION;
    return classes;
  }
}
