package tollgate.core.fault;

import java.util.Locale;

/** How an exchange ended: a closed list, the same word in log, metric, trace and event. */
public enum Outcome {
  OK,
  CLIENT_ERROR,
  CLIENT_CLOSED,
  CLIENT_TIMEOUT,
  NO_ROUTE,
  BLOCKED,
  BOT,
  THREAT,
  UNAUTHENTICATED,
  TOKEN_RESTRICTED,
  TOKEN_FRAUD,
  NOT_SUBSCRIBED,
  FORBIDDEN,
  RATE_LIMITED,
  QUOTA_EXCEEDED,
  INVALID_REQUEST,
  INVALID_RESPONSE,
  CACHE_HIT,
  UPSTREAM_ERROR,
  UPSTREAM_TIMEOUT,
  UPSTREAM_CONNECT,
  UPSTREAM_RESET,
  NO_HEALTHY_UPSTREAM,
  BREAKER_OPEN,
  DRAINING,
  OVERLOADED,
  INTERNAL;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The word as it is printed, e.g. {@code upstream_timeout}. */
  public String word() {
    return word;
  }
}
