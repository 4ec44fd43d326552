package tollgate.core.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.Authority;
import tollgate.core.http.CanonicalPath;
import tollgate.core.http.Method;

/**
 * One API's operations as a tree of path segments, with where it stands in a {@link RouteTable}.
 * Immutable: an API that has not changed stands in the next table as it is.
 *
 * @param <R> what is held per operation
 */
public final class ApiTree<R> {
  static final String ANY_HOST = "*";

  private final String api;
  private final String context;
  private final List<String> hosts;
  private final List<RouteProblem> problems;
  private final R everything;
  private final boolean allowsPreflight;
  private final TemplateNode<R> root;
  private final Match.None<R> none;

  private ApiTree(
      String context, List<String> hosts, List<RouteProblem> problems, ApiRoutes<R> routes) {
    this.api = routes.api();
    this.context = context;
    this.hosts = List.copyOf(hosts);
    this.problems = List.copyOf(problems);
    this.everything = routes.everything();
    this.allowsPreflight = routes.allowsPreflight();
    this.none = new Match.None<>(everything);
    this.root = TemplateNode.of(routes);
  }

  /** The tree of an API; what is wrong with it by itself shows when it is added to a table. */
  public static <R> ApiTree<R> of(ApiRoutes<R> routes) {
    List<RouteProblem> problems = new ArrayList<>();
    String context = context(routes);
    if (context == null) {
      problems.add(new RouteProblem.BadContext(routes.api(), routes.context()));
      return new ApiTree<>("", List.of(), problems, routes);
    }
    findSameOperations(routes, problems);
    return new ApiTree<>(context, hosts(routes, problems), problems, routes);
  }

  /** Identity for messages. */
  String api() {
    return api;
  }

  /** Canonical, no trailing slash; empty for the root. */
  String context() {
    return context;
  }

  /** Names, {@code *.} and a name, or {@link #ANY_HOST}; none if it can stand nowhere. */
  List<String> hosts() {
    return hosts;
  }

  List<RouteProblem> problems() {
    return problems;
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

  private static <R> @Nullable String context(ApiRoutes<R> routes) {
    String context = routes.context();
    if (context.isEmpty() || context.equals("/")) {
      return "";
    }
    boolean hasSlash = context.endsWith("/");
    String canonical =
        CanonicalPath.of(hasSlash ? context.substring(0, context.length() - 1) : context);
    return canonical == null || canonical.endsWith("/") ? null : canonical;
  }

  private static <R> List<String> hosts(ApiRoutes<R> routes, List<RouteProblem> problems) {
    Set<String> hosts = new LinkedHashSet<>();
    for (String host : routes.hosts()) {
      String name = host.startsWith("*.") ? host.substring(2) : host;
      if (host.equals(ANY_HOST)) {
        hosts.add(ANY_HOST);
      } else if (!Authority.isValid(name) || Authority.port(name, -1) != -1) {
        problems.add(new RouteProblem.BadHost(routes.api(), host));
      } else {
        String canonical = Authority.host(name.toLowerCase(Locale.ROOT));
        hosts.add(host.startsWith("*.") ? "*." + canonical : canonical);
      }
    }
    if (routes.hosts().isEmpty()) {
      hosts.add(ANY_HOST);
    }
    return List.copyOf(hosts);
  }

  private static <R> void findSameOperations(ApiRoutes<R> routes, List<RouteProblem> problems) {
    Map<String, Integer> firsts = new HashMap<>();
    List<ApiRoutes.Operation<R>> operations = routes.operations();
    for (int i = 0; i < operations.size(); i++) {
      ApiRoutes.Operation<R> operation = operations.get(i);
      Method method = operation.method();
      String key = (method == null ? "*" : method.name()) + " " + operation.template().shape();
      Integer first = firsts.putIfAbsent(key, i);
      if (first != null) {
        problems.add(
            new RouteProblem.SameOperation(
                routes.api(),
                first,
                i,
                method,
                operations.get(first).template().text(),
                operation.template().text()));
      }
    }
  }
}
