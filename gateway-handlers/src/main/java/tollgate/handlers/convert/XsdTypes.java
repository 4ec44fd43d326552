package tollgate.handlers.convert;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.config.read.Diagnostic;
import tollgate.config.schema.SchemaFile;
import tollgate.config.schema.SchemaFolder;
import tollgate.config.schema.XsdIndex;
import tollgate.config.text.Location;
import tollgate.config.text.Quoted;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.typed.DocumentType;
import tollgate.core.message.typed.TypeTree;
import tollgate.core.message.typed.TypeTree.Items;
import tollgate.core.message.typed.TypeTree.Kind;
import tollgate.core.message.typed.TypeTree.Member;
import tollgate.core.message.typed.TypeTree.Members;
import tollgate.core.message.typed.TypeTree.Name;
import tollgate.core.message.typed.TypeTree.Scalar;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlParser;

/**
 * A schema of XML Schema 1.0 to a type tree. One thread; blocks on files. It is no validator: what
 * it does not understand is of no type. Members of substitution groups and wildcards are such.
 *
 * <p>A tree is made without recursion but for groups and types that build on one another, which may
 * be {@link #MAX_NESTING} deep.
 *
 * <p>More than 400 lines in one class: the keywords of one language, looked at together.
 */
final class XsdTypes {
  private static final String XSD = "http://www.w3.org/2001/XMLSchema";
  private static final int MAX_NESTING = 100;
  private static final int MAX_TYPES = 100_000;
  private static final int MAX_PROBLEMS = 20;

  private static final Set<String> NUMBERS =
      Set.of(
          "decimal",
          "integer",
          "nonPositiveInteger",
          "negativeInteger",
          "long",
          "int",
          "short",
          "byte",
          "nonNegativeInteger",
          "unsignedLong",
          "unsignedInt",
          "unsignedShort",
          "unsignedByte",
          "positiveInteger",
          "float",
          "double");

  private static final Scalar TEXT = new Scalar(EnumSet.of(Kind.STRING), true);
  private static final Scalar NUMBER = new Scalar(EnumSet.of(Kind.NUMBER), true);
  private static final Scalar BOOLEAN = new Scalar(EnumSet.of(Kind.BOOLEAN), true);

  /** Global declarations by what they are, namespace and name: {@code element {urn:a}order}. */
  private final Map<String, Node> globals = new LinkedHashMap<>();

  private final Map<Node, Members> complex = new HashMap<>();
  private final Deque<Runnable> toDefine = new ArrayDeque<>();

  private final Set<String> namespaces = new HashSet<>();
  private final List<Diagnostic> problems;

  private XsdTypes(List<Diagnostic> problems) {
    this.problems = problems;
  }

  /** One of the files. */
  private record Part(
      SchemaFile file,
      XmlDocument xml,
      String namespace,
      boolean isQualified,
      boolean areAttributesQualified) {}

  /** An element of one of the files. */
  private record Node(Part part, int at) {
    String local() {
      return part.xml().localName(at);
    }

    @Nullable String attribute(String name) {
      int attribute = part.xml().attribute(at, "", name);
      return attribute == XmlDocument.NONE ? null : part.xml().value(attribute).strip();
    }

    List<Node> children() {
      List<Node> children = new ArrayList<>();
      XmlDocument xml = part.xml();
      for (int child = xml.firstElement(at);
          child != XmlDocument.NONE;
          child = xml.nextElement(child)) {
        if (xml.namespace(child).equals(XSD)) {
          children.add(new Node(part, child));
        }
      }
      return children;
    }

    @Nullable Node child(String... names) {
      for (Node child : children()) {
        for (String name : names) {
          if (child.local().equals(name)) {
            return child;
          }
        }
      }
      return null;
    }

    /** The expanded name that a qualified name in an attribute means: {@code {urn:a}order}. */
    String expanded(String qualified) {
      int colon = qualified.indexOf(':');
      String prefix = colon < 0 ? "" : qualified.substring(0, colon);
      String local = qualified.substring(colon + 1);
      XmlDocument xml = part.xml();
      for (int element = at;
          element != XmlDocument.NONE && xml.isElement(element);
          element = xml.parent(element)) {
        for (int declared = xml.firstNamespace(element);
            declared != XmlDocument.NONE;
            declared = xml.nextNamespace(declared)) {
          if (xml.declaredPrefix(declared).equals(prefix)) {
            return "{" + xml.namespace(declared) + "}" + local;
          }
        }
      }
      // Without a declaration a name is in no namespace, which an included file takes over.
      return "{" + part.namespace() + "}" + local;
    }
  }

