package tollgate.core.exchange;

import org.jspecify.annotations.Nullable;

/**
 * Which operation of which API: what outlives a snapshot when a long stream does. Immutable; the
 * same object across generations while the API is unchanged.
 *
 * @param api label {@code api}
 * @param apiVersion label {@code api_version}
 * @param operation operation id; {@code _all} where an API declares none
 * @param context the API's path prefix, no trailing slash; empty for the root
 * @param template the operation's path template below the context, for logs; null where everything
 *     is served
 */
public record RouteHandle(
    String api, String apiVersion, String operation, String context, @Nullable String template) {
  /** The label of traffic that no API owns. */
  public static final RouteHandle NONE = new RouteHandle("_none", "", "_none", "", null);
}
