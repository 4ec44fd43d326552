package tollgate.core.message.typed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.Place;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonKind;
import tollgate.core.message.typed.TypeTree.Items;
import tollgate.core.message.typed.TypeTree.Member;
import tollgate.core.message.typed.TypeTree.Members;
import tollgate.core.message.typed.TypeTree.Name;
import tollgate.core.message.xml.XmlBuilder;
import tollgate.core.message.xml.XmlCharacters;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlName;

/**
 * JSON to XML by a schema: its names, attributes, order and lists. What it does not declare stands
 * behind what it does: a member is an element of its name, {@code @name} an attribute, {@code $}
 * text, a list is elements of one name. One thread, once; without recursion.
 */
public final class TypedXml {
  private static final int MAX_BYTES = PayloadLimits.DEFAULT.bytes();
  private static final String TEXT = "$";

  private final JsonDocument json;
  private final XmlBuilder xml;

  /** Namespace of elements that say nothing of it; the prefix is always none. */
  private final String uri;

  private final Deque<Frame> open = new ArrayDeque<>();

  private TypedXml(JsonDocument json, XmlBuilder xml, String uri) {
    this.json = json;
    this.xml = xml;
    this.uri = uri;
  }

  /** Something to write: one value as an element, or a value and all behind it in its list. */
  private record Job(int node, @Nullable Name name, TypeTree type, boolean isRun) {}

  /** An element that is open, and what still is to stand in it. */
  private static final class Frame {
    final List<Job> jobs;
    int at;

    /** Of a run, the item whose turn it is; else none. */
    int item = JsonDocument.NONE;

    Frame(List<Job> jobs) {
      this.jobs = jobs;
    }
  }

  /**
   * The XML of a document.
   *
   * @throws MalformedPayloadException for what XML cannot say: a name, a character; TOO_COMPLEX if
   *     it would have more than 64 MiB
   */
  public static XmlDocument write(JsonDocument json, DocumentType type) {
    XmlBuilder xml = new XmlBuilder(Math.min(2 * json.length() + 64, MAX_BYTES));
    TypedXml writer = new TypedXml(json, xml, "");
    Name root = type.root();
    int node = JsonDocument.ROOT;
    TypeTree content = type.content();
    if (type.isElements()) {
      node = json.firstChild(JsonDocument.ROOT);
      if (json.kind(JsonDocument.ROOT) != JsonKind.OBJECT
          || node == JsonDocument.NONE
          || json.next(node) != JsonDocument.NONE) {
        throw writer.malformed(
            JsonDocument.ROOT, "expected an object with one member, the root element");
      }
      String name = json.name(node);
      Member member = content instanceof Members members ? members.named(name) : null;
      content = member == null ? TypeTree.Any.ANY : member.type();
      root = member == null ? Name.of(name) : member.xml();
      if (json.kind(node) == JsonKind.ARRAY
          && !(content instanceof Items items && items.isWrapped())) {
        throw writer.malformed(node, "a list cannot be the root element");
      }
    }
    writer.write(node, root, content);
    return xml.build();
  }

  /**
   * Writes one value as an element.
   *
   * @param uri the namespace of elements in it that say nothing of theirs; empty for none
   */
  public static void writeElement(
      JsonDocument json, int node, XmlName name, TypeTree type, String uri, XmlBuilder into) {
    new TypedXml(json, into, uri)
        .write(node, new Name(name.prefix(), name.uri(), name.localName()), type);
  }

  private void write(int node, Name name, TypeTree type) {
    try {
      start(node, name, type);
      while (!open.isEmpty()) {
        Frame frame = open.getLast();
        if (!step(frame)) {
          xml.endElement();
          open.removeLast();
        }
      }
    } catch (IllegalArgumentException _) { // namespaces that clash, or too many
      throw malformed(node, "XML cannot say this");
    }
  }

  /** Begins the next thing of a frame; false if there is none. */
  private boolean step(Frame frame) {
    if (frame.at == frame.jobs.size()) {
      return false;
    }
    Job job = frame.jobs.get(frame.at);
    int node = frame.item == JsonDocument.NONE ? job.node() : frame.item;
    int next = job.isRun() ? json.next(node) : JsonDocument.NONE;
    frame.item = next;
    if (next == JsonDocument.NONE) {
      frame.at++;
    }
    Name name = job.name();
    if (name == null) {
      addText(node);
    } else {
      start(node, name, job.type());
    }
    return true;
  }

  /** Begins an element; ends it too if nothing else stands in it. */
  private void start(int node, Name name, TypeTree type) {
    if (xml.size() > MAX_BYTES) {
      throw new MalformedPayloadException(
          MalformedPayloadException.Kind.TOO_COMPLEX,
          "JSON to XML: more than " + MAX_BYTES + " bytes");
    }
    if (!XmlCharacters.isNcName(name.localName())) {
      throw malformed(node, "a name that XML has not");
    }
    String own = name.uri();
    if (own == null) {
      xml.startElement("", uri, name.localName());
    } else {
      xml.startElement(own.isEmpty() ? "" : name.prefix(), own, name.localName());
    }
    switch (json.kind(node)) {
      case NULL -> {
        xml.attribute("xsi", TypedJson.XSI, "nil", "true");
        xml.endElement();
      }
      case OBJECT -> open.addLast(new Frame(members(node, type)));
      case ARRAY -> open.addLast(new Frame(items(node, type)));
      default -> {
        addText(node);
        xml.endElement();
      }
    }
  }