  /** The documents of a schema; null, and a problem, if the file cannot be used. Blocks. */
  static @Nullable DocumentType ofFileBlocking(
      SchemaFolder folder, Path path, List<Diagnostic> problems) {
    int before = problems.size();
    try {
      XsdIndex index = XsdIndex.readBlocking(folder, path);
      index
          .problems()
          .forEach(problem ->
              problems.add(
                  Diagnostic.error(problem.location(), problem.path(), problem.message())));
      if (problems.size() > before) {
        return null;
      }
      XsdTypes types = new XsdTypes(problems);
      String first = "";
      List<XsdIndex.Part> parts = index.parts();
      for (int i = 0; i < parts.size(); i++) {
        String namespace = types.add(parts.get(i), first);
        first = i == 0 ? namespace : first;
      }
      if (problems.size() > before) {
        return null;
      }
      DocumentType document = types.document();
      return problems.size() > before ? null : document;
    } catch (IOException e) {
      problems.add(
          Diagnostic.error(
              Location.ofFile(folder.label(path)), "", "cannot be read: " + e.getMessage()));
      return null;
    }
  }

  /** Adds the global declarations of a file; gives its namespace. */
  private String add(XsdIndex.Part from, String first) {
    SchemaFile file = from.file();
    XmlDocument xml;
    try {
      xml = XmlParser.parse(file.bytes(), null, PayloadLimits.DEFAULT);
    } catch (MalformedPayloadException e) {
      Location place =
          e.line() == 0 ? file.place() : new Location(file.label(), e.line(), e.column());
      problems.add(Diagnostic.error(place, "", "cannot be used: " + e.reason()));
      return first;
    }
    int root = xml.root();
    Node bare = new Node(new Part(file, xml, "", false, false), root);
    String own = bare.attribute("targetNamespace");
    String namespace = own != null ? own : from.isImported() ? "" : first;
    Part part =
        new Part(
            file,
            xml,
            namespace,
            "qualified".equals(bare.attribute("elementFormDefault")),
            "qualified".equals(bare.attribute("attributeFormDefault")));
    namespaces.add(namespace);
    addGlobals(new Node(part, root), 0);
    return namespace;
  }

  private void addGlobals(Node parent, int depth) {
    for (Node child : parent.children()) {
      String name = child.attribute("name");
      String kind = child.local();
      if (kind.equals("redefine") && depth == 0) {
        addGlobals(child, 1);
      } else if (name != null) {
        String space = kind.equals("simpleType") || kind.equals("complexType") ? "type" : kind;
        String key = space + " {" + parent.part().namespace() + "}" + name;
        if (depth == 1) {
          globals.put(key, child);
        } else {
          globals.putIfAbsent(key, child);
        }
      }
    }
  }

  /** The declaration that a qualified name means; null, and a problem if there should be one. */
  private @Nullable Node global(String kind, Node from, String qualified) {
    String expanded = from.expanded(qualified);
    Node found = globals.get(kind + " " + expanded);
    String namespace = expanded.substring(1, expanded.indexOf('}'));
    if (found == null && namespaces.contains(namespace) && problems.size() < MAX_PROBLEMS) {
      XmlDocument xml = from.part().xml();
      Location place =
          new Location(from.part().file().label(), xml.line(from.at()), xml.column(from.at()));
      Diagnostic problem =
          Diagnostic.error(place, "", Quoted.of(qualified) + " is no " + kind + " of the schema");
      if (!problems.contains(problem)) {
        problems.add(problem);
      }
    }
    return found;
  }

