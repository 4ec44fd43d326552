package tollgate.core.route;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.Method;

/** One API's operations as a tree of path segments. Immutable. */
final class CompiledApi<R> {
  private final String context;
  private final R everything;
  private final boolean allowsPreflight;
  private final TemplateNode<R> root;
  private final Match.None<R> none;

  /**
   * @param context canonical, no trailing slash; empty for the root
   */
  CompiledApi(String context, ApiRoutes<R> routes) {
    this.context = context;
    this.everything = routes.everything();
    this.allowsPreflight = routes.allowsPreflight();
    this.none = new Match.None<>(everything);
    this.root = TemplateNode.of(routes);
  }

  /**
   * @param path begins with the context, at a segment's border
   */
  Match<R> match(String path, Method method, @Nullable String preflightMethod) {
    int length = path.length();
    // The context alone is its root: what is below it is read as "/".
    int start = Math.min(context.length() + 1, length);
    if (preflightMethod != null && allowsPreflight && method.equals(Method.OPTIONS)) {
      Match.Operation<R> preflight =
          root.find(path, start, start, Method.of(preflightMethod), true);
      if (preflight != null) {
        return preflight;
      }
    }
    Match.Operation<R> operation = root.find(path, start, start, method, false);
    return operation != null ? operation : unmatched(path, start);
  }

  private Match<R> unmatched(String path, int start) {
    List<Leaf<R>> leaves = new ArrayList<>(2);
    root.collect(path, start, leaves);
    if (leaves.isEmpty()) {
      return none;
    }
    if (leaves.size() == 1) {
      return leaves.getFirst().pathOnly();
    }
    SortedSet<String> allowed = new TreeSet<>();
    for (Leaf<R> leaf : leaves) {
      leaf.addAllowed(allowed);
    }
    if (allowsPreflight) {
      allowed.add(Method.OPTIONS.name());
    }
    return new Match.PathOnly<>(everything, String.join(", ", allowed));
  }
}