  private void addText(int node) {
    String text = text(node);
    xml.text(text);
  }

  private String text(int node) {
    JsonKind kind = json.kind(node);
    if (kind != JsonKind.STRING) {
      if (kind == JsonKind.OBJECT || kind == JsonKind.ARRAY) {
        throw malformed(node, "a value with parts where XML has room for text only");
      }
      return kind == JsonKind.NULL ? "" : json.lexeme(node);
    }
    String text = json.string(node);
    if (XmlCharacters.firstIllegal(text) >= 0) {
      throw malformed(node, "a character that XML has not");
    }
    return text;
  }

  private List<Job> items(int array, TypeTree type) {
    int first = json.firstChild(array);
    if (first == JsonDocument.NONE) {
      return List.of();
    }
    return type instanceof Items items
        ? List.of(new Job(first, items.name(), items.item(), true))
        : List.of(new Job(first, Name.of("item"), TypeTree.Any.ANY, true));
  }

  private List<Job> members(int object, TypeTree type) {
    Members declared = type instanceof Members members ? members : Members.NONE;
    List<Job> jobs = new ArrayList<>();
    if (declared.list().length == 0) {
      for (int at = json.firstChild(object); at != JsonDocument.NONE; at = json.next(at)) {
        other(at, json.name(at), declared, jobs);
      }
      return jobs;
    }
    Map<String, Integer> nodes = new HashMap<>();
    List<Integer> others = new ArrayList<>();
    for (int at = json.firstChild(object); at != JsonDocument.NONE; at = json.next(at)) {
      String name = json.name(at);
      if (declared.named(name) == null) {
        others.add(at);
      } else {
        nodes.put(name, at);
      }
    }
    for (Member member : declared.list()) {
      Integer node = nodes.get(member.name());
      if (node != null) {
        if (member.isAttribute()) {
          attribute(node, member.xml());
        } else {
          element(node, member.xml(), member.type(), jobs);
        }
      }
    }
    for (int at : others) {
      other(at, json.name(at), declared, jobs);
    }
    return jobs;
  }

  private void attribute(int node, Name name) {
    if (json.kind(node) == JsonKind.NULL) {
      return; // an attribute cannot be nil
    }
    if (!XmlCharacters.isNcName(name.localName())) {
      throw malformed(node, "a name that XML has not");
    }
    String own = name.uri() == null ? "" : name.uri();
    xml.attribute(own.isEmpty() ? "" : name.prefix(), own, name.localName(), text(node));
  }

  /** A member that is not declared. */
  private void other(int node, String name, Members declared, List<Job> jobs) {
    if (name.equals(TEXT)) {
      if (json.kind(node) == JsonKind.ARRAY) {
        mixed(node, declared, jobs);
      } else {
        jobs.add(new Job(node, null, TypeTree.Any.ANY, false));
      }
    } else if (name.startsWith("@") && name.length() > 1) {
      attribute(node, Name.of(name.substring(1)));
    } else {
      element(node, Name.of(name), declared.other(), jobs);
    }
  }

  private void mixed(int array, Members declared, List<Job> jobs) {
    for (int at = json.firstChild(array); at != JsonDocument.NONE; at = json.next(at)) {
      if (json.kind(at) != JsonKind.OBJECT) {
        jobs.add(new Job(at, null, TypeTree.Any.ANY, false));
        continue;
      }
      for (int in = json.firstChild(at); in != JsonDocument.NONE; in = json.next(in)) {
        String name = json.name(in);
        Member member = declared.named(name);
        if (member == null || member.isAttribute()) {
          element(in, Name.of(name), declared.other(), jobs);
        } else {
          element(in, member.xml(), member.type(), jobs);
        }
      }
    }
  }

  private void element(int node, Name name, TypeTree type, List<Job> jobs) {
    boolean isArray = json.kind(node) == JsonKind.ARRAY;
    if (type instanceof Items items && items.isWrapped()) {
      jobs.add(new Job(node, name, type, false));
      return;
    }
    TypeTree item = type instanceof Items items ? items.item() : isArray ? TypeTree.Any.ANY : type;
    if (!isArray) {
      jobs.add(new Job(node, name, item, false));
    } else {
      int first = json.firstChild(node);
      if (first != JsonDocument.NONE) {
        jobs.add(new Job(first, name, item, true));
      }
    }
  }

  private MalformedPayloadException malformed(int node, String reason) {
    Place place = json.place(node);
    return new MalformedPayloadException(
        MalformedPayloadException.Kind.MALFORMED,
        "JSON to XML: " + reason,
        place.line(),
        place.column(),
        json.start(node));
  }
}
