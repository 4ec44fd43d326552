package tollgate.core.message.typed;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.config.read.Diagnostic;
import tollgate.config.schema.SchemaIndex;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ListNode;
import tollgate.config.text.MapNode;
import tollgate.config.text.Quoted;
import tollgate.config.text.ScalarNode;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.typed.TypeTree.Items;
import tollgate.core.message.typed.TypeTree.Kind;
import tollgate.core.message.typed.TypeTree.Member;
import tollgate.core.message.typed.TypeTree.Members;
import tollgate.core.message.typed.TypeTree.Name;
import tollgate.core.message.typed.TypeTree.Scalar;
import tollgate.core.message.xml.XmlCharacters;

/**
 * JSON Schemas, and those of OpenAPI, to type trees. One thread.
 *
 * <p>What applies to the same value is looked at together: a schema, where its {@code $ref} leads,
 * and the branches of {@code allOf}, {@code anyOf}, {@code oneOf}, {@code then} and {@code else}.
 * Types are those of all; members are those of all. What may be an object and a list, or an object
 * and a text, is of no type.
 *
 * <p>A tree is made without recursion: what is still to be defined stands in a queue.
 *
 * <p>More than 400 lines in one class: the keywords of one language, looked at together.
 */
public final class SchemaTypes {
  /** More are refused: schemas that are combined with one another can make many. */
  private static final int MAX_TYPES = 100_000;

  private static final int MAX_PROBLEMS = 20;
  private static final Name ROOT = Name.of("root");
  private static final String ITEM = "item";

  private final SchemaIndex index;
  private final List<Diagnostic> problems;
  private final IdentityHashMap<ConfigNode, Integer> ids = new IdentityHashMap<>();
  private final Map<List<Integer>, Seen> seenBy = new HashMap<>();
  private final Map<List<Integer>, Members> members = new HashMap<>();
  private final Map<ItemsKey, Items> items = new HashMap<>();
  private final Deque<Runnable> toDefine = new ArrayDeque<>();

  /** Those in which a schema says how something stands in XML. */
  private final Set<TypeTree> shaped = Collections.newSetFromMap(new IdentityHashMap<>());

  private int problemCount;

  private record ItemsKey(List<Integer> schemas, String name) {}

  /**
   * @param index of the schemas, without problems
   * @param problems gets what is wrong
   */
  public SchemaTypes(SchemaIndex index, List<Diagnostic> problems) {
    this.index = index;
    this.problems = problems;
  }

  /** What several schemas for one value say together. */
  private static final class Seen {
    final Set<Kind> kinds = EnumSet.noneOf(Kind.class);

    /** Kinds of listed values, which count where no type is said. */
    final Set<Kind> listed = EnumSet.noneOf(Kind.class);

    final List<ConfigNode> items = new ArrayList<>();
    final Map<String, List<ConfigNode>> properties = new LinkedHashMap<>();
    final Set<String> required = new HashSet<>();

    /** Properties that are declared whatever branch holds. */
    final Set<String> certain = new HashSet<>();

    final List<ConfigNode> other = new ArrayList<>();
    boolean isObject;
    boolean isArray;
    boolean needsItems;
    @Nullable MapNode xml;
    @Nullable String reference;

    boolean hasWords() {
      return isObject || isArray || !kinds.isEmpty();
    }
  }

  /** The type of documents of a schema. */
  public DocumentType document(ConfigNode schema) {
    List<ConfigNode> schemas = List.of(schema);
    Seen seen = seen(schemas);
    TypeTree content = tree(schemas, ITEM);
    while (!toDefine.isEmpty() && members.size() + items.size() <= MAX_TYPES) {
      toDefine.poll().run();
    }
    if (!toDefine.isEmpty()) {
      toDefine.clear();
      problem(schema, "makes more than " + MAX_TYPES + " types");
    }
    boolean saysXml = isShaped(seen) || isShaped(content);
    String named = xmlText(seen, "name");
    if (named == null && isOneElement(content)) {
      return new DocumentType(content, ROOT, true, saysXml);
    }
    String reference = seen.reference;
    String name =
        named != null
            ? named
            : reference != null && XmlCharacters.isNcName(reference) ? reference : ROOT.localName();
    return new DocumentType(content, name(seen, name), false, saysXml);
  }

