package tollgate.core.message.xml;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes an {@link XmlDocument} from the outside in. Namespaces that the names need are declared by
 * it where they are not yet in scope; what is written is escaped, so that every character comes
 * back from a parser as it was given.
 *
 * <p>Calls out of order, bad names, two attributes of one name and content that XML cannot hold are
 * {@link IllegalArgumentException}s: callers check what they were sent by {@link XmlCharacters}
 * first. One document, one thread.
 *
 * <p>More than 400 lines in one class: names, scopes and escapes are written to one tape.
 */
public final class XmlBuilder {
  private static final byte[] DECLARATION =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".getBytes(StandardCharsets.US_ASCII);

  /** Up to so many attributes are compared with each other. */
  private static final int COMPARED_ATTRIBUTES = 8;

  private byte[] bytes;
  private int length;
  private final Tape tape = new Tape(256);
  private int prologEnd;

  /** The element whose content is being written; the document at first. */
  private int current;

  private int root = XmlDocument.NONE;

  /** Whether the tag of {@link #current} still takes attributes. */
  private boolean tagOpen;

  /** The text to which more characters are added, or none. */
  private int openText = XmlDocument.NONE;

  private final List<String> uris = new ArrayList<>(4);
  private final Map<String, Integer> namespaces = new HashMap<>();

  /** The one that was asked for last: most are asked for again. */
  private String lastUri = "";

  private int lastNamespace = XmlDocument.NO_NAMESPACE;
  private final Map<String, Integer> scope = new HashMap<>();
  private final List<Replaced> replaced = new ArrayList<>(4);
  private final List<String> attributeNames = new ArrayList<>(4);
  private final Set<String> manyAttributeNames = new HashSet<>();

  /** Names known to be good, by their hash: those of elements are mostly asked for again. */
  private final @Nullable String[] goodNames = new String[64];

  /** A binding that a declaration hid: back in force behind the element. */
  private record Replaced(int element, String prefix, @Nullable Integer namespace) {}

  /** An empty document. */
  public XmlBuilder() {
    this(256);
  }

  /** An empty document that expects to take about so many bytes. */
  public XmlBuilder(int expectedBytes) {
    bytes = new byte[Math.max(256, expectedBytes)];
    uris.add("");
    namespaceOf(XmlDocument.XML_URI);
    scope.put("", XmlDocument.NO_NAMESPACE);
    scope.put("xml", XmlDocument.XML_NAMESPACE);
    current = tape.add(Tape.DOCUMENT, 0, XmlDocument.NONE, 0, 0);
  }

  /** Writes an XML declaration, before everything else. */
  public XmlBuilder declaration() {
    require(length == 0, "the XML declaration is not first");
    append(DECLARATION, 0, DECLARATION.length);
    prologEnd = length;
    tape.cells[Tape.START] = length;
    return this;
  }

  /**
   * Begins an element, and declares its namespace if the prefix does not stand for it here.
   *
   * @param prefix empty for none
   * @param uri empty for no namespace, which no prefix can have
   */
  public XmlBuilder startElement(String prefix, String uri, String localName) {
    require(current != XmlDocument.DOCUMENT || root == XmlDocument.NONE, "a second root element");
    beginContent();
    int start = length;
    append('<');
    int nameLength = appendName(prefix, localName);
    int namespace = namespaceOf(uri);
    current = tape.add(Tape.named(Tape.ELEMENT, nameLength, namespace), start, current, 0, 0);
    if (root == XmlDocument.NONE) {
      root = current;
    }
    tagOpen = true;
    attributeNames.clear();
    manyAttributeNames.clear();
    bind(prefix, uri, namespace);
    return this;
  }

  /** Begins an element in no namespace. */
  public XmlBuilder startElement(String localName) {
    return startElement("", "", localName);
  }

  /**
   * Declares a namespace on the element just begun; nothing if that declaration is there already.
   *
   * @param prefix empty for the default namespace
   */
  public XmlBuilder namespace(String prefix, String uri) {
    require(tagOpen, "a namespace declaration behind the content of its element");
    Integer bound = boundHere(prefix);
    if (bound != null) {
      require(uris.get(bound).equals(uri), "a prefix declared twice on one element");
      return this;
    }
    // An element's own prefix is in scope already, if not by a declaration here.
    require(!prefix.equals("xmlns") && !uri.equals(XmlDocument.XMLNS_URI), "xmlns declared");
    require(prefix.equals("xml") == uri.equals(XmlDocument.XML_URI), "xml declared otherwise");
    require(prefix.isEmpty() || !uri.isEmpty(), "a prefix declared for no namespace");
    require(
        !prefix.equals(elementPrefix()) || namespaceOf(uri) == elementNamespace(),
        "a declaration that takes the prefix of its element");
    declare(prefix, uri, namespaceOf(uri));
    return this;
  }

