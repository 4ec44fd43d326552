package tollgate.core.upstream;

import java.util.EnumSet;
import java.util.Set;
import tollgate.core.http.Method;

/**
 * Whether a failed attempt may be made again without the caller's knowing (RFC 9110 section 9.2.2).
 * Immutable; any thread.
 */
public final class RetryRule {
  /** One more attempt where a reused connection died, for a fifth of the requests at most. */
  public static final RetryRule DEFAULTS = new RetryRule(2, Set.of(), Set.of(), 20);

  private static final int FIRST_STATUS = 400;
  private static final int STATUSES = 200;

  private final int attempts;
  private final Set<RetryCause> causes;
  private final boolean[] statuses = new boolean[STATUSES];
  private final int budgetPercent;

  /**
   * @param attempts of one request, the first included; 1 is no retry
   * @param causes beside {@link RetryCause#DEAD_ON_REUSE}, which always is one
   * @param statuses 400 to 599
   * @param budgetPercent 0 to 100: retries, of requests; see {@link RetryBudget}
   */
  public RetryRule(int attempts, Set<RetryCause> causes, Set<Integer> statuses, int budgetPercent) {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts: " + attempts + " (expected: >= 1)");
    }
    this.attempts = attempts;
    this.causes = EnumSet.of(RetryCause.DEAD_ON_REUSE);
    this.causes.addAll(causes);
    for (int status : statuses) {
      if (status < FIRST_STATUS || status >= FIRST_STATUS + STATUSES) {
        throw new IllegalArgumentException("status: " + status + " (expected: 400 to 599)");
      }
      this.statuses[status - FIRST_STATUS] = true;
    }
    this.budgetPercent = budgetPercent;
  }

  int budgetPercent() {
    return budgetPercent;
  }

  /**
   * Whether a failure allows it.
   *
   * @param attemptsMade 1 after the first
   * @param isBodyConsumed whether any byte of the request's body has left for the backend, and
   *     cannot be sent again
   */
  public boolean allows(int attemptsMade, RetryCause cause, Method method, boolean isBodyConsumed) {
    return attemptsMade < attempts
        && !isBodyConsumed
        && causes.contains(cause)
        // Nothing has been sent where no connection came about: this repeats no request.
        && (method.isIdempotent() || cause == RetryCause.CONNECT_FAILURE);
  }

  /** Whether a response of this status allows it. */
  public boolean allows(int attemptsMade, int status, Method method, boolean isBodyConsumed) {
    int index = status - FIRST_STATUS;
    return index >= 0
        && index < STATUSES
        && statuses[index]
        && attemptsMade < attempts
        && !isBodyConsumed
        && method.isIdempotent();
  }
}