  private static boolean isShaped(Seen seen) {
    return seen.xml != null && !seen.xml.entries().isEmpty();
  }

  /** Whether anything in a tree is. */
  private boolean isShaped(TypeTree content) {
    Set<TypeTree> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<TypeTree> next = new ArrayDeque<>();
    next.add(content);
    while (!next.isEmpty()) {
      TypeTree tree = next.poll();
      if (shaped.contains(tree)) {
        return true;
      }
      if (visited.add(tree)) {
        switch (tree) {
          case Members object -> {
            object.members().forEach(member -> next.add(member.type()));
            next.add(object.other());
          }
          case Items list -> next.add(list.item());
          case Scalar _, TypeTree.Any _ -> {}
        }
      }
    }
    return false;
  }

  private static boolean isOneElement(TypeTree content) {
    if (!(content instanceof Members object) || object.members().size() != 1) {
      return false;
    }
    Member only = object.members().getFirst();
    return !only.isAttribute() && !(only.type() instanceof Items list && !list.isWrapped());
  }

  private List<Integer> key(List<ConfigNode> schemas) {
    List<Integer> key = new ArrayList<>(schemas.size());
    for (ConfigNode schema : schemas) {
      key.add(ids.computeIfAbsent(schema, _ -> ids.size()));
    }
    return key;
  }

  private Seen seen(List<ConfigNode> schemas) {
    List<Integer> key = key(schemas);
    Seen known = seenBy.get(key);
    if (known == null) {
      known = new Seen();
      IdentityHashMap<ConfigNode, Boolean> visited = new IdentityHashMap<>();
      Deque<Branch> branches = new ArrayDeque<>();
      schemas.forEach(schema -> branches.add(new Branch(schema, true)));
      while (!branches.isEmpty()) {
        Branch branch = branches.poll();
        if (branch.schema() instanceof MapNode map && visited.put(map, true) == null) {
          look(map, branch.isCertain(), known, branches);
        }
      }
      seenBy.put(key, known);
    }
    return known;
  }

  private record Branch(ConfigNode schema, boolean isCertain) {}

  private void look(MapNode map, boolean isCertain, Seen seen, Deque<Branch> more) {
    for (MapNode.Entry entry : map.entries()) {
      ConfigNode value = entry.value();
      switch (entry.key()) {
        case "type" -> words(value).forEach(word -> word(word.text(), seen));
        case "nullable" -> {
          if (isTrue(value)) {
            seen.kinds.add(Kind.NULL);
          }
        }
        case "enum" -> {
          if (value instanceof ListNode list) {
            list.items().forEach(item -> listed(item, seen));
          }
        }
        case "const" -> listed(value, seen);
        case "items", "prefixItems" -> {
          if (value instanceof ListNode list) {
            seen.items.addAll(list.items());
          } else if (value instanceof MapNode) {
            seen.items.add(value);
          }
        }
        case "minItems" ->
            seen.needsItems |= value instanceof ScalarNode count && !count.text().equals("0");
        case "properties" -> properties(value, isCertain, seen);
        case "required" -> {
          if (isCertain) {
            words(value).forEach(word -> seen.required.add(word.text()));
          }
        }
        case "additionalProperties" -> {
          if (value instanceof MapNode) {
            seen.other.add(value);
          }
        }
        case "xml" -> {
          if (value instanceof MapNode xml && seen.xml == null) {
            seen.xml = xml;
            checkNames(xml);
          }
        }
        case "$ref" -> reference(map, value, isCertain, seen, more);
        case "allOf" -> branches(value, isCertain, more);
        case "anyOf", "oneOf" -> branches(value, false, more);
        case "then", "else" -> more.add(new Branch(value, false));
        default -> {}
      }
    }
  }

