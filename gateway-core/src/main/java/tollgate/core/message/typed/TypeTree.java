package tollgate.core.message.typed;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.xml.XmlDocument;

/**
 * What a value is and how it stands in XML, as a schema says it. A tree may lead back to itself.
 * Immutable once whoever compiles it has defined all of it; any thread then.
 */
public sealed interface TypeTree {
  /** Nothing is known: what stands there decides. */
  enum Any implements TypeTree {
    ANY
  }

  /** What one value without parts may be. */
  enum Kind {
    STRING,
    NUMBER,
    BOOLEAN,
    NULL
  }

  /**
   * A value without parts.
   *
   * @param kinds not empty; a text stays one where it may be
   * @param isXsd whether numbers and booleans are written as XML Schema has them: {@code +7},
   *     {@code 007}, {@code 1} for true
   */
  record Scalar(Set<Kind> kinds, boolean isXsd) implements TypeTree {
    public Scalar {
      kinds = Set.copyOf(EnumSet.copyOf(kinds));
    }
  }

  /** A list of values of one type. */
  final class Items implements TypeTree {
    private final boolean isWrapped;
    private @Nullable TypeTree item;
    private Name name = Name.of("item");

    /**
     * @param isWrapped whether as a member it is one element around its items, and not only these
     */
    public Items(boolean isWrapped) {
      this.isWrapped = isWrapped;
    }

    /**
     * Says what it holds; once.
     *
     * @param itemName of an item's element in the one around them
     */
    public void define(Name itemName, TypeTree itemType) {
      if (item != null) {
        throw new IllegalStateException("defined twice");
      }
      name = requireNonNull(itemName, "itemName");
      item = requireNonNull(itemType, "itemType");
    }

    public boolean isWrapped() {
      return isWrapped;
    }

    public Name name() {
      return name;
    }

    public TypeTree item() {
      return item == null ? Any.ANY : item;
    }
  }

  /** Named values. */
  final class Members implements TypeTree {
    /** Nothing is declared. */
    static final Members NONE = new Members();

    private Member[] list = {};
    private Member[] kept = {};
    private final Map<String, Member> byName = new HashMap<>();
    private final Map<String, Member[]> elements = new HashMap<>();
    private final Map<String, Member[]> attributes = new HashMap<>();
    private TypeTree other = Any.ANY;
    private @Nullable Scalar text;

    public Members() {}

    /**
     * Says what it holds; once.
     *
     * @param members in the order they are written in
     * @param otherType of those that are not declared
     * @param textType of the text beside attributes; null for a string
     */
    public void define(List<Member> members, TypeTree otherType, @Nullable Scalar textType) {
      if (list.length > 0) {
        throw new IllegalStateException("defined twice");
      }
      list = members.toArray(Member[]::new);
      kept = members.stream().filter(Member::isKept).toArray(Member[]::new);
      other = requireNonNull(otherType, "otherType");
      text = textType;
      for (Member member : list) {
        byName.putIfAbsent(member.name(), member);
        (member.isAttribute() ? attributes : elements)
            .merge(
                member.xml().localName(),
                new Member[] {member},
                (known, more) -> {
                  Member[] both = Arrays.copyOf(known, known.length + 1);
                  both[known.length] = more[0];
                  return both;
                });
      }
    }

    /** In the order they are written in. */
    public List<Member> members() {
      return List.of(list);
    }

    Member[] list() {
      return list;
    }

    /** Lists that are there even when they are not. */
    Member[] kept() {
      return kept;
    }

    public TypeTree other() {
      return other;
    }

    @Nullable Scalar text() {
      return text;
    }

    @Nullable Member named(String name) {
      return byName.get(name);
    }

    /** What is declared for an element; null if nothing is. */
    public @Nullable Member element(XmlDocument xml, int element) {
      return find(elements, xml, element);
    }

    /** What is declared for an element of that name; null if nothing is. */
    public @Nullable Member element(String uri, String localName) {
      for (Member member : elements.getOrDefault(localName, new Member[0])) {
        if (member.xml().uri() == null || uri.equals(member.xml().uri())) {
          return member;
        }
      }
      return null;
    }

    @Nullable Member attribute(XmlDocument xml, int attribute) {
      return find(attributes, xml, attribute);
    }

    private static @Nullable Member find(
        Map<String, Member[]> declared, XmlDocument xml, int node) {
      if (declared.isEmpty()) {
        return null;
      }
      Member[] candidates = declared.get(xml.localName(node));
      if (candidates != null) {
        for (Member member : candidates) {
          String uri = member.xml().uri();
          if (uri == null || uri.equals(xml.namespace(node))) {
            return member;
          }
        }
      }
      return null;
    }
  }

  /**
   * A name in XML.
   *
   * @param prefix to write it with; empty for none
   * @param uri null for that of what stands around it; read whatever it is
   */
  record Name(String prefix, @Nullable String uri, String localName) {
    public Name {
      requireNonNull(prefix, "prefix");
      requireNonNull(localName, "localName");
    }

    /** One that says nothing of namespaces. */
    public static Name of(String localName) {
      return new Name("", null, localName);
    }
  }

  /**
   * One of the members.
   *
   * @param name in JSON
   * @param xml of its element, or of each of its elements if it is a list without one around it
   * @param isKept whether a list that is not there is an empty one
   */
  record Member(String name, Name xml, boolean isAttribute, boolean isKept, TypeTree type) {
    public Member {
      requireNonNull(name, "name");
      requireNonNull(xml, "xml");
      requireNonNull(type, "type");
    }
  }
}