  /** Adds an attribute in no namespace to the element just begun. */
  public XmlBuilder attribute(String localName, CharSequence value) {
    return attribute("", "", localName, value);
  }

  /**
   * Adds an attribute to the element just begun, and declares its namespace if need be.
   *
   * @param prefix empty only for an attribute in no namespace
   */
  public XmlBuilder attribute(String prefix, String uri, String localName, CharSequence value) {
    require(tagOpen, "an attribute behind the content of its element");
    require(prefix.isEmpty() == uri.isEmpty(), "an attribute with one of prefix and namespace");
    require(!prefix.isEmpty() || !localName.equals("xmlns"), "a declaration as an attribute");
    int namespace = namespaceOf(uri);
    if (!prefix.isEmpty()) {
      bind(prefix, uri, namespace);
    }
    addAttributeName(localName, uri);
    append(' ');
    int start = length;
    int nameLength = appendName(prefix, localName);
    onTag(Tape.ATTRIBUTE, start, nameLength, namespace, value);
    return this;
  }

  /** Adds characters to the element; none is no node. */
  public XmlBuilder text(CharSequence text) {
    if (!text.isEmpty()) {
      beginText();
      int start = length;
      boolean coded = escape(text, false);
      endText(start, coded);
    }
    return this;
  }

  /** Adds characters that are there in UTF-8, known to be well-formed. */
  public XmlBuilder text(byte[] utf8, int from, int end) {
    if (from < end) {
      for (int i = from; i < end; i++) {
        byte b = utf8[i];
        if (b < 0x20 || b == '<' || b == '>' || b == '&') {
          return text(new String(utf8, from, end - from, StandardCharsets.UTF_8));
        }
      }
      beginText();
      int start = length;
      append(utf8, from, end);
      endText(start, false);
    }
    return this;
  }

  /** Adds characters as a CDATA section, or more where one cannot hold them. */
  public XmlBuilder cdata(String text) {
    int from = 0;
    for (int at = text.indexOf("]]>"); at >= 0; at = text.indexOf("]]>", from)) {
      section(text.substring(from, at + 2));
      from = at + 2;
    }
    section(text.substring(from));
    return this;
  }

  /** Adds a comment, also beside the root element. */
  public XmlBuilder comment(String text) {
    require(
        !text.contains("--") && !text.endsWith("-") && text.indexOf('\r') < 0,
        "a comment with --, or ending in -, or with a CR");
    beginContent();
    append("<!--");
    int start = length;
    appendLegal(text);
    tape.add(Tape.sized(Tape.COMMENT, false, length - start), start, current, length + 3);
    append("-->");
    return this;
  }

  /** Adds a processing instruction, also beside the root element. */
  public XmlBuilder instruction(String target, String data) {
    require(
        !target.equalsIgnoreCase("xml") && XmlCharacters.isNcName(target),
        "the target of an instruction");
    require(
        !data.contains("?>")
            && data.indexOf('\r') < 0
            && (data.isEmpty() || !XmlCharacters.isSpace(data.charAt(0))),
        "an instruction with ?>, or with a CR, or beginning in white space");
    beginContent();
    append("<?");
    int start = length;
    appendLegal(target);
    int nameLength = length - start;
    require(nameLength <= Tape.MAX_NAME_BYTES, "a name over 65535 bytes");
    if (!data.isEmpty()) {
      append(' ');
      appendLegal(data);
    }
    append("?>");
    tape.add(Tape.named(Tape.INSTRUCTION, nameLength, 0), start, current, length);
    return this;
  }

  /** Ends the element begun last. */
  public XmlBuilder endElement() {
    require(current != XmlDocument.DOCUMENT, "an end without a beginning");
    int[] cells = tape.cells;
    if (tagOpen) {
      append("/>");
      tagOpen = false;
    } else {
      append("</");
      int start = cells[current + Tape.START] + 1;
      append(bytes, start, start + Tape.nameLength(cells[current]));
      append('>');
    }
    openText = XmlDocument.NONE;
    cells[current + Tape.NEXT] = tape.length;
    cells[current + Tape.END] = length;
    while (!replaced.isEmpty() && replaced.getLast().element == current) {
      Replaced hidden = replaced.removeLast();
      if (hidden.namespace == null) {
        scope.remove(hidden.prefix);
      } else {
        scope.put(hidden.prefix, hidden.namespace);
      }
    }
    current = cells[current + Tape.PARENT];
    return this;
  }