  private void reference(
      MapNode from, ConfigNode reference, boolean isCertain, Seen seen, Deque<Branch> more) {
    ConfigNode target = index.target(from);
    if (target != null && reference instanceof ScalarNode text) {
      if (seen.reference == null) {
        seen.reference = text.text().substring(text.text().lastIndexOf('/') + 1);
      }
      more.addFirst(new Branch(target, isCertain)); // before the branches beside it
    }
  }

  private static void branches(ConfigNode list, boolean areCertain, Deque<Branch> more) {
    if (list instanceof ListNode branches) {
      branches.items().forEach(branch -> more.add(new Branch(branch, areCertain)));
    }
  }

  private static void properties(ConfigNode value, boolean isCertain, Seen seen) {
    if (value instanceof MapNode properties) {
      for (MapNode.Entry property : properties.entries()) {
        seen.properties
            .computeIfAbsent(property.key(), _ -> new ArrayList<>(1))
            .add(property.value());
        if (isCertain) {
          seen.certain.add(property.key());
        }
      }
    }
  }

  private static List<ScalarNode> words(ConfigNode node) {
    List<ScalarNode> words = new ArrayList<>();
    if (node instanceof ScalarNode word) {
      words.add(word);
    } else if (node instanceof ListNode list) {
      for (ConfigNode item : list.items()) {
        if (item instanceof ScalarNode word) {
          words.add(word);
        }
      }
    }
    return words;
  }

  private static void word(String word, Seen seen) {
    switch (word) {
      case "string" -> seen.kinds.add(Kind.STRING);
      case "integer", "number" -> seen.kinds.add(Kind.NUMBER);
      case "boolean" -> seen.kinds.add(Kind.BOOLEAN);
      case "null" -> seen.kinds.add(Kind.NULL);
      case "object" -> seen.isObject = true;
      case "array" -> seen.isArray = true;
      default -> {}
    }
  }

  private static void listed(ConfigNode value, Seen seen) {
    if (!(value instanceof ScalarNode scalar)) {
      return;
    }
    boolean isPlain = scalar.form() == ScalarNode.Form.PLAIN;
    String text = scalar.text();
    if (scalar.isNull()) {
      seen.listed.add(Kind.NULL);
    } else if (isPlain && JsonParser.isNumber(text)) {
      seen.listed.add(Kind.NUMBER);
    } else if (isPlain && (text.equals("true") || text.equals("false"))) {
      seen.listed.add(Kind.BOOLEAN);
    } else {
      seen.listed.add(Kind.STRING);
    }
  }

  /**
   * @param itemName of an item's element where nothing says another
   */
  private TypeTree tree(List<ConfigNode> schemas, String itemName) {
    Seen seen = seen(schemas);
    boolean isSilent = !seen.hasWords();
    boolean isObject = seen.isObject || (isSilent && !seen.properties.isEmpty());
    boolean isArray = seen.isArray || (isSilent && !seen.items.isEmpty());
    Set<Kind> kinds = seen.kinds.isEmpty() && isSilent ? seen.listed : seen.kinds;
    boolean hasText = kinds.stream().anyMatch(kind -> kind != Kind.NULL);
    if (isObject) {
      return isArray || hasText ? TypeTree.Any.ANY : members(schemas, seen);
    }
    if (isArray) {
      return list(schemas, seen, itemName);
    }
    return kinds.isEmpty() ? TypeTree.Any.ANY : new Scalar(kinds, false);
  }

