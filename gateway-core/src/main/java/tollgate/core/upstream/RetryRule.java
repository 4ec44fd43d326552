package tollgate.core.upstream;

import tollgate.core.http.Method;

/**
 * Whether a failed attempt may be made again without the caller's knowing (RFC 9110 section 9.2.2).
 * Pure.
 */
public final class RetryRule {
  private static final int MAX_ATTEMPTS = 2;

  private RetryRule() {}

  /**
   * @param attemptsMade 1 after the first
   * @param diedOnReuse the connection had served before and died before any response byte: the
   *     backend may have closed it before the request came
   * @param isBodyConsumed whether any byte of the request's body has left for the backend, and
   *     cannot be sent again
   */
  public static boolean allows(
      int attemptsMade, boolean diedOnReuse, Method method, boolean isBodyConsumed) {
    return attemptsMade < MAX_ATTEMPTS && diedOnReuse && method.isIdempotent() && !isBodyConsumed;
  }
}