  private DocumentType document() {
    List<Member> roots = new ArrayList<>();
    globals.forEach((key, element) -> {
      String name = element.attribute("name");
      if (key.startsWith("element ") && name != null) {
        String namespace = element.part().namespace();
        roots.add(
            new Member(name, new Name("", namespace, name), false, false, elementType(element)));
      }
    });
    while (!toDefine.isEmpty() && complex.size() <= MAX_TYPES) {
      toDefine.poll().run();
    }
    Members all = new Members();
    all.define(roots, TypeTree.Any.ANY, null);
    return new DocumentType(all, Name.of("root"), true, true);
  }

  private TypeTree elementType(Node element) {
    String named = element.attribute("type");
    if (named != null) {
      return type(element, named);
    }
    Node inline = element.child("complexType", "simpleType");
    if (inline == null) {
      return TypeTree.Any.ANY;
    }
    return inline.local().equals("complexType") ? complex(inline) : simple(inline, 0);
  }

  private TypeTree type(Node from, String qualified) {
    String expanded = from.expanded(qualified);
    if (expanded.startsWith("{" + XSD + "}")) {
      return builtIn(expanded.substring(XSD.length() + 2));
    }
    Node node = global("type", from, qualified);
    if (node == null) {
      return TypeTree.Any.ANY;
    }
    return node.local().equals("complexType") ? complex(node) : simple(node, 0);
  }

  private static TypeTree builtIn(String name) {
    if (name.equals("anyType")) {
      return TypeTree.Any.ANY;
    }
    return NUMBERS.contains(name) ? NUMBER : name.equals("boolean") ? BOOLEAN : TEXT;
  }

  private Scalar simple(Node type, int nesting) {
    Node restriction = type.child("restriction");
    Node union = type.child("union");
    if (nesting > MAX_NESTING) {
      return TEXT;
    }
    if (restriction != null) {
      String base = restriction.attribute("base");
      Node inline = restriction.child("simpleType");
      return base != null
          ? simple(restriction, base, nesting)
          : inline == null ? TEXT : simple(inline, nesting + 1);
    }
    return union == null ? TEXT : union(union, nesting); // a list is one text
  }

  private Scalar union(Node union, int nesting) {
    Set<Scalar> members = new HashSet<>();
    String named = union.attribute("memberTypes");
    if (named != null) {
      for (String member : named.split("\\s+", -1)) {
        members.add(simple(union, member, nesting));
      }
    }
    for (Node member : union.children()) {
      if (member.local().equals("simpleType")) {
        members.add(simple(member, nesting + 1));
      }
    }
    return members.size() == 1 ? members.iterator().next() : TEXT;
  }

  private Scalar simple(Node from, String qualified, int nesting) {
    String expanded = from.expanded(qualified);
    if (expanded.startsWith("{" + XSD + "}")) {
      return builtIn(expanded.substring(XSD.length() + 2)) instanceof Scalar scalar ? scalar : TEXT;
    }
    Node node = global("type", from, qualified);
    return node == null || !node.local().equals("simpleType") ? TEXT : simple(node, nesting + 1);
  }

  private TypeTree complex(Node type) {
    Members known = complex.get(type);
    if (known == null) {
      Members made = new Members();
      complex.put(type, made);
      toDefine.add(() -> {
        Content content = new Content();
        content(type, content, 0);
        made.define(List.copyOf(content.members.values()), TypeTree.Any.ANY, content.text);
      });
      known = made;
    }
    return known;
  }

  /** What stands in a complex type. */
  private static final class Content {
    /** By kind and name. */
    final Map<String, Member> members = new LinkedHashMap<>();

    @Nullable Scalar text;
  }

  private void content(Node type, Content into, int nesting) {
    if (nesting > MAX_NESTING) {
      return;
    }
    Node complexContent = type.child("complexContent");
    Node simpleContent = type.child("simpleContent");
    Node derived =
        complexContent != null
            ? complexContent.child("extension", "restriction")
            : simpleContent == null ? null : simpleContent.child("extension", "restriction");
    if (derived == null) {
      particles(type, into, new Place(false, false), nesting);
      attributes(type, into, nesting);
      return;
    }
    String base = derived.attribute("base");
    boolean isBuiltIn = base != null && derived.expanded(base).startsWith("{" + XSD + "}");
    Node baseType = base == null || isBuiltIn ? null : global("type", derived, base);
    boolean isComplex = baseType != null && baseType.local().equals("complexType");
    if (simpleContent != null) {
      into.text = base == null || isComplex ? TEXT : simple(derived, base, nesting);
    }
    if (baseType != null && isComplex) {
      Content inherited = new Content();
      content(baseType, inherited, nesting + 1);
      boolean isExtension = derived.local().equals("extension");
      inherited.members.forEach((key, member) -> {
        if (isExtension || member.isAttribute()) {
          into.members.put(key, member);
        }
      });
      if (inherited.text != null) {
        into.text = inherited.text;
      }
    }
    particles(derived, into, new Place(false, false), nesting);
    attributes(derived, into, nesting);
  }

