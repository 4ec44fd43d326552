package tollgate.core.route;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
  private static final String ANY_HOST = "*";

  private final Map<String, ContextNode<R>> exact;

  /** By suffix with its leading dot. */
  private final Map<String, ContextNode<R>> wildcards;

  private final @Nullable ContextNode<R> any;
  private final Match.None<R> none = new Match.None<>(null);

  private RouteTable(Map<String, Map<String, CompiledApi<R>>> byHost) {
    this.exact = new HashMap<>();
    this.wildcards = new HashMap<>();
    ContextNode<R> anyHost = null;
    for (Map.Entry<String, Map<String, CompiledApi<R>>> entry : byHost.entrySet()) {
      String host = entry.getKey();
      ContextNode<R> contexts = ContextNode.of(entry.getValue());
      if (host.equals(ANY_HOST)) {
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
    CompiledApi<R> api = path.startsWith("/") ? owner(authority, path) : null;
    return api == null ? none : api.match(path, method, preflightMethod);
  }

  private @Nullable CompiledApi<R> owner(String authority, String path) {
    if (!exact.isEmpty() || !wildcards.isEmpty()) {
      CompiledApi<R> owner = ownerByName(Authority.host(authority), path);
      if (owner != null) {
        return owner;
      }
    }
    return any == null ? null : any.find(path);
  }

  private @Nullable CompiledApi<R> ownerByName(String host, String path) {
    ContextNode<R> contexts = exact.get(host);
    CompiledApi<R> owner = contexts == null ? null : contexts.find(path);
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
    private final Map<String, Map<String, CompiledApi<R>>> byHost = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> ownerNames = new HashMap<>();
    private final List<RouteProblem> problems = new ArrayList<>();

    private Builder() {}

    /** Adds an API; where it collides with an earlier one, the earlier one keeps the place. */
    public Builder<R> add(ApiRoutes<R> routes) {
      String context = context(routes);
      if (context == null) {
        problems.add(new RouteProblem.BadContext(routes.api(), routes.context()));
        return this;
      }
      findSameOperations(routes);
      CompiledApi<R> api = new CompiledApi<>(context, routes);
      for (String host : hosts(routes)) {
        Map<String, String> names = ownerNames.computeIfAbsent(host, _ -> new HashMap<>());
        String first = names.putIfAbsent(context, routes.api());
        if (first == null) {
          requireNonNull(byHost.computeIfAbsent(host, _ -> new HashMap<>())).put(context, api);
        } else {
          problems.add(new RouteProblem.SameContext(first, routes.api(), host, context));
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

    private Set<String> hosts(ApiRoutes<R> routes) {
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
      return hosts;
    }

    private void findSameOperations(ApiRoutes<R> routes) {
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
}
