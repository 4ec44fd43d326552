package tollgate.core.route;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.Method;

/**
 * The operations of one path template by method. Immutable.
 *
 * <p>HEAD is served by GET if there is none of its own (RFC 9110 section 9.3.2). TRACE and CONNECT
 * never match, not even "any method".
 */
final class Leaf<R> {
  /** What "any method" means in Allow. */
  private static final List<String> ANY =
      List.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT");

  private static final String GET_AND_HEAD = "GET, HEAD";

  private final Method[] methods;
  private final List<Match.Operation<R>> operations;
  private final Match.@Nullable Operation<R> any;
  private final int[] captured;
  private final boolean capturesRest;
  private final Match.PathOnly<R> pathOnly;

  /**
   * @param operations at least one, methods distinct, all of one shape
   * @param captured which segments below the context are captured, ascending
   * @param capturesRest whether the last of them is the rest of the path
   */
  Leaf(
      R api,
      List<ApiRoutes.Operation<R>> operations,
      boolean allowsPreflight,
      int[] captured,
      boolean capturesRest) {
    List<Method> named = new ArrayList<>();
    List<Match.Operation<R>> ready = new ArrayList<>();
    Match.Operation<R> anyMethod = null;
    for (ApiRoutes.Operation<R> operation : operations) {
      Match.Operation<R> match = new Match.Operation<>(operation.route(), List.of(), false);
      Method method = operation.method();
      if (method == null) {
        anyMethod = match;
      } else {
        named.add(method);
        ready.add(match);
      }
    }
    this.methods = named.toArray(Method[]::new);
    this.operations = List.copyOf(ready);
    this.any = anyMethod;
    this.captured = captured;
    this.capturesRest = capturesRest;
    this.pathOnly = new Match.PathOnly<>(api, allow(allowsPreflight));
  }

  private String allow(boolean allowsPreflight) {
    if (methods.length == 1 && any == null && !allowsPreflight && !isNever(methods[0])) {
      return methods[0].equals(Method.GET) ? GET_AND_HEAD : methods[0].name(); // no copy for each
    }
    SortedSet<String> allowed = new TreeSet<>();
    addAllowed(allowed);
    if (allowsPreflight) {
      allowed.add("OPTIONS");
    }
    return String.join(", ", allowed);
  }

  /**
   * @param start where the part below the context begins, behind its slash
   * @return null if the method is not served
   */
  Match.@Nullable Operation<R> match(String path, int start, Method method, boolean isPreflight) {
    Match.Operation<R> ready = operation(method);
    return ready == null || (captured.length == 0 && !isPreflight)
        ? ready
        : new Match.Operation<>(ready.route(), captures(path, start), isPreflight);
  }

  /** The answer where this is the only template that matches the path. */
  Match.PathOnly<R> pathOnly() {
    return pathOnly;
  }

  void addAllowed(SortedSet<String> allowed) {
    if (any != null) {
      allowed.addAll(ANY);
    }
    for (Method method : methods) {
      if (isNever(method)) {
        continue;
      }
      allowed.add(method.name());
      if (method.equals(Method.GET)) {
        allowed.add(Method.HEAD.name());
      }
    }
  }

  private Match.@Nullable Operation<R> operation(Method method) {
    for (int i = 0; i < methods.length; i++) {
      if (methods[i].equals(method)) {
        return isNever(method) ? null : operations.get(i);
      }
    }
    if (method.equals(Method.HEAD)) {
      return operation(Method.GET);
    }
    return any == null || isNever(method) ? null : any;
  }

  private static boolean isNever(Method method) {
    return method.equals(Method.TRACE) || method.equals(Method.CONNECT);
  }

  private List<String> captures(String path, int start) {
    String[] values = new String[captured.length];
    int from = start;
    int segment = 0;
    for (int i = 0; i < values.length; i++) {
      for (; segment < captured[i]; segment++) {
        from = path.indexOf('/', from) + 1;
      }
      boolean isRest = capturesRest && i == values.length - 1;
      int slash = isRest ? -1 : path.indexOf('/', from);
      values[i] = path.substring(from, slash < 0 ? path.length() : slash);
    }
    return List.of(values);
  }
}
