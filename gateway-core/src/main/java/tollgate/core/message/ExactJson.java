package tollgate.core.message;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.xml.XmlDocument;

/**
 * XML that {@link ExactXml} made, back to JSON. One thread, once.
 *
 * <p>Others may have changed it in between. A lexeme counts only where it says what the text says;
 * an element without a kind is a string, or, if others stand in it, what {@link GroupedJson} makes
 * of it.
 */
final class ExactJson {
  private static final String[] TYPES = {"number", "object", "boolean", "array", "null", "string"};

  private final XmlDocument xml;
  private final JsonComposer json;

  /** The open objects and arrays as elements, negative for arrays. */
  private int[] open = new int[16];

  private int depth;

  /** Our attributes of the element, null for none. */
  private @Nullable String type;

  private @Nullable String name;
  private @Nullable String lexeme;

  ExactJson(XmlDocument xml, DuplicateNames duplicates) {
    this.xml = xml;
    this.json = new JsonComposer(xml.size() / 2, duplicates);
  }

  /** Whether its root says of itself what kind of JSON it is. */
  static boolean isMarked(XmlDocument xml) {
    return xml.isNamed(xml.root(), "", ExactXml.ROOT)
        && xml.attribute(xml.root(), ExactXml.NAMESPACE, ExactXml.TYPE) != XmlDocument.NONE;
  }

  JsonDocument read() {
    int element = xml.root();
    while (true) {
      readMarks(element);
      if (depth > 0 && open[depth - 1] >= 0) {
        addName(element);
      }
      int child = add(element);
      if (child != XmlDocument.NONE) {
        element = child;
        continue;
      }
      int next = depth == 0 ? XmlDocument.NONE : xml.nextElement(element);
      while (next == XmlDocument.NONE) {
        if (depth == 0) {
          return json.finish();
        }
        json.end();
        int closed = open[--depth];
        element = closed < 0 ? ~closed : closed;
        next = depth == 0 ? XmlDocument.NONE : xml.nextElement(element);
      }
      element = next;
    }
  }

  private void addName(int element) {
    if (name == null) {
      json.name(xml.name(element));
      return;
    }
    try {
      json.nameLexeme(read(name));
    } catch (MalformedPayloadException e) {
      throw malformed(element, "a j:name that is no string of JSON");
    }
  }

  /** Adds the value; gives the first element in it if that is to be added too. */
  private int add(int element) {
    int child = xml.firstElement(element);
    if (type == null) {
      if (child == XmlDocument.NONE) {
        addString(element);
      } else {
        GroupedJson.add(xml, element, json, JsonXml.Shape.EXACT);
      }
      return XmlDocument.NONE;
    }
    switch (type) {
      case "object", "array" -> {
        return begin(element, child, type.equals("array"));
      }
      case "string" -> addString(element);
      case "number" -> addNumber(element);
      case "boolean" -> addBoolean(element);
      case "null" -> {
        requireText(element, "");
        json.nullValue();
      }
      default -> throw malformed(element, "an unknown j:type");
    }
    return XmlDocument.NONE;
  }

  private int begin(int element, int child, boolean isArray) {
    for (int at = xml.firstChild(element); at != XmlDocument.NONE; at = xml.nextSibling(at)) {
      if (xml.isText(at) && !xml.isBlank(at)) {
        throw malformed(element, "text in an object or array");
      }
    }
    if (isArray) {
      json.beginArray();
    } else {
      json.beginObject();
    }
    if (child == XmlDocument.NONE) {
      json.end();
      return child;
    }
    if (depth == open.length) {
      open = Arrays.copyOf(open, depth * 2);
    }
    open[depth++] = isArray ? ~element : element;
    return child;
  }

  private void addString(int element) {
    requireNoElement(element);
    String text = xml.value(element);
    if (lexeme == null) {
      json.string(text);
      return;
    }
    JsonDocument written;
    try {
      written = JsonParser.parse('"' + read(lexeme) + '"');
    } catch (MalformedPayloadException e) {
      throw malformed(element, "a j:lexeme that is no string of JSON");
    }
    // Where XML can hold what the lexeme says, the text is the master: it may have been edited.
    String said = written.string(JsonDocument.ROOT);
    if (said.equals(text) || (text.isEmpty() && ExactXml.isUnspeakable(said))) {
      json.copy(written, JsonDocument.ROOT);
    } else {
      json.string(text);
    }
  }

  private void addNumber(int element) {
    requireNoElement(element);
    String lexeme = xml.value(element).strip();
    if (!JsonParser.isNumber(lexeme)) {
      throw malformed(element, "no number of JSON");
    }
    json.number(lexeme);
  }

  private void addBoolean(int element) {
    requireNoElement(element);
    String word = xml.value(element).strip();
    if (!word.equals("true") && !word.equals("false")) {
      throw malformed(element, "neither true nor false");
    }
    json.bool(word.equals("true"));
  }

  private void requireNoElement(int element) {
    if (xml.firstElement(element) != XmlDocument.NONE) {
      throw malformed(element, "an element in a scalar");
    }
  }

  private void requireText(int element, String text) {
    requireNoElement(element);
    if (!xml.value(element).strip().equals(text)) {
      throw malformed(element, "text in a null");
    }
  }

  private void readMarks(int element) {
    type = null;
    name = null;
    lexeme = null;
    for (int at = xml.firstAttribute(element); at != XmlDocument.NONE; at = xml.nextAttribute(at)) {
      if (xml.namespace(at).equals(ExactXml.NAMESPACE)) {
        if (xml.isLocally(at, ExactXml.TYPE)) {
          type = readType(at);
        } else if (xml.isLocally(at, ExactXml.NAME)) {
          name = xml.value(at);
        } else if (xml.isLocally(at, ExactXml.LEXEME)) {
          lexeme = xml.value(at);
        } else {
          throw malformed(element, "an unknown attribute of " + ExactXml.NAMESPACE);
        }
      }
    }
  }

  private String readType(int attribute) {
    for (String known : TYPES) {
      if (xml.isWritten(attribute, known)) {
        return known;
      }
    }
    return xml.value(attribute);
  }

  /** What {@link ExactXml} wrote in an attribute, as JSON writes it. */
  private static String read(String written) {
    if (!written.contains("\\x")) {
      return written;
    }
    StringBuilder lexeme = new StringBuilder(written.length());
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c != '\\') {
        lexeme.append(c);
      } else if (written.startsWith("xFFFE", i + 1) || written.startsWith("xFFFF", i + 1)) {
        lexeme.append(written.charAt(i + 5) == 'E' ? '\ufffe' : '\uffff');
        i += 5;
      } else { // the backslash with what it escapes, which may be a backslash
        lexeme.append(c).append(i + 1 < written.length() ? written.charAt(i + 1) : "");
        i++;
      }
    }
    return lexeme.toString();
  }

  private MalformedPayloadException malformed(int element, String reason) {
    return new MalformedPayloadException(
        Kind.MALFORMED, "XML: " + reason, xml.line(element), xml.column(element), 0);
  }
}
