package tollgate.analytics.metrics;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.RouteHandle;

/** What the serving configuration holds, as far as series depend on it. Immutable; any thread. */
final class Retained {
  /** Above this an API's operations are not told apart. */
  static final int MAX_OPERATIONS = 200;

  /** Before the first configuration is known: whatever comes is kept. */
  static final Retained EVERYTHING = new Retained(null, Set.of());

  private final @Nullable Map<ApiName, Set<String>> operations;
  private final Set<String> upstreams;

  private Retained(@Nullable Map<ApiName, Set<String>> operations, Set<String> upstreams) {
    this.operations = operations;
    this.upstreams = upstreams;
  }

  static Retained of(Collection<RouteHandle> routes, Collection<String> upstreams) {
    Map<ApiName, Set<String>> operations = new HashMap<>();
    for (RouteHandle route : routes) {
      operations.computeIfAbsent(ApiName.of(route), _ -> new HashSet<>(4)).add(route.operation());
    }
    // Small and shared, for there may be ten thousand APIs, many with the same operations.
    Map<Set<String>, Set<String>> once = new HashMap<>();
    operations.replaceAll((_, ids) -> once.computeIfAbsent(ids, Set::copyOf));
    return new Retained(operations, Set.copyOf(upstreams));
  }

  boolean keeps(Subject subject) {
    Map<ApiName, Set<String>> known = operations;
    ApiName api = subject.api();
    if (known == null) {
      return true;
    }
    if (api != null && !subject.isUnmatched()) {
      Set<String> declared = known.get(api);
      String operation = subject.operation();
      if (declared == null || (operation != null && !keeps(declared, operation))) {
        return false;
      }
    }
    String upstream = subject.upstream();
    return upstream == null || upstreams.contains(upstream);
  }

  /** Whether the API has too many operations for a label of their own. */
  boolean collapses(ApiName api) {
    Map<ApiName, Set<String>> known = operations;
    Set<String> declared = known == null ? null : known.get(api);
    return declared != null && declared.size() > MAX_OPERATIONS;
  }

  int apiCount() {
    Map<ApiName, Set<String>> known = operations;
    return known == null ? 0 : known.size();
  }

  int upstreamCount() {
    return upstreams.size();
  }

  private static boolean keeps(Set<String> declared, String operation) {
    // _all and _none stand for no operation in particular.
    return operation.startsWith("_")
        || (declared.size() <= MAX_OPERATIONS && declared.contains(operation));
  }
}
