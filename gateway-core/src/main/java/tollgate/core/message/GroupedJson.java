package tollgate.core.message;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.JsonXml.Shape;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlKind;

/**
 * XML to JSON by what stands in it: attributes as {@code @name}, text beside attributes or elements
 * as {@code $}, elements of one name together, as an array if they are several. Comments and
 * instructions are left out, and so is white space between elements. One thread, once.
 *
 * <p>What is still open is a stack of {@link Frame}s and no recursion: elements may stand in one
 * another as deep as the document's limits allowed.
 */
final class GroupedJson {
  private static final String TEXT = "$";
  private static final String MULTIPLE = "xml-multiple";
  private static final int MAX_NUMBER = 1024;

  private final XmlDocument xml;
  private final Shape shape;
  private final JsonComposer json;
  private final Deque<Frame> open = new ArrayDeque<>();

  private GroupedJson(XmlDocument xml, Shape shape, JsonComposer json) {
    this.xml = xml;
    this.shape = shape;
    this.json = json;
  }

  static JsonDocument read(XmlDocument xml, Shape shape, DuplicateNames duplicates) {
    JsonComposer json = new JsonComposer(xml.size(), duplicates);
    new GroupedJson(xml, shape, json).readRoot();
    return json.finish();
  }

  /** Adds what one element is worth, without its name. */
  static void add(XmlDocument xml, int element, JsonComposer json, Shape shape) {
    GroupedJson reader = new GroupedJson(xml, shape, json);
    reader.enter(element, 0);
    reader.run();
  }

  private void readRoot() {
    int root = xml.root();
    if (shape == Shape.WSO2) {
      switch (xml.localName(root)) {
        case RepeatedXml.OBJECT -> {
          enterObject(root, 0);
          run();
          return;
        }
        case RepeatedXml.ARRAY -> {
          enterArray(root, 0);
          run();
          return;
        }
        case RepeatedXml.VALUE -> {
          enter(root, 0);
          run();
          return;
        }
        default -> {
          // an element of its own
        }
      }
    }
    json.beginObject().name(name(root));
    enter(root, 1);
    run();
  }

  private void run() {
    while (!open.isEmpty()) {
      Frame frame = open.getLast();
      if (frame.isMixed ? !stepMixed(frame) : !stepGroups(frame)) {
        end(frame.ends);
        open.removeLast();
      }
    }
  }

  /** Enters the next element of a frame; false if there is none. */
  private boolean stepGroups(Frame frame) {
    Group group = frame.group;
    while (group == null || frame.at == group.size) {
      if (group != null && group.isArray()) {
        json.end();
      }
      if (!frame.groups.hasNext()) {
        return false;
      }
      group = frame.groups.next();
      frame.group = group;
      frame.at = 0;
      if (!frame.isArray) {
        json.name(group.name);
      }
      if (group.isArray()) {
        json.beginArray();
      }
    }
    enter(group.elements[frame.at++], 0);
    return true;
  }

  /** Adds the next text or element of mixed content; false if there is none. */
  private boolean stepMixed(Frame frame) {
    StringBuilder text = new StringBuilder();
    int at = frame.next;
    for (; at != XmlDocument.NONE && !xml.isElement(at); at = xml.nextSibling(at)) {
      if (xml.isText(at)) {
        text.append(xml.value(at));
      }
    }
    if (!text.isEmpty()) {
      json.string(text.toString());
    }
    if (at == XmlDocument.NONE) {
      return false;
    }
    frame.next = xml.nextSibling(at);
    json.beginObject().name(name(at));
    enter(at, 1);
    return true;
  }

  /**
   * Adds a scalar, or opens what holds others.
   *
   * @param around how many objects and arrays end with it
   */
  private void enter(int element, int around) {
    boolean isLeaf = xml.firstElement(element) == XmlDocument.NONE && !hasAttributes(element);
    if (isLeaf && shape != Shape.BADGERFISH) {
      if (shape == Shape.EXACT) {
        json.string(xml.value(element));
      } else if (multiples(element).isEmpty()) {
        addGuess(xml.value(element));
      } else {
        enterObject(element, around); // arrays without elements
        return;
      }
      end(around);
    } else if (shape == Shape.WSO2 && isArrayInArray(element)) {
      enterArray(xml.firstElement(element), around);
    } else {
      enterObject(element, around);
    }
  }

  private boolean isArrayInArray(int element) {
    int only = xml.firstElement(element);
    return only != XmlDocument.NONE
        && xml.nextElement(only) == XmlDocument.NONE
        && xml.localName(only).equals(RepeatedXml.ARRAY)
        && !hasAttributes(element);
  }

  private void enterArray(int element, int around) {
    json.beginArray();
    List<Group> groups = new ArrayList<>();
    for (int at = xml.firstElement(element); at != XmlDocument.NONE; at = xml.nextElement(at)) {
      Group group = new Group("", false);
      group.add(at);
      groups.add(group);
    }
    open.addLast(new Frame(groups.iterator(), true, false, around + 1));
  }

  private void enterObject(int element, int around) {
    json.beginObject();
    addAttributes(element);
    boolean hasElements = xml.firstElement(element) != XmlDocument.NONE;
    String text = ownText(element, hasElements);
    if (!text.isEmpty() && hasElements && shape == Shape.EXACT) {
      json.name(TEXT).beginArray();
      Frame frame = new Frame(List.<Group>of().iterator(), false, true, around + 2);
      frame.next = xml.firstChild(element);
      open.addLast(frame);
      return;
    }
    if (!text.isEmpty()) {
      json.name(TEXT);
      if (shape == Shape.WSO2) {
        addGuess(text);
      } else {
        json.string(text);
      }
    }
    open.addLast(new Frame(groups(element).values().iterator(), false, false, around + 1));
  }

