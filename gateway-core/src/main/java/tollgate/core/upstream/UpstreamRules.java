package tollgate.core.upstream;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link Upstream} decides by. Immutable.
 *
 * @param hash what {@link Balance#CONSISTENT_HASH} goes by; null with the others
 * @param active null where targets are not probed
 * @param maxInFlight requests on their way to all targets together; 0 is no limit
 */
public record UpstreamRules(
    Balance balance,
    @Nullable HashKey hash,
    PassiveHealth passive,
    @Nullable ActiveHealth active,
    RetryRule retry,
    int maxInFlight) {
  public UpstreamRules {
    requireNonNull(balance, "balance");
    requireNonNull(passive, "passive");
    requireNonNull(retry, "retry");
    if ((balance == Balance.CONSISTENT_HASH) != (hash != null)) {
      throw new IllegalArgumentException("hash: " + hash + " with " + balance);
    }
    if (maxInFlight < 0) {
      throw new IllegalArgumentException("maxInFlight: " + maxInFlight + " (expected: >= 0)");
    }
  }

  /** No probes, the retries that are on by default, no limit. */
  public static UpstreamRules of(Balance balance, PassiveHealth passive) {
    return new UpstreamRules(balance, null, passive, null, RetryRule.DEFAULTS, 0);
  }
}
