package tollgate.core.message.xml;

import io.netty.buffer.ByteBuf;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * An XML document: its bytes in UTF-8 as written, and the nodes found in them. Nodes are small
 * integers, valid for this document only; {@link #NONE} is no node. Prefixes, comments, white
 * space, CDATA sections and the order of attributes are kept, because they are the bytes.
 *
 * <p>Together with its bytes a document takes at most 1 KiB and eight times its length. Strings are
 * made when asked for and not kept. Immutable.
 *
 * <p>More than 400 lines in one class: all of it reads one tape.
 */
public final class XmlDocument {
  /** No node. */
  public static final int NONE = -1;

  /** The document node. */
  public static final int DOCUMENT = 0;

  static final String XML_URI = "http://www.w3.org/XML/1998/namespace";
  static final String XMLNS_URI = "http://www.w3.org/2000/xmlns/";

  /** Indexes of {@link #uris} that stand in every document. */
  static final int NO_NAMESPACE = 0;

  static final int XML_NAMESPACE = 1;

  private final byte[] bytes;
  private final int[] tape;
  private final String[] uris;
  private final int root;

  /** The first byte behind the byte order mark and the XML declaration, whichever there is. */
  private final int prologEnd;

  /** What to write in place of the bytes up to {@link #prologEnd}; null: those. */
  private final byte @Nullable [] prolog;

  /**
   * @param prolog written in place of the bytes up to {@code prologEnd}, because those speak of
   *     another encoding; null if they are right
   */
  XmlDocument(
      byte[] bytes, int[] tape, String[] uris, int root, int prologEnd, byte @Nullable [] prolog) {
    this.bytes = bytes;
    this.tape = tape;
    this.uris = uris;
    this.root = root;
    this.prologEnd = prologEnd;
    this.prolog = prolog;
  }

  /** The root element. */
  public int root() {
    return root;
  }

  /** What the node is. */
  public XmlKind kind(int node) {
    return XmlKind.of(Tape.kind(tape[node]));
  }

  /** Whether the node is an element. */
  public boolean isElement(int node) {
    return Tape.kind(tape[node]) == Tape.ELEMENT;
  }

  /** Whether the node is text or a CDATA section. */
  public boolean isText(int node) {
    int kind = Tape.kind(tape[node]);
    return kind == Tape.TEXT || kind == Tape.CDATA;
  }

  /**
   * The element or document that holds the node; the owner of an attribute; {@link #NONE} above.
   */
  public int parent(int node) {
    return tape[node + Tape.PARENT];
  }

  /** The first child, which is never an attribute or a declaration; or {@link #NONE}. */
  public int firstChild(int node) {
    int kind = Tape.kind(tape[node]);
    if (kind > Tape.ELEMENT) {
      return NONE;
    }
    int end = tape[node + Tape.NEXT];
    int at = node + 5;
    while (at < end && isOnTag(at)) {
      at += 5;
    }
    return at < end ? at : NONE;
  }

  /** The next child of the same parent, or {@link #NONE}. Not for attributes. */
  public int nextSibling(int node) {
    int parent = tape[node + Tape.PARENT];
    if (parent == NONE) {
      return NONE;
    }
    int at = behind(node);
    return at < tape[parent + Tape.NEXT] ? at : NONE;
  }

  /** The first child that is an element, or {@link #NONE}. */
  public int firstElement(int node) {
    return elementFrom(firstChild(node));
  }

  /** The next sibling that is an element, or {@link #NONE}. */
  public int nextElement(int node) {
    return elementFrom(nextSibling(node));
  }

  /** The first attribute of an element, declarations of namespaces left out, or {@link #NONE}. */
  public int firstAttribute(int element) {
    return isElement(element) ? onTag(element, element + 5, Tape.ATTRIBUTE) : NONE;
  }

  /** The attribute behind that one, or {@link #NONE}. */
  public int nextAttribute(int attribute) {
    return onTag(parent(attribute), attribute + 5, Tape.ATTRIBUTE);
  }

  /** The first namespace declaration that stands on the element itself, or {@link #NONE}. */
  public int firstNamespace(int element) {
    return isElement(element) ? onTag(element, element + 5, Tape.NAMESPACE) : NONE;
  }

  /** The declaration behind that one, or {@link #NONE}. */
  public int nextNamespace(int declaration) {
    return onTag(parent(declaration), declaration + 5, Tape.NAMESPACE);
  }

  /**
   * The attribute of that name, or {@link #NONE}.
   *
   * @param uri empty for none
   */
  public int attribute(int element, String uri, String localName) {
    for (int at = firstAttribute(element); at != NONE; at = nextAttribute(at)) {
      if (isNamed(at, uri, localName)) {
        return at;
      }
    }
    return NONE;
  }

  /**
   * The name as written: of an element or attribute with its prefix, of a declaration {@code xmlns}
   * or {@code xmlns:p}, of an instruction its target. Empty for others.
   */
  public String name(int node) {
    int from = nameStart(node);
    return string(from, from + nameLength(node));
  }

  /** The name without its prefix; of a declaration the prefix it declares. */
  public String localName(int node) {
    if (Tape.kind(tape[node]) == Tape.NAMESPACE) {
      return declaredPrefix(node);
    }
    int from = nameStart(node);
    int end = from + nameLength(node);
    return string(colon(node, from, end) + 1, end);
  }

  /** The prefix of an element or attribute as written; empty for none. */
  public String prefix(int node) {
    int from = nameStart(node);
    int colon = colon(node, from, from + nameLength(node));
    return colon < from ? "" : string(from, colon);
  }

  /** The prefix that a declaration declares; empty for the default namespace. */
  public String declaredPrefix(int declaration) {
    int from = nameStart(declaration);
    int length = nameLength(declaration);
    return length == 5 ? "" : string(from + 6, from + length);
  }

  /** The namespace of an element or attribute, or the one declared; empty for none. */
  public String namespace(int node) {
    int kind = Tape.kind(tape[node]);
    return kind >= Tape.ELEMENT && kind <= Tape.NAMESPACE ? uris[Tape.namespace(tape[node])] : "";
  }

  /**
   * Whether an element or attribute has that expanded name.
   *
   * @param uri empty for none
   */
  public boolean isNamed(int node, String uri, String localName) {
    return isLocally(node, localName) && namespace(node).equals(uri);
  }

  /** Whether the name without its prefix is that one; no string is made. */
  public boolean isLocally(int node, String localName) {
    int from = nameStart(node);
    int end = from + nameLength(node);
    from = colon(node, from, end) + 1;
    int length = localName.length();
    if (end - from < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = localName.charAt(i);
      if (c >= 0x80) {
        return string(from, end).equals(localName);
      }
      if (bytes[from + i] != c) {
        return false;
      }
    }
    return end - from == length;
  }

  /**
   * What a node says: characters of text and CDATA sections, the value of an attribute or
   * declaration, the content of a comment, the data of an instruction; references resolved, line
   * ends and white space normalized (XML 1.0 2.11, 3.3.3). Of an element or the document it is all
   * the text inside, comments and instructions left out.
   */
  public String value(int node) {
    if (Tape.kind(tape[node]) <= Tape.ELEMENT) {
      return text(node);
    }
    int from = valueStart(node);
    int end = valueEnd(node);
    return isCoded(node) ? Reading.string(bytes, from, end, mode(node)) : string(from, end);
  }

  /**
   * Whether the value of an attribute is written as these characters of ASCII; no string is made.
   * False where it is written otherwise, with references perhaps.
   */
  public boolean isWritten(int attribute, String ascii) {
    int from = valueStart(attribute);
    if (valueEnd(attribute) - from != ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (bytes[from + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** {@link #value} in UTF-8, appended, for nodes other than elements and the document. */
  public void writeValue(int node, ByteBuf out) {
    int from = valueStart(node);
    int end = valueEnd(node);
    if (isCoded(node)) {
      byte[] read = new byte[end - from];
      out.writeBytes(read, 0, Reading.read(bytes, from, end, mode(node), read));
    } else {
      out.writeBytes(bytes, from, end - from);
    }
  }

  /**
   * Whether the node is text of white space only (XML's four characters, written or referred to).
   */
  public boolean isBlank(int node) {
    if (!isText(node)) {
      return false;
    }
    if (isCoded(node)) {
      return value(node).chars().allMatch(c -> XmlCharacters.isSpace(c));
    }
    for (int i = valueStart(node), end = valueEnd(node); i < end; i++) {
      if (!XmlCharacters.isSpace(bytes[i])) {
        return false;
      }
    }
    return true;
  }

  /** The first byte of the node as written, in the bytes the document keeps. */
  int start(int node) {
    int start = tape[node + Tape.START];
    return switch (kind(node)) {
      case CDATA -> start - 9;
      case COMMENT -> start - 4;
      case INSTRUCTION -> start - 2;
      case DOCUMENT, ELEMENT, ATTRIBUTE, NAMESPACE, TEXT -> start;
    };
  }

  /** The first byte behind the node as written. */
  int end(int node) {
    return switch (kind(node)) {
      case TEXT -> valueEnd(node);
      case CDATA -> valueEnd(node) + 3;
      case COMMENT, INSTRUCTION -> tape[node + Tape.MISC_END];
      case ATTRIBUTE, NAMESPACE -> valueEnd(node) + 1;
      case DOCUMENT, ELEMENT -> tape[node + Tape.END];
    };
  }

  /** The line the node begins in, from 1. Counted when asked. */
  public int line(int node) {
    return Position.line(bytes, start(node));
  }

  /** The column the node begins at, from 1, in characters. Counted when asked. */
  public int column(int node) {
    return Position.column(bytes, start(node));
  }

  /** The offset of the node's first byte, in the text as UTF-8 behind a byte order mark. */
  public int offset(int node) {
    return Position.offset(bytes, start(node));
  }

  /** The node behind this one in document order, attributes among them; or {@link #NONE}. */
  public int next(int node) {
    int at = following(node);
    return at < limit() ? at : NONE;
  }

  /** The first integer behind the node and what it holds. */
  int behind(int node) {
    int kind = Tape.kind(tape[node]);
    return kind <= Tape.ELEMENT ? tape[node + Tape.NEXT] : node + Tape.width(kind);
  }

  /** The first integer behind the text and all text that follows it without anything between. */
  int textRunEnd(int text) {
    int parent = parent(text);
    int end = tape[parent + Tape.NEXT];
    int at = text + 3;
    // What follows below the same parent is a sibling: text has no children.
    while (at < end && isText(at) && tape[at + Tape.PARENT] == parent) {
      at += 3;
    }
    return at;
  }

  /** The node that follows in document order, attributes and declarations among them. */
  int following(int node) {
    return node + Tape.width(Tape.kind(tape[node]));
  }

  /** How many integers the nodes take: every node is less. */
  int limit() {
    return tape.length == 0 ? 0 : tape[Tape.NEXT];
  }

  /** How many bytes {@link #write} gives. */
  public int size() {
    return prolog == null ? bytes.length : prolog.length + bytes.length - prologEnd;
  }

  /**
   * Appends the document in UTF-8: the bytes it was parsed from or built into, in which nothing is
   * changed but an XML declaration that named another encoding.
   */
  public void write(ByteBuf out) {
    if (prolog == null) {
      out.writeBytes(bytes);
    } else {
      out.writeBytes(prolog);
      out.writeBytes(bytes, prologEnd, bytes.length - prologEnd);
    }
  }

  /**
   * Appends the document in that charset, with an XML declaration that names it where it is not
   * UTF-8.
   *
   * @return false, and nothing appended, if the charset lacks one of its characters
   */
  public boolean write(Charset charset, ByteBuf out) {
    if (charset.equals(StandardCharsets.UTF_8)) {
      write(out);
      return true;
    }
    String content = new String(bytes, prologEnd, bytes.length - prologEnd, StandardCharsets.UTF_8);
    String all = "<?xml version=\"1.0\" encoding=\"" + charset.name() + "\"?>" + content;
    CharsetEncoder encoder = charset.newEncoder();
    try {
      out.writeBytes(encoder.encode(CharBuffer.wrap(all)));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** The document in UTF-8, as {@link #write} gives it. */
  public byte[] toBytes() {
    if (prolog == null) {
      return bytes.clone();
    }
    byte[] all = Arrays.copyOf(prolog, size());
    System.arraycopy(bytes, prologEnd, all, prolog.length, bytes.length - prologEnd);
    return all;
  }

  /**
   * Tells the document to a handler as a parser would, with a locator that knows the line and
   * column of every event. Nothing is skipped; no DTD is ever there.
   *
   * @throws SAXException what the handler threw
   */
  public void emit(ContentHandler handler) throws SAXException {
    new Emission(this, handler).run();
  }

  /** As {@link #write}. */
  @Override
  public String toString() {
    return new String(toBytes(), StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    return bytes;
  }

  int prologEnd() {
    return prologEnd;
  }

  byte @Nullable [] prolog() {
    return prolog;
  }

  int valueStart(int node) {
    return switch (kind(node)) {
      case ATTRIBUTE, NAMESPACE -> tape[node + Tape.VALUE_START];
      case INSTRUCTION -> {
        int at = tape[node + Tape.START] + nameLength(node);
        int end = valueEnd(node);
        while (at < end && XmlCharacters.isSpace(bytes[at])) {
          at++;
        }
        yield at;
      }
      case TEXT, CDATA, COMMENT, DOCUMENT, ELEMENT -> tape[node + Tape.START];
    };
  }

  int valueEnd(int node) {
    return switch (kind(node)) {
      case ATTRIBUTE, NAMESPACE -> tape[node + Tape.VALUE_END];
      case INSTRUCTION -> tape[node + Tape.MISC_END] - 2;
      case TEXT, CDATA, COMMENT -> tape[node + Tape.START] + Tape.contentLength(tape[node]);
      case DOCUMENT, ELEMENT -> tape[node + Tape.END];
    };
  }

  private String text(int node) {
    int end = tape[node + Tape.NEXT];
    int only = NONE;
    int length = 0;
    int count = 0;
    for (int at = node + 5; at < end; at = following(at)) {
      if (isText(at)) {
        only = at;
        count++;
        length += valueEnd(at) - valueStart(at);
      }
    }
    if (count < 2) {
      return only == NONE ? "" : value(only);
    }
    byte[] all = new byte[length];
    int used = 0;
    for (int at = node + 5; at < end; at = following(at)) {
      if (isText(at)) {
        used += Reading.read(bytes, valueStart(at), valueEnd(at), mode(at), all, used);
      }
    }
    return new String(all, 0, used, StandardCharsets.UTF_8);
  }

  private boolean isCoded(int node) {
    return (tape[node] & Tape.CODED) != 0;
  }

  private Reading.Mode mode(int node) {
    return switch (kind(node)) {
      case ATTRIBUTE, NAMESPACE -> Reading.Mode.ATTRIBUTE;
      case TEXT, DOCUMENT, ELEMENT -> Reading.Mode.TEXT;
      case CDATA, COMMENT, INSTRUCTION -> Reading.Mode.LITERAL;
    };
  }

  private int elementFrom(int node) {
    int at = node;
    while (at != NONE && !isElement(at)) {
      at = nextSibling(at);
    }
    return at;
  }

  private boolean isOnTag(int at) {
    int kind = Tape.kind(tape[at]);
    return kind == Tape.ATTRIBUTE || kind == Tape.NAMESPACE;
  }

  private int onTag(int element, int from, int kind) {
    int end = tape[element + Tape.NEXT];
    for (int at = from; at < end && isOnTag(at); at += 5) {
      if (Tape.kind(tape[at]) == kind) {
        return at;
      }
    }
    return NONE;
  }

  private int nameStart(int node) {
    int start = tape[node + Tape.START];
    return Tape.kind(tape[node]) == Tape.ELEMENT ? start + 1 : start;
  }

  private int nameLength(int node) {
    int kind = Tape.kind(tape[node]);
    return switch (kind) {
      case Tape.ELEMENT, Tape.ATTRIBUTE, Tape.NAMESPACE, Tape.INSTRUCTION ->
          Tape.nameLength(tape[node]);
      default -> 0;
    };
  }

  /** Where the colon is; before the first byte if there is none. */
  private int colon(int node, int from, int end) {
    if (Tape.kind(tape[node]) != Tape.INSTRUCTION) {
      for (int i = from; i < end; i++) {
        if (bytes[i] == ':') {
          return i;
        }
      }
    }
    return from - 1;
  }

  private String string(int from, int end) {
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }
}