  private Map<String, Group> groups(int element) {
    Map<String, Group> groups = new LinkedHashMap<>();
    if (shape == Shape.WSO2) {
      for (String name : multiples(element)) {
        groups.put(name, new Group(XmlNames.decode(name), true));
      }
    }
    for (int at = xml.firstElement(element); at != XmlDocument.NONE; at = xml.nextElement(at)) {
      String written = shape == Shape.WSO2 ? xml.localName(at) : xml.name(at);
      Group group = groups.get(written);
      if (group == null) {
        group = new Group(name(at), false);
        groups.put(written, group);
      }
      group.add(at);
    }
    return groups;
  }

  /** The names that WSO2's instruction says to be arrays. */
  private Set<String> multiples(int element) {
    Set<String> names = new LinkedHashSet<>();
    for (int at = xml.firstChild(element); at != XmlDocument.NONE; at = xml.nextSibling(at)) {
      if (xml.kind(at) == XmlKind.INSTRUCTION && xml.name(at).equals(MULTIPLE)) {
        names.add(xml.value(at).strip());
      }
    }
    names.remove("");
    names.remove(RepeatedXml.ELEMENT); // those of a jsonArray are one anyway
    return names;
  }

  private boolean hasAttributes(int element) {
    return xml.firstAttribute(element) != XmlDocument.NONE
        || (shape != Shape.WSO2 && xml.firstNamespace(element) != XmlDocument.NONE);
  }

  private void addAttributes(int element) {
    if (shape == Shape.EXACT) {
      for (int at = xml.firstNamespace(element);
          at != XmlDocument.NONE;
          at = xml.nextNamespace(at)) {
        json.name('@' + xml.name(at)).string(xml.value(at));
      }
    } else if (shape == Shape.BADGERFISH) {
      addDeclarations(element);
    }
    Set<String> locals = new HashSet<>();
    for (int at = xml.firstAttribute(element); at != XmlDocument.NONE; at = xml.nextAttribute(at)) {
      if (shape == Shape.WSO2) {
        String local = xml.localName(at);
        json.name('@' + (locals.add(local) ? local : xml.name(at)));
      } else {
        json.name('@' + xml.name(at));
      }
      json.string(xml.value(at));
    }
  }

  private void addDeclarations(int element) {
    int at = xml.firstNamespace(element);
    if (at == XmlDocument.NONE) {
      return;
    }
    json.name("@xmlns").beginObject();
    for (; at != XmlDocument.NONE; at = xml.nextNamespace(at)) {
      String prefix = xml.declaredPrefix(at);
      json.name(prefix.isEmpty() ? TEXT : prefix).string(xml.value(at));
    }
    json.end();
  }

  /** The text of the element itself; beside elements only if it is more than white space. */
  private String ownText(int element, boolean hasElements) {
    if (!hasElements) {
      String text = xml.value(element);
      return shape == Shape.WSO2 && text.isBlank() ? "" : text;
    }
    StringBuilder text = new StringBuilder();
    boolean isBlank = true;
    for (int at = xml.firstChild(element); at != XmlDocument.NONE; at = xml.nextSibling(at)) {
      if (xml.isText(at)) {
        text.append(xml.value(at));
        isBlank &= xml.isBlank(at);
      }
    }
    return isBlank ? "" : text.toString();
  }

  /** WSO2's autoPrimitive, but that only what is a number of JSON becomes one. */
  private void addGuess(String text) {
    if (text.isBlank()) {
      json.nullValue();
    } else if (text.equals("true") || text.equals("false")) {
      json.bool(text.equals("true"));
    } else if (text.length() <= MAX_NUMBER && JsonParser.isNumber(text)) {
      json.number(text);
    } else {
      json.string(text);
    }
  }

  private String name(int element) {
    return shape == Shape.WSO2 ? XmlNames.decode(xml.localName(element)) : xml.name(element);
  }

  private void end(int count) {
    for (int i = 0; i < count; i++) {
      json.end();
    }
  }

  /** Elements of one name, in their order. */
  private static final class Group {
    private final String name;
    private final boolean isMarked;
    private int[] elements = new int[1];
    private int size;

    Group(String name, boolean isMarked) {
      this.name = name;
      this.isMarked = isMarked;
    }

    boolean isArray() {
      return isMarked || size > 1;
    }

    void add(int element) {
      if (size == elements.length) {
        elements = Arrays.copyOf(elements, size * 2);
      }
      elements[size++] = element;
    }
  }

  /** An object or array that is still open. */
  private static final class Frame {
    private final Iterator<Group> groups;
    private final boolean isArray;

    /** Whether it is mixed content, whose next node is {@link #next}. */
    private final boolean isMixed;

    /** How many objects and arrays end when it ends. */
    private final int ends;

    private @Nullable Group group;
    private int at;
    private int next = XmlDocument.NONE;

    Frame(Iterator<Group> groups, boolean isArray, boolean isMixed, int ends) {
      this.groups = groups;
      this.isArray = isArray;
      this.isMixed = isMixed;
      this.ends = ends;
    }
  }
}
