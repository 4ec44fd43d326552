package tollgate.core.route;

import org.jspecify.annotations.Nullable;
import tollgate.core.http.Method;

/** Why a set of APIs makes no route table: a request would have two owners. Immutable. */
public sealed interface RouteProblem {
  /** One line: what was found and what was expected. */
  String message();

  /**
   * Two APIs with one context and one host.
   *
   * @param first the API added first
   * @param host as compared: lower-cased; {@code *} for any
   */
  record SameContext(String first, String second, String host, String context)
      implements RouteProblem {
    @Override
    public String message() {
      String where = host.equals("*") ? "any host" : "host " + host;
      return second
          + " has the context "
          + (context.isEmpty() ? "/" : context)
          + " of "
          + first
          + " on "
          + where
          + " (expected: one API each)";
    }
  }

  /**
   * Two operations of one API with one method whose templates match the same paths.
   *
   * @param firstIndex position in the API's list
   * @param secondIndex position in the API's list
   * @param method null for any
   */
  record SameOperation(
      String api,
      int firstIndex,
      int secondIndex,
      @Nullable Method method,
      String firstTemplate,
      String secondTemplate)
      implements RouteProblem {
    @Override
    public String message() {
      return api
          + " has two operations for "
          + (method == null ? "*" : method.name())
          + ": "
          + firstTemplate
          + " and "
          + secondTemplate
          + " match the same paths";
    }
  }

  /** A context that no request path can begin with. */
  record BadContext(String api, String context) implements RouteProblem {
    @Override
    public String message() {
      return api + " has the context " + context + " (expected: a path, e.g. /orders/v1)";
    }
  }

  /** A host that no request can name. */
  record BadHost(String api, String host) implements RouteProblem {
    @Override
    public String message() {
      return api + " has the host " + host + " (expected e.g. api.example.com, *.example.com)";
    }
  }
}