  /**
   * Adds a copy of a node of another document and all in it, with the declarations its names need.
   * Not for attributes.
   */
  public XmlBuilder copy(XmlDocument from, int node) {
    int at = node;
    while (true) {
      if (from.isElement(at)) {
        start(from, at);
      } else {
        XmlEditor.copy(from, at, from.value(at), this);
      }
      int child = from.isElement(at) ? from.firstChild(at) : XmlDocument.NONE;
      if (child != XmlDocument.NONE) {
        at = child;
        continue;
      }
      while (true) {
        if (from.isElement(at)) {
          endElement();
        }
        if (at == node) {
          return this;
        }
        int sibling = from.nextSibling(at);
        if (sibling != XmlDocument.NONE) {
          at = sibling;
          break;
        }
        at = from.parent(at);
      }
    }
  }

  private void start(XmlDocument from, int element) {
    startElement(from.prefix(element), from.namespace(element), from.localName(element));
    for (int at = from.firstNamespace(element);
        at != XmlDocument.NONE;
        at = from.nextNamespace(at)) {
      namespace(from.declaredPrefix(at), from.namespace(at));
    }
    for (int at = from.firstAttribute(element);
        at != XmlDocument.NONE;
        at = from.nextAttribute(at)) {
      attribute(from.prefix(at), from.namespace(at), from.localName(at), from.value(at));
    }
  }

  /** How many bytes are written so far: what a limit on the output is compared with. */
  public int size() {
    return length;
  }

  /** The document; the builder is used up. */
  public XmlDocument build() {
    require(current == XmlDocument.DOCUMENT && root != XmlDocument.NONE, "an unfinished document");
    tape.cells[Tape.NEXT] = tape.length;
    tape.cells[Tape.END] = length;
    return new XmlDocument(
        Arrays.copyOf(bytes, length),
        tape.trimmed(),
        uris.toArray(String[]::new),
        root,
        prologEnd,
        null);
  }

  private void section(String text) {
    if (text.indexOf('\r') >= 0) {
      // A parser reads a CR in a section as LF: only a reference keeps it.
      text(text);
      return;
    }
    require(current != XmlDocument.DOCUMENT, "characters beside the root element");
    beginContent();
    append("<![CDATA[");
    int start = length;
    appendLegal(text);
    tape.add(Tape.sized(Tape.CDATA, false, length - start), start, current);
    append("]]>");
  }

  private void beginContent() {
    if (tagOpen) {
      append('>');
      tagOpen = false;
    }
    openText = XmlDocument.NONE;
  }

  private void beginText() {
    require(current != XmlDocument.DOCUMENT, "characters beside the root element");
    int open = openText;
    beginContent();
    openText = open;
  }

  private void endText(int start, boolean coded) {
    if (openText == XmlDocument.NONE) {
      openText = tape.add(Tape.sized(Tape.TEXT, coded, length - start), start, current);
    } else {
      int head = tape.cells[openText];
      int first = tape.cells[openText + Tape.START];
      tape.cells[openText] =
          Tape.sized(Tape.TEXT, coded || (head & Tape.CODED) != 0, length - first);
    }
  }

  private String elementPrefix() {
    int start = tape.cells[current + Tape.START] + 1;
    int end = start + Tape.nameLength(tape.cells[current]);
    for (int i = start; i < end; i++) {
      if (bytes[i] == ':') {
        return new String(bytes, start, i - start, StandardCharsets.UTF_8);
      }
    }
    return "";
  }

  private int elementNamespace() {
    return Tape.namespace(tape.cells[current]);
  }

  private void bind(String prefix, String uri, int namespace) {
    Integer bound = scope.get(prefix);
    if (bound != null && bound == namespace) {
      return;
    }
    require(!prefix.equals("xmlns") && !uri.equals(XmlDocument.XMLNS_URI), "xmlns as a prefix");
    require(prefix.equals("xml") == uri.equals(XmlDocument.XML_URI), "xml bound otherwise");
    require(prefix.isEmpty() || !uri.isEmpty(), "a prefix for no namespace");
    require(boundHere(prefix) == null, "a prefix for two namespaces on one element");
    require(
        namespace == elementNamespace() || !prefix.equals(elementPrefix()),
        "an attribute that takes the prefix of its element");
    declare(prefix, uri, namespace);
  }

  /** What the element itself declares for the prefix. */
  private @Nullable Integer boundHere(String prefix) {
    for (int i = replaced.size() - 1; i >= 0 && replaced.get(i).element == current; i--) {
      if (replaced.get(i).prefix.equals(prefix)) {
        return scope.get(prefix);
      }
    }
    return null;
  }

  private void declare(String prefix, String uri, int namespace) {
    replaced.add(new Replaced(current, prefix, scope.put(prefix, namespace)));
    append(' ');
    int start = length;
    int nameLength = 5;
    append("xmlns");
    if (!prefix.isEmpty()) {
      append(':');
      nameLength += 1 + appendName("", prefix);
    }
    onTag(Tape.NAMESPACE, start, nameLength, namespace, uri);
  }

