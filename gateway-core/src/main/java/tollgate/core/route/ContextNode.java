package tollgate.core.route;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The contexts of one host as a tree of path segments; the deepest API on the way wins. Immutable.
 */
final class ContextNode<R> {
  private final @Nullable SegmentMap<ContextNode<R>> children;
  private final @Nullable ApiTree<R> api;

  private ContextNode(Growing<R> growing) {
    Map<String, ContextNode<R>> grown = new HashMap<>();
    growing.children.forEach((text, child) -> grown.put(text, new ContextNode<>(child)));
    this.children = SegmentMap.of(grown);
    this.api = growing.api;
  }

  /**
   * @param byContext canonical contexts without trailing slash; empty for the root
   */
  static <R> ContextNode<R> of(Map<String, ApiTree<R>> byContext) {
    Growing<R> root = new Growing<>();
    byContext.forEach(root::add);
    return new ContextNode<>(root);
  }

  /** The API whose context is the longest that begins the path, at a segment's border; or null. */
  @Nullable ApiTree<R> find(String path) {
    ApiTree<R> best = api;
    ContextNode<R> node = this;
    int from = 1;
    while (node.children != null && from <= path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      ContextNode<R> child = node.children.get(path, from, to);
      if (child == null) {
        return best;
      }
      if (child.api != null) {
        best = child.api;
      }
      node = child;
      from = to + 1;
    }
    return best;
  }

  /** A node while contexts are added. */
  private static final class Growing<R> {
    private final Map<String, Growing<R>> children = new HashMap<>();
    private @Nullable ApiTree<R> api;

    void add(String context, ApiTree<R> owner) {
      Growing<R> node = this;
      int from = 1;
      while (from < context.length()) {
        int slash = context.indexOf('/', from);
        int to = slash < 0 ? context.length() : slash;
        node = node.children.computeIfAbsent(context.substring(from, to), _ -> new Growing<>());
        from = to + 1;
      }
      node.api = owner;
    }
  }
}
