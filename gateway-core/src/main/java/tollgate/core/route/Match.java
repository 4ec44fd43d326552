package tollgate.core.route;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;

/**
 * What a request is for. All four are exchanges with a record, metrics and {@code onEnd}.
 * Immutable.
 *
 * @param <R> what a route table holds per operation
 */
public sealed interface Match<R> {
  /**
   * An operation that serves the request.
   *
   * @param captures values of the template's parameters in the template's order, percent-encoded as
   *     in the canonical path
   * @param isPreflight a CORS preflight for this operation: only the chain's answer to it may be
   *     sent, never the backend's
   */
  record Operation<R>(R route, List<String> captures, boolean isPreflight) implements Match<R> {}

  /**
   * The path exists, but not with this method.
   *
   * @param api any route of the API that owns the path, for its labels
   * @param allow the value of the Allow field
   */
  record PathOnly<R>(R api, String allow) implements Match<R> {}

  /**
   * Nothing serves the path.
   *
   * @param api any route of the API whose context holds the path, for its labels; null if there is
   *     none
   */
  record None<R>(@Nullable R api) implements Match<R> {}

  /** The head could not be understood or must not be. */
  record Malformed<R>(Fault fault) implements Match<R> {}
}