  /** Where in a content model a particle stands. */
  private record Place(boolean isRepeated, boolean isChoice) {
    Place in(Node group) {
      return new Place(isRepeated || repeats(group), isChoice || group.local().equals("choice"));
    }
  }

  private static boolean repeats(Node particle) {
    String max = particle.attribute("maxOccurs");
    return max != null && !max.equals("1") && !max.equals("0");
  }

  private void particles(Node parent, Content into, Place place, int nesting) {
    if (nesting > MAX_NESTING) {
      return;
    }
    for (Node child : parent.children()) {
      switch (child.local()) {
        case "sequence", "choice", "all" -> particles(child, into, place.in(child), nesting + 1);
        case "group" -> {
          String reference = child.attribute("ref");
          Node group = reference == null ? null : global("group", child, reference);
          if (group != null) {
            particles(group, into, place.in(child), nesting + 1);
          }
        }
        case "element" -> element(child, into, place);
        default -> {}
      }
    }
  }

  private void element(Node element, Content into, Place place) {
    if ("0".equals(element.attribute("maxOccurs"))) {
      return;
    }
    String reference = element.attribute("ref");
    Node declared = reference == null ? element : global("element", element, reference);
    String name = declared == null ? null : declared.attribute("name");
    if (declared == null || name == null) {
      return;
    }
    String form = element.attribute("form");
    boolean isQualified =
        reference != null
            || (form == null ? element.part().isQualified() : form.equals("qualified"));
    String uri = isQualified ? declared.part().namespace() : "";
    String key = "element {" + uri + "}" + name;
    Member known = into.members.get(key);
    boolean isList =
        place.isRepeated()
            || repeats(element)
            || (known != null && (known.type() instanceof Items || !place.isChoice()));
    TypeTree type = elementType(declared);
    if (isList) {
      Items items = new Items(false);
      items.define(new Name("", uri, name), type);
      type = items;
    }
    into.members.put(
        key, new Member(name, new Name("", uri, name), false, isList && !place.isChoice(), type));
  }

  private void attributes(Node parent, Content into, int nesting) {
    if (nesting > MAX_NESTING) {
      return;
    }
    for (Node child : parent.children()) {
      if (child.local().equals("attribute")) {
        attribute(child, into);
      } else if (child.local().equals("attributeGroup")) {
        String reference = child.attribute("ref");
        Node group = reference == null ? null : global("attributeGroup", child, reference);
        if (group != null) {
          attributes(group, into, nesting + 1);
        }
      }
    }
  }

  private void attribute(Node attribute, Content into) {
    if ("prohibited".equals(attribute.attribute("use"))) {
      return;
    }
    String reference = attribute.attribute("ref");
    Node declared = reference == null ? attribute : global("attribute", attribute, reference);
    String name = declared == null ? null : declared.attribute("name");
    if (declared == null || name == null) {
      return;
    }
    String form = attribute.attribute("form");
    boolean isQualified =
        reference != null
            || (form == null
                ? attribute.part().areAttributesQualified()
                : form.equals("qualified"));
    String uri = isQualified ? declared.part().namespace() : "";
    String prefix = uri.isEmpty() ? "" : "a" + into.members.size();
    String type = declared.attribute("type");
    Node inline = declared.child("simpleType");
    Scalar scalar =
        type != null ? simple(declared, type, 0) : inline == null ? TEXT : simple(inline, 0);
    into.members.put(
        "attribute {" + uri + "}" + name,
        new Member('@' + name, new Name(prefix, uri, name), true, false, scalar));
  }
}
