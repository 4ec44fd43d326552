package tollgate.config.schema;

import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ListNode;
import tollgate.config.text.Location;
import tollgate.config.text.MapNode;
import tollgate.config.text.ScalarNode;

/** JSON Pointers (RFC 6901) over a tree. Any thread. */
public final class Pointer {
  private Pointer() {}

  /**
   * What a pointer leads to.
   *
   * @param pointer empty, or begins with a slash
   * @return null if it leads nowhere
   */
  public static @Nullable ConfigNode find(ConfigNode root, String pointer) {
    if (pointer.isEmpty()) {
      return root;
    }
    if (pointer.charAt(0) != '/') {
      return null;
    }
    ConfigNode node = root;
    for (String token : pointer.substring(1).split("/", -1)) {
      node = child(node, unescaped(token));
      if (node == null) {
        return null;
      }
    }
    return node;
  }

  /** The place of what a pointer leads to, or of the nearest thing on its way that is there. */
  public static Location nearest(ConfigNode root, String pointer) {
    ConfigNode node = root;
    Location place = root.location();
    if (pointer.startsWith("/")) {
      for (String token : pointer.substring(1).split("/", -1)) {
        ConfigNode child = child(node, unescaped(token));
        if (child == null) {
          return place;
        }
        node = child;
        place = node.location();
      }
    }
    return place;
  }

  /** The pointer in the fragment of an IRI, percent-decoded; empty if there is none. */
  public static String decoded(String iri) {
    return Iri.fragment(iri);
  }

  /** A name as a token of a pointer. */
  public static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private static String unescaped(String token) {
    return token.replace("~1", "/").replace("~0", "~");
  }

  private static @Nullable ConfigNode child(ConfigNode node, String name) {
    return switch (node) {
      case MapNode map -> map.value(name);
      case ListNode list ->
          name.matches("0|[1-9][0-9]{0,8}") && Integer.parseInt(name) < list.items().size()
              ? list.items().get(Integer.parseInt(name))
              : null;
      case ScalarNode _ -> null;
    };
  }
}
