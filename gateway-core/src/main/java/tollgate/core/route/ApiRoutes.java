package tollgate.core.route;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.PathTemplate;
import tollgate.core.http.Method;

/**
 * What one API serves. Immutable.
 *
 * @param api identity for messages, {@code name:version}
 * @param everything the route of an API without operations; of any other what {@link
 *     Match.PathOnly} and {@link Match.None} name, for its labels and for the handlers that see the
 *     refusal
 * @param context path prefix; empty or {@code /} for the root, a trailing slash does not count
 * @param hosts exact names, {@code *.example.com} for every name below, empty for any host
 * @param operations none: everything below the context with any method
 * @param allowsPreflight whether CORS preflights are answered for it
 * @param <R> what a route table holds per operation
 */
public record ApiRoutes<R>(
    String api,
    R everything,
    String context,
    List<String> hosts,
    List<Operation<R>> operations,
    boolean allowsPreflight) {

  /**
   * @param method null for any
   */
  public record Operation<R>(@Nullable Method method, PathTemplate template, R route) {}

  public ApiRoutes {
    hosts = List.copyOf(hosts);
    operations = List.copyOf(operations);
  }
}
