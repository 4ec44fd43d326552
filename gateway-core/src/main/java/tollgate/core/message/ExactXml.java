package tollgate.core.message;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonKind;
import tollgate.core.message.json.JsonName;
import tollgate.core.message.xml.XmlBuilder;
import tollgate.core.message.xml.XmlCharacters;
import tollgate.core.message.xml.XmlDocument;

/**
 * JSON to XML without loss; {@link ExactJson} is the way back. One thread, once.
 *
 * <pre>
 * the document     {@code <json xmlns:j="urn:tollgate:json" j:type="...">}
 * member "a"       {@code <a>}, if a is a name in XML and does not begin with xml
 * other member     {@code <member j:name="...">} with the name as it is written between its quotes
 * array element    {@code <item>}
 * string           its text; j:lexeme too, where the text does not tell how it was written
 * other values     j:type = object, array, number, boolean or null, and the lexeme as text
 * </pre>
 *
 * <p>In attributes U+FFFE and U+FFFF, which XML has not, are \xFFFE and \xFFFF: no escape of JSON.
 */
final class ExactXml {
  static final String NAMESPACE = "urn:tollgate:json";
  static final String PREFIX = "j";
  static final String ROOT = "json";
  static final String MEMBER = "member";
  static final String ITEM = "item";
  static final String TYPE = "type";
  static final String NAME = "name";
  static final String LEXEME = "lexeme";

  private static final int MAX_NAME = 1000;

  private final JsonDocument json;
  private final XmlBuilder xml;

  /** The containers around the node. */
  private int[] open = new int[16];

  private int depth;

  /** Names that can be elements' names, as they were met: most are met again. */
  private final @Nullable JsonName[] plainNames = new JsonName[64];

  ExactXml(JsonDocument json) {
    this.json = json;
    this.xml = new XmlBuilder((int) Math.min(3L * json.length(), JsonXml.MAX_XML_BYTES));
  }

  XmlDocument write() {
    int node = JsonDocument.ROOT;
    while (true) {
      start(node);
      int child = json.firstChild(node);
      if (child != JsonDocument.NONE) {
        push(node);
        node = child;
        continue;
      }
      xml.endElement();
      int next = json.next(node);
      while (next == JsonDocument.NONE) {
        if (depth == 0) {
          return xml.build();
        }
        xml.endElement();
        node = open[--depth];
        next = json.next(node);
      }
      node = next;
    }
  }

  private void push(int node) {
    if (depth == open.length) {
      open = Arrays.copyOf(open, depth * 2);
    }
    open[depth++] = node;
  }

  private void start(int node) {
    JsonXml.requireRoom(xml);
    JsonKind kind = json.kind(node);
    if (depth == 0) {
      xml.startElement(ROOT).namespace(PREFIX, NAMESPACE);
    } else if (json.kind(open[depth - 1]) == JsonKind.ARRAY) {
      xml.startElement(ITEM);
    } else {
      startMember(node);
    }
    if (kind == JsonKind.STRING) {
      if (depth == 0) {
        mark(TYPE, "string"); // tells the reader that the rest is ours
      }
      addString(node);
    } else {
      mark(TYPE, type(kind));
      if (kind == JsonKind.NUMBER || kind.isBoolean()) {
        xml.text(json.lexeme(node));
      }
    }
  }

  private void startMember(int member) {
    if (!json.isNameEscaped(member)) {
      int slot = json.nameSlot(member, plainNames.length);
      JsonName known = plainNames[slot];
      if (known == null || !json.isNamed(member, known)) {
        String name = json.name(member);
        known = isPlain(name) ? JsonName.of(name) : null;
        plainNames[slot] = known;
      }
      if (known != null) {
        xml.startElement(known.toString());
        return;
      }
    }
    xml.startElement(MEMBER);
    mark(NAME, written(json.nameLexeme(member)));
  }

  /** Namespaces in XML 3: names that begin with xml are reserved. */
  private static boolean isPlain(String name) {
    return name.length() <= MAX_NAME
        && XmlCharacters.isNcName(name)
        && !name.regionMatches(true, 0, "xml", 0, 3);
  }

  private void addString(int node) {
    String text = json.string(node);
    boolean isLegal = !isUnspeakable(text);
    if (!isLegal || !json.isPlainlyWritten(node)) {
      String lexeme = json.lexeme(node);
      mark(LEXEME, written(lexeme.substring(1, lexeme.length() - 1)));
    }
    if (isLegal) {
      xml.text(text);
    }
  }

  /** Whether it has a character that XML has not. */
  static boolean isUnspeakable(String text) {
    return XmlCharacters.firstIllegal(text) >= 0;
  }

  private void mark(String name, String value) {
    xml.attribute(PREFIX, NAMESPACE, name, value);
  }

  /** What XML cannot hold of a lexeme; no other characters of lexemes are so. */
  private static String written(String lexeme) {
    return lexeme.replace("\uffff", "\\xFFFF").replace("\ufffe", "\\xFFFE");
  }

  static String type(JsonKind kind) {
    return switch (kind) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case NUMBER -> "number";
      case TRUE, FALSE -> "boolean";
      case NULL -> "null";
    };
  }
}
