package tollgate.core.message.typed;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.typed.TypeTree.Items;
import tollgate.core.message.typed.TypeTree.Kind;
import tollgate.core.message.typed.TypeTree.Member;
import tollgate.core.message.typed.TypeTree.Members;
import tollgate.core.message.typed.TypeTree.Scalar;
import tollgate.core.message.xml.XmlDocument;

/**
 * XML to JSON by a schema: its names, types and lists. What it does not declare is told by what
 * stands there, without prefixes and declarations. One thread, once.
 *
 * <p>What is still open is a stack of {@link Frame}s and no recursion: elements may stand in one
 * another as deep as the document's limits allowed.
 *
 * <p>More than 400 lines in one class: one walk over two trees, with a stack of its own.
 */
public final class TypedJson {
  /** The namespace of {@code xsi:nil}. */
  static final String XSI = "http://www.w3.org/2001/XMLSchema-instance";

  private static final String TEXT = "$";
  private static final int MAX_NUMBER = 1024;

  /** Lists that are not there take room for each object. */
  private static final int MAX_BYTES = PayloadLimits.DEFAULT.bytes();

  private static final Set<String> NOT_FINITE = Set.of("NaN", "INF", "+INF", "-INF");

  private final XmlDocument xml;
  private final JsonComposer json;
  private final Deque<Frame> open = new ArrayDeque<>();

  private TypedJson(XmlDocument xml) {
    this.xml = xml;
    this.json = new JsonComposer(xml.size() / 2, DuplicateNames.REFUSE);
  }

  /**
   * The JSON of a document.
   *
   * @throws MalformedPayloadException for what is not of the type that the schema gives it, with
   *     the place; for a name twice in an object
   */
  public static JsonDocument read(XmlDocument xml, DocumentType type) {
    TypedJson reader = new TypedJson(xml);
    int root = xml.root();
    if (!type.isElements()) {
      reader.enter(root, type.content(), 0);
    } else {
      Member member = type.content() instanceof Members members ? members.element(xml, root) : null;
      reader.json.beginObject().name(member == null ? xml.localName(root) : member.name());
      reader.enter(root, member == null ? TypeTree.Any.ANY : member.type(), 1);
    }
    reader.run();
    return reader.json.finish();
  }

