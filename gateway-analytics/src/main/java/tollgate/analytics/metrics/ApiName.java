package tollgate.analytics.metrics;

import tollgate.core.exchange.RouteHandle;

/** An API as metrics know it: the labels {@code api} and {@code api_version}. Immutable. */
record ApiName(String api, String version) {
  static final ApiName NONE = of(RouteHandle.NONE);

  static ApiName of(RouteHandle route) {
    return new ApiName(route.api(), route.apiVersion());
  }
}
