package tollgate.core.message;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.JsonXml.Shape;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonKind;
import tollgate.core.message.xml.XmlBuilder;
import tollgate.core.message.xml.XmlCharacters;
import tollgate.core.message.xml.XmlDocument;

/**
 * JSON to XML with an array as elements of one name: the shapes of WSO2 and BadgerFish. One thread,
 * once; no recursion, what is open is a stack of {@link Frame}s.
 */
final class RepeatedXml {
  static final String OBJECT = "jsonObject";
  static final String ARRAY = "jsonArray";
  static final String ELEMENT = "jsonElement";
  static final String VALUE = "jsonValue";

  private static final String TEXT = "$";
  private static final String DECLARATIONS = "@xmlns";

  private final JsonDocument json;
  private final boolean isWso2;
  private final XmlBuilder xml = new XmlBuilder();
  private final Deque<Frame> open = new ArrayDeque<>();

  /** Prefixes that are declared here; the default namespace is that of the empty one. */
  private final Map<String, String> scope = new HashMap<>();

  RepeatedXml(JsonDocument json, Shape shape) {
    this.json = json;
    this.isWso2 = shape == Shape.WSO2;
    scope.put("xml", "http://www.w3.org/XML/1998/namespace");
  }

  XmlDocument write() {
    if (isWso2) {
      startWso2();
    } else {
      startBadgerfish();
    }
    while (!open.isEmpty()) {
      Frame frame = open.getLast();
      if (frame.child == JsonDocument.NONE) {
        for (int i = 0; i < frame.ends; i++) {
          xml.endElement();
        }
        restore(frame.hidden);
        open.removeLast();
        continue;
      }
      int node = frame.child;
      frame.child = json.next(node);
      if (frame.name != null) {
        addElement(node, frame.name, true);
      } else {
        addMember(node, json.name(node));
      }
    }
    return xml.build();
  }

  private void startWso2() {
    switch (json.kind(JsonDocument.ROOT)) {
      case OBJECT -> addElement(JsonDocument.ROOT, OBJECT, false);
      case ARRAY -> {
        xml.startElement(ARRAY);
        open.addLast(new Frame(json.firstChild(JsonDocument.ROOT), ELEMENT, 1, List.of()));
      }
      case STRING, NUMBER, TRUE, FALSE, NULL -> addElement(JsonDocument.ROOT, VALUE, false);
    }
  }

  private void startBadgerfish() {
    int member = json.firstChild(JsonDocument.ROOT);
    if (json.kind(JsonDocument.ROOT) != JsonKind.OBJECT
        || member == JsonDocument.NONE
        || json.next(member) != JsonDocument.NONE
        || json.kind(member) == JsonKind.ARRAY) {
      throw malformed(JsonDocument.ROOT, "an object of one member, which is the root element");
    }
    String name = json.name(member);
    if (name.startsWith("@") || name.equals(TEXT)) {
      throw malformed(member, "the root element's name");
    }
    addElement(member, name, false);
  }

  private void addMember(int node, String name) {
    if (isText(node, name)) {
      addText(node);
    } else if (isAttribute(node, name)) {
      return; // stands in the tag already
    } else if (json.kind(node) == JsonKind.ARRAY) {
      String element = isWso2 ? XmlNames.encode(name) : name;
      open.addLast(new Frame(json.firstChild(node), element, 0, List.of()));
    } else {
      addElement(node, isWso2 ? XmlNames.encode(name) : name, false);
    }
  }

  private void addElement(int node, String name, boolean isInArray) {
    JsonXml.requireRoom(xml);
    if (json.kind(node) == JsonKind.ARRAY) {
      if (!isInArray || !isWso2) {
        throw malformed(node, "no array in an array");
      }
      xml.startElement(name).startElement(ARRAY);
      open.addLast(new Frame(json.firstChild(node), ELEMENT, 2, List.of()));
    } else if (json.kind(node) == JsonKind.OBJECT) {
      List<Hidden> hidden = start(node, name);
      addAttributes(node);
      open.addLast(new Frame(json.firstChild(node), null, 1, hidden));
    } else {
      start(JsonDocument.NONE, name);
      addText(node);
      xml.endElement();
    }
  }

  private List<Hidden> start(int object, String name) {
    if (isWso2) {
      xml.startElement(name);
      return List.of();
    }
    List<Hidden> hidden = declare(object);
    int colon = name.indexOf(':');
    requirePrefix(object, colon != 0);
    String prefix = colon < 0 ? "" : name.substring(0, colon);
    String local = name.substring(colon + 1);
    requireName(object, local);
    xml.startElement(prefix, resolve(object, prefix), local);
    if (object != JsonDocument.NONE) {
      for (Hidden declared : hidden) {
        xml.namespace(declared.prefix, declared.uri);
      }
    }
    return hidden;
  }