  private void onTag(int kind, int start, int nameLength, int namespace, CharSequence value) {
    append("=\"");
    int valueStart = length;
    boolean coded = escape(value, true);
    tape.add(
        Tape.named(kind, nameLength, namespace) | (coded ? Tape.CODED : 0),
        start,
        current,
        valueStart,
        length);
    append('"');
  }

  /** The first few are compared with one another as pairs, so that few attributes cost little. */
  private void addAttributeName(String localName, String uri) {
    int pairs = attributeNames.size();
    for (int i = 0; i < pairs; i += 2) {
      require(
          !attributeNames.get(i).equals(localName) || !attributeNames.get(i + 1).equals(uri),
          "two attributes of one name");
    }
    if (pairs < 2 * COMPARED_ATTRIBUTES) {
      attributeNames.add(localName);
      attributeNames.add(uri);
    } else {
      require(manyAttributeNames.add(localName + ' ' + uri), "two attributes of one name");
    }
  }

  private int namespaceOf(String uri) {
    if (uri.isEmpty()) {
      return XmlDocument.NO_NAMESPACE;
    }
    if (uri.equals(lastUri)) {
      return lastNamespace;
    }
    Integer known = namespaces.get(uri);
    if (known != null) {
      lastUri = uri;
      lastNamespace = known;
      return known;
    }
    int namespace = uris.size();
    require(namespace <= Tape.MAX_NAMESPACES, "more than 4095 namespaces");
    uris.add(uri);
    namespaces.put(uri, namespace);
    return namespace;
  }

  private int appendName(String prefix, String localName) {
    int start = length;
    if (!prefix.isEmpty()) {
      requireName(prefix);
      appendLegal(prefix);
      append(':');
    }
    requireName(localName);
    appendLegal(localName);
    require(length - start <= Tape.MAX_NAME_BYTES, "a name over 65535 bytes");
    return length - start;
  }

  private void requireName(String name) {
    int slot = name.hashCode() & (goodNames.length - 1);
    if (!name.equals(goodNames[slot])) {
      require(XmlCharacters.isNcName(name), "a name that XML does not allow");
      goodNames[slot] = name;
    }
  }

  /** Tells whether anything is written otherwise than it reads. */
  private boolean escape(CharSequence text, boolean inAttribute) {
    boolean coded = false;
    for (int i = appendPlain(text); i < text.length(); i++) {
      char c = text.charAt(i);
      String reference = reference(c, inAttribute);
      if (reference != null) {
        append(reference);
        coded = true;
      } else if (Character.isHighSurrogate(c)) {
        appendCharacter(Character.codePointAt(text, i++));
      } else {
        appendCharacter(c);
      }
    }
    return coded;
  }

  private static @Nullable String reference(char c, boolean inAttribute) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> inAttribute ? null : "&gt;";
      case '"' -> inAttribute ? "&quot;" : null;
      case '\t' -> inAttribute ? "&#9;" : null;
      case '\n' -> inAttribute ? "&#10;" : null;
      case '\r' -> "&#13;";
      default -> null;
    };
  }

  private void appendLegal(String text) {
    for (int i = appendPlain(text); i < text.length(); i++) {
      int c = text.charAt(i);
      if (Character.isHighSurrogate((char) c)) {
        c = text.codePointAt(i++);
      }
      appendCharacter(c);
    }
  }

  /** Appends the ASCII that stands for itself anywhere; gives the index of what comes behind it. */
  private int appendPlain(CharSequence text) {
    int end = text.length();
    ensure(end);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x80 || c == '&' || c == '<' || c == '>' || c == '"') {
        return i;
      }
      bytes[length++] = (byte) c;
    }
    return end;
  }

  private void appendCharacter(int c) {
    require(XmlCharacters.isLegal(c), "a character that XML cannot hold");
    ensure(4);
    if (c < 0x80) {
      bytes[length++] = (byte) c;
    } else {
      length = Reading.put(c, bytes, length);
    }
  }

  private void append(String ascii) {
    ensure(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      bytes[length++] = (byte) ascii.charAt(i);
    }
  }

  private void append(char ascii) {
    ensure(1);
    bytes[length++] = (byte) ascii;
  }

  private void append(byte[] from, int start, int end) {
    ensure(end - start);
    System.arraycopy(from, start, bytes, length, end - start);
    length += end - start;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      require(length <= Tape.MAX_BYTES - more, "a document over 256 MiB");
      bytes = Arrays.copyOf(bytes, Math.max(length + more, length + (length >> 1)));
    }
  }

  private static void require(boolean holds, String found) {
    if (!holds) {
      throw new IllegalArgumentException("not XML: " + found);
    }
  }
}