  /**
   * The JSON of one element's content: an object even if it is empty.
   *
   * @throws MalformedPayloadException as {@link #read}
   */
  public static JsonDocument readElement(XmlDocument xml, int element, TypeTree type) {
    TypedJson reader = new TypedJson(xml);
    if (type == TypeTree.Any.ANY) {
      reader.enterMembers(element, Members.NONE, 0);
    } else {
      reader.enter(element, type, 0);
    }
    reader.run();
    return reader.json.finish();
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
        addAbsent(frame);
        return false;
      }
      group = frame.groups.next();
      frame.group = group;
      frame.at = 0;
      if (frame.members != null) {
        json.name(group.name);
        if (group.isArray()) {
          json.beginArray();
        }
      }
    }
    enter(group.elements[frame.at++], group.type, 0);
    return true;
  }

  /** Lists without elements. */
  private void addAbsent(Frame frame) {
    if (frame.members == null) {
      return;
    }
    for (Member member : frame.members.kept()) {
      if (!frame.seen.containsKey(member.name())) {
        json.name(member.name()).beginArray().end();
      }
    }
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
    Members members = frame.members == null ? Members.NONE : frame.members;
    Member member = members.element(xml, at);
    json.beginObject().name(member == null ? xml.localName(at) : member.name());
    TypeTree type = member == null ? members.other() : member.type();
    enter(at, type instanceof Items items && !items.isWrapped() ? items.item() : type, 1);
    return true;
  }

  /**
   * Adds a scalar, or opens what holds others.
   *
   * @param around how many objects and arrays end with it
   */
  private void enter(int element, TypeTree type, int around) {
    if (json.size() > MAX_BYTES) {
      throw new MalformedPayloadException(
          MalformedPayloadException.Kind.TOO_COMPLEX,
          "XML to JSON: more than " + MAX_BYTES + " bytes");
    }
    if (isNil(element)) {
      if (xml.firstElement(element) != XmlDocument.NONE || !xml.value(element).isBlank()) {
        throw malformed(element, "content in an element that is nil");
      }
      json.nullValue();
      end(around);
      return;
    }
    switch (type) {
      case Scalar scalar -> {
        if (xml.firstElement(element) != XmlDocument.NONE) {
          throw malformed(element, "elements where the schema has a value");
        }
        addText(xml.value(element), scalar, element);
        end(around);
      }
      case Items items -> enterItems(element, items, around);
      case Members members -> enterMembers(element, members, around);
      case TypeTree.Any _ -> {
        if (xml.firstElement(element) == XmlDocument.NONE && !hasAttributes(element)) {
          json.string(xml.value(element));
          end(around);
        } else {
          enterMembers(element, Members.NONE, around);
        }
      }
    }
  }

  private boolean isNil(int element) {
    if (xml.firstAttribute(element) == XmlDocument.NONE) {
      return false;
    }
    int at = xml.attribute(element, XSI, "nil");
    if (at == XmlDocument.NONE) {
      return false;
    }
    String value = xml.value(at).strip();
    return value.equals("true") || value.equals("1");
  }

  private boolean hasAttributes(int element) {
    for (int at = xml.firstAttribute(element); at != XmlDocument.NONE; at = xml.nextAttribute(at)) {
      if (!xml.namespace(at).equals(XSI)) {
        return true;
      }
    }
    return false;
  }

  /** All elements in it are items, whatever they are called. */
  private void enterItems(int element, Items items, int around) {
    refuseText(element);
    json.beginArray();
    Group all = new Group("", items.item(), false);
    for (int at = xml.firstElement(element); at != XmlDocument.NONE; at = xml.nextElement(at)) {
      all.add(at);
    }
    open.addLast(new Frame(List.of(all).iterator(), Map.of(), null, around + 1));
  }

  private void refuseText(int element) {
    for (int at = xml.firstChild(element); at != XmlDocument.NONE; at = xml.nextSibling(at)) {
      if (xml.isText(at) && !xml.isBlank(at)) {
        throw malformed(element, "text where the schema has a list");
      }
    }
  }

  private void enterMembers(int element, Members members, int around) {
    json.beginObject();
    addAttributes(element, members);
    boolean hasElements = xml.firstElement(element) != XmlDocument.NONE;
    String text = ownText(element, hasElements, members);
    if (!text.isEmpty() && hasElements) {
      json.name(TEXT).beginArray();
      Frame frame = new Frame(List.<Group>of().iterator(), Map.of(), members, around + 2);
      frame.isMixed = true;
      frame.next = xml.firstChild(element);
      open.addLast(frame);
      return;
    }
    Scalar textType = members.text();
    if (!text.isEmpty() || (textType != null && !hasElements)) {
      json.name(TEXT);
      if (textType == null) {
        json.string(text);
      } else {
        addText(text, textType, element);
      }
    }
    Map<String, Group> groups = groups(element, members);
    open.addLast(new Frame(groups.values().iterator(), groups, members, around + 1));
  }

  private void addAttributes(int element, Members members) {
    for (int at = xml.firstAttribute(element); at != XmlDocument.NONE; at = xml.nextAttribute(at)) {
      if (xml.namespace(at).equals(XSI)) {
        continue;
      }
      Member member = members.attribute(xml, at);
      if (member == null) {
        json.name('@' + xml.localName(at)).string(xml.value(at));
      } else {
        json.name(member.name());
        addAttribute(at, member);
      }
    }
  }

  private void addAttribute(int attribute, Member member) {
    if (member.type() instanceof Scalar scalar) {
      addText(xml.value(attribute), scalar, attribute);
    } else {
      json.string(xml.value(attribute));
    }
  }

  /** The text of the element itself; beside elements only if it is more than white space. */
  private String ownText(int element, boolean hasElements, Members members) {
    if (!hasElements) {
      String text = xml.value(element);
      return text.isBlank() && members != Members.NONE && members.text() == null ? "" : text;
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

  private Map<String, Group> groups(int element, Members members) {
    Map<String, Group> groups = new LinkedHashMap<>();
    for (int at = xml.firstElement(element); at != XmlDocument.NONE; at = xml.nextElement(at)) {
      Member member = members.element(xml, at);
      String name = member == null ? xml.localName(at) : member.name();
      Group group = groups.get(name);
      if (group == null) {
        TypeTree type = member == null ? members.other() : member.type();
        boolean isList = type instanceof Items items && !items.isWrapped();
        group = new Group(name, isList ? ((Items) type).item() : type, isList);
        groups.put(name, group);
      }
      group.add(at);
    }
    return groups;
  }

  private void addText(String text, Scalar type, int node) {
    if (type.kinds().contains(Kind.STRING)) {
      json.string(text);
      return;
    }
    String plain = text.strip();
    String number = type.kinds().contains(Kind.NUMBER) ? number(plain, type.isXsd()) : null;
    if (number != null) {
      json.number(number);
    } else if (type.kinds().contains(Kind.BOOLEAN) && isBoolean(plain, type.isXsd())) {
      json.bool(plain.equals("true") || plain.equals("1"));
    } else if (type.kinds().contains(Kind.NULL) && plain.isEmpty()) {
      json.nullValue();
    } else if (type.isXsd() && type.kinds().contains(Kind.NUMBER) && NOT_FINITE.contains(plain)) {
      json.string(plain); // JSON has no such numbers
    } else {
      throw malformed(node, problem(type));
    }
  }

  private static @Nullable String number(String text, boolean isXsd) {
    if (text.length() > MAX_NUMBER) {
      return null;
    }
    return JsonParser.isNumber(text) ? text : isXsd ? XsdNumber.json(text) : null;
  }

  private static boolean isBoolean(String text, boolean isXsd) {
    return switch (text) {
      case "true", "false" -> true;
      case "1", "0" -> isXsd;
      default -> false;
    };
  }

  private static String problem(Scalar type) {
    boolean isNumber = type.kinds().contains(Kind.NUMBER);
    boolean isBoolean = type.kinds().contains(Kind.BOOLEAN);
    if (isNumber && isBoolean) {
      return "neither a number nor a boolean, which the schema wants";
    }
    return isNumber
        ? "no number as JSON writes them, which the schema wants"
        : isBoolean
            ? "neither true nor false, which the schema wants"
            : "text where the schema has null";
  }

  private void end(int count) {
    for (int i = 0; i < count; i++) {
      json.end();
    }
  }

  private MalformedPayloadException malformed(int node, String reason) {
    return new MalformedPayloadException(
        MalformedPayloadException.Kind.MALFORMED,
        "XML: " + reason,
        xml.line(node),
        xml.column(node),
        xml.offset(node));
  }

  /** Elements of one name, in their order. */
  private static final class Group {
    private final String name;
    private final TypeTree type;
    private final boolean isList;
    private int[] elements = new int[1];
    private int size;

    Group(String name, TypeTree type, boolean isList) {
      this.name = name;
      this.type = type;
      this.isList = isList;
    }

    boolean isArray() {
      return !name.isEmpty() && (isList || size > 1);
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
    private final Map<String, Group> seen;

    /** Null for an array. */
    private final @Nullable Members members;

    /** How many objects and arrays end when it ends. */
    private final int ends;

    /** Whether it is mixed content, whose next node is {@link #next}. */
    private boolean isMixed;

    private int next = XmlDocument.NONE;
    private @Nullable Group group;
    private int at;

    Frame(Iterator<Group> groups, Map<String, Group> seen, @Nullable Members members, int ends) {
      this.groups = groups;
      this.seen = seen;
      this.members = members;
      this.ends = ends;
    }
  }
}