  private TypeTree list(List<ConfigNode> schemas, Seen seen, String itemName) {
    ItemsKey key = new ItemsKey(key(schemas), itemName);
    Items known = items.get(key);
    if (known == null) {
      Items made = new Items(isXml(seen, "wrapped"));
      items.put(key, made);
      toDefine.add(() -> {
        Seen item = seen(seen.items);
        if (isShaped(seen) || isShaped(item)) {
          shaped.add(made);
        }
        String named = xmlText(item, "name");
        made.define(name(item, named == null ? itemName : named), tree(seen.items, ITEM));
      });
      known = made;
    }
    return known;
  }

  private TypeTree members(List<ConfigNode> schemas, Seen seen) {
    List<Integer> key = key(schemas);
    Members known = members.get(key);
    if (known == null) {
      Members made = new Members();
      members.put(key, made);
      toDefine.add(() -> define(made, seen));
      known = made;
    }
    return known;
  }

  private void define(Members object, Seen seen) {
    List<Member> list = new ArrayList<>();
    Scalar text = null;
    for (Map.Entry<String, List<ConfigNode>> property : seen.properties.entrySet()) {
      String name = property.getKey();
      if (name.equals("$")) {
        text = tree(property.getValue(), ITEM) instanceof Scalar scalar ? scalar : null;
      } else {
        list.add(member(name, property.getValue(), seen, object, list.size()));
      }
    }
    TypeTree other = seen.other.isEmpty() ? TypeTree.Any.ANY : tree(seen.other, ITEM);
    object.define(list, other, text);
  }

  private Member member(
      String name, List<ConfigNode> schemas, Seen object, Members owner, int position) {
    Seen seen = seen(schemas);
    if (isShaped(seen)) {
      shaped.add(owner);
    }
    boolean isAttribute = isXml(seen, "attribute") || name.startsWith("@");
    String bare = name.startsWith("@") ? name.substring(1) : name;
    String local = bare.substring(bare.indexOf(':') + 1);
    TypeTree type = tree(schemas, local);
    Seen named = seen;
    if (type instanceof Items list && !list.isWrapped()) {
      named = seen(seen.items);
    }
    String said = xmlText(named, "name");
    Name xml = name(named, said == null ? local : said);
    if (isAttribute && xml.uri() != null && xml.prefix().isEmpty()) {
      xml = new Name("a" + position, xml.uri(), xml.localName());
    }
    boolean isKept =
        type instanceof Items list
            && !isAttribute
            && (object.required.contains(name)
                || (!list.isWrapped() && object.certain.contains(name) && !seen.needsItems));
    return new Member(name, xml, isAttribute, isKept, type);
  }

  private static Name name(Seen seen, String localName) {
    String uri = xmlText(seen, "namespace");
    String prefix = xmlText(seen, "prefix");
    return new Name(uri == null || prefix == null ? "" : prefix, uri, localName);
  }

  private static @Nullable String xmlText(Seen seen, String key) {
    MapNode xml = seen.xml;
    return xml != null && xml.value(key) instanceof ScalarNode text && !text.text().isEmpty()
        ? text.text()
        : null;
  }

  private static boolean isXml(Seen seen, String key) {
    MapNode xml = seen.xml;
    return xml != null && isTrue(xml.value(key));
  }

  private static boolean isTrue(@Nullable ConfigNode node) {
    return node instanceof ScalarNode word && word.text().equals("true");
  }

  private void checkNames(MapNode xml) {
    for (String key : List.of("name", "prefix")) {
      if (xml.value(key) instanceof ScalarNode text
          && !text.text().isEmpty()
          && (!XmlCharacters.isNcName(text.text())
              || (key.equals("prefix") && text.text().startsWith("xml")))) {
        problem(text, Quoted.of(text.text()) + " is no " + key + " that XML has");
      }
    }
  }

  private void problem(ConfigNode at, String message) {
    Diagnostic problem = Diagnostic.error(requireNonNull(at.location()), "xml", message);
    if (problemCount < MAX_PROBLEMS && !problems.contains(problem)) {
      problemCount++;
      problems.add(problem);
    }
  }
}