  /** Takes the declarations of an object; gives them with what they hide. */
  private List<Hidden> declare(int object) {
    int declarations =
        object == JsonDocument.NONE ? JsonDocument.NONE : json.member(object, DECLARATIONS);
    if (declarations == JsonDocument.NONE) {
      return List.of();
    }
    if (json.kind(declarations) != JsonKind.OBJECT) {
      throw malformed(declarations, "an object of prefixes in @xmlns");
    }
    List<Hidden> hidden = new ArrayList<>();
    for (int at = json.firstChild(declarations); at != JsonDocument.NONE; at = json.next(at)) {
      String prefix = json.name(at).equals(TEXT) ? "" : json.name(at);
      String uri = json.string(at);
      boolean isGood =
          json.kind(at) == JsonKind.STRING
              && (prefix.isEmpty() || XmlCharacters.isNcName(prefix))
              && (prefix.isEmpty() || !uri.isEmpty())
              && !prefix.equals("xml")
              && !prefix.equals("xmlns")
              && !uri.equals("http://www.w3.org/XML/1998/namespace")
              && !uri.equals("http://www.w3.org/2000/xmlns/");
      if (!isGood) {
        throw malformed(at, "a prefix with its namespace");
      }
      requireLegal(at, uri);
      hidden.add(new Hidden(prefix, uri, scope.put(prefix, uri)));
    }
    return hidden;
  }

  private void restore(List<Hidden> hidden) {
    for (int i = hidden.size() - 1; i >= 0; i--) {
      Hidden binding = hidden.get(i);
      if (binding.outer == null) {
        scope.remove(binding.prefix);
      } else {
        scope.put(binding.prefix, binding.outer);
      }
    }
  }

  private String resolve(int node, String prefix) {
    String uri = scope.get(prefix);
    if (uri == null && !prefix.isEmpty()) {
      throw malformed(node, "a prefix that is declared");
    }
    return uri == null ? "" : uri;
  }

  private void addAttributes(int object) {
    for (int at = json.firstChild(object); at != JsonDocument.NONE; at = json.next(at)) {
      String name = json.name(at);
      if (!isAttribute(at, name) || name.equals(DECLARATIONS)) {
        continue;
      }
      String value = text(at);
      int colon = isWso2 ? -1 : name.indexOf(':');
      requirePrefix(at, colon != 1);
      String local = name.substring(Math.max(colon, 0) + 1);
      if (!isWso2) {
        requireName(at, local);
      }
      requireLegal(at, value);
      String prefix = colon < 0 ? "" : name.substring(1, colon);
      xml.attribute(prefix, prefix.isEmpty() ? "" : resolve(at, prefix), local, value);
    }
  }

  /** In the shape of WSO2 what can be none is an element; in BadgerFish it is malformed. */
  private boolean isAttribute(int node, String name) {
    if (!name.startsWith("@")) {
      return false;
    }
    return !isWso2
        || (!json.kind(node).isContainer()
            && XmlCharacters.isNcName(name.substring(1))
            && !name.equals(DECLARATIONS));
  }

  private boolean isText(int node, String name) {
    return name.equals(TEXT) && (!isWso2 || !json.kind(node).isContainer());
  }

  private void addText(int node) {
    String text = text(node);
    requireLegal(node, text);
    xml.text(text);
  }

  /** A scalar as text; null is none. */
  private String text(int node) {
    return switch (json.kind(node)) {
      case STRING, NUMBER, TRUE, FALSE -> json.string(node);
      case NULL -> "";
      case OBJECT, ARRAY -> throw malformed(node, "a string or number as text or attribute");
    };
  }

  private void requireName(int node, String name) {
    if (!XmlCharacters.isNcName(name)) {
      throw malformed(node, "a member's name that XML can have");
    }
  }

  private void requirePrefix(int node, boolean isGood) {
    if (!isGood) {
      throw malformed(node, "a prefix before the colon");
    }
  }

  private void requireLegal(int node, String text) {
    if (XmlCharacters.firstIllegal(text) >= 0) {
      throw malformed(node, "only characters that XML has");
    }
  }

  private MalformedPayloadException malformed(int node, String expected) {
    Place place = json.place(Math.max(node, JsonDocument.ROOT));
    return new MalformedPayloadException(
        Kind.MALFORMED,
        "JSON to XML: expected " + expected,
        place.line(),
        place.column(),
        place.offset());
  }

  /** A declared prefix, and what it stood for outside. */
  private record Hidden(String prefix, String uri, @Nullable String outer) {}

  /** An object or array that is still open. */
  private static final class Frame {
    private int child;

    /** Of an array, the name of its elements; null for an object. */
    private final @Nullable String name;

    /** How many elements end when it ends. */
    private final int ends;

    private final List<Hidden> hidden;

    Frame(int child, @Nullable String name, int ends, List<Hidden> hidden) {
      this.child = child;
      this.name = name;
      this.ends = ends;
      this.hidden = hidden;
    }
  }
}
