package tollgate.core.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.Authority;
import tollgate.core.http.CanonicalPath;
import tollgate.core.http.Method;

/**
 * From host, path and method to what serves them. Immutable; any thread.
 *
 * <p>The host that owns the path is the exact one, else the wildcard with the longest suffix, else
 * any; one without a context for the path passes it on to the next. Of its contexts the longest
 * wins, and there is no way back to a shorter one. Inside the API, segment by segment, a literal
 * beats a parameter and that beats the rest of the path, among the templates that have the method.
 *
 * <p>The cost is one hash per segment of the path; it does not grow with the number of APIs.
 *
 * @param <R> what is held per operation
 */
public final class RouteTable<R> {
  private final Map<String, ContextNode<R>> exact;

  /** By suffix with its leading dot. */
  private final Map<String, ContextNode<R>> wildcards;

  private final @Nullable ContextNode<R> any;
  private final Match.None<R> none = new Match.None<>(null);

  private RouteTable(Map<String, Map<String, ApiTree<R>>> byHost) {
    this.exact = new HashMap<>();
    this.wildcards = new HashMap<>();
    ContextNode<R> anyHost = null;
    for (Map.Entry<String, Map<String, ApiTree<R>>> entry : byHost.entrySet()) {
      String host = entry.getKey();
      ContextNode<R> contexts = ContextNode.of(entry.getValue());
      if (host.equals(ApiTree.ANY_HOST)) {
        anyHost = contexts;
      } else if (host.startsWith("*.")) {
        wildcards.put(host.substring(1), contexts);
      } else {
        exact.put(host, contexts);
      }
    }
    this.any = anyHost;
  }

  public static <R> Builder<R> builder() {
    return new Builder<>();
  }

  /**
   * @param authority lower-cased, with or without port; empty if there was none
   * @param path canonical (see {@link CanonicalPath}), or {@code *}, which nothing serves
   * @param preflightMethod value of Access-Control-Request-Method if the request has an Origin too;
   *     else null
   */
  public Match<R> match(
      String authority, String path, Method method, @Nullable String preflightMethod) {
    ApiTree<R> api = path.startsWith("/") ? owner(authority, path) : null;
    return api == null ? none : api.match(path, method, preflightMethod);
  }

  private @Nullable ApiTree<R> owner(String authority, String path) {
    if (!exact.isEmpty() || !wildcards.isEmpty()) {
      ApiTree<R> owner = ownerByName(Authority.host(authority), path);
      if (owner != null) {
        return owner;
      }
    }
    return any == null ? null : any.find(path);
  }

  private @Nullable ApiTree<R> ownerByName(String host, String path) {
    ContextNode<R> contexts = exact.get(host);
    ApiTree<R> owner = contexts == null ? null : contexts.find(path);
    if (owner != null || wildcards.isEmpty()) {
      return owner;
    }
    // From the second character on: "*.x" does not hold ".x".
    for (int dot = host.indexOf('.', 1); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      contexts = wildcards.get(host.substring(dot));
      owner = contexts == null ? null : contexts.find(path);
      if (owner != null) {
        return owner;
      }
    }
    return null;
  }

  /** Collects APIs and what is wrong with them. One thread. */
  public static final class Builder<R> {
    private final Map<String, Map<String, ApiTree<R>>> byHost = new LinkedHashMap<>();
    private final List<RouteProblem> problems = new ArrayList<>();

    private Builder() {}

    /** Adds an API; where it collides with an earlier one, the earlier one keeps the place. */
    public Builder<R> add(ApiRoutes<R> routes) {
      return add(ApiTree.of(routes));
    }

    /** The same for an API that is ready, as that of an earlier table is. */
    public Builder<R> add(ApiTree<R> api) {
      problems.addAll(api.problems());
      for (String host : api.hosts()) {
        ApiTree<R> first =
            byHost.computeIfAbsent(host, _ -> new HashMap<>()).putIfAbsent(api.context(), api);
        if (first != null) {
          problems.add(new RouteProblem.SameContext(first.api(), api.api(), host, api.context()));
        }
      }
      return this;
    }

    /** Empty if the table has one owner for every request; a gateway must not run otherwise. */
    public List<RouteProblem> problems() {
      return List.copyOf(problems);
    }

    public RouteTable<R> build() {
      return new RouteTable<>(byHost);
    }
  }
}
