package tollgate.dist.assembly;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ActiveHealthConfig;
import tollgate.config.model.HashConfig;
import tollgate.config.model.RetryConfig;
import tollgate.config.model.UpstreamConfig;
import tollgate.core.http.FieldName;
import tollgate.core.upstream.ActiveHealth;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Balance;
import tollgate.core.upstream.HashKey;
import tollgate.core.upstream.PassiveHealth;
import tollgate.core.upstream.RetryCause;
import tollgate.core.upstream.RetryRule;
import tollgate.core.upstream.UpstreamRules;

/** What an upstream's declaration says of its decisions, as the core takes it. Pure. */
final class UpstreamRulesOf {
  private UpstreamRulesOf() {}

  static UpstreamRules config(UpstreamConfig config) {
    Integer maxInFlight = config.breaker().maxInFlight();
    return new UpstreamRules(
        balance(config.balance()),
        hash(config.hash()),
        passive(config.health().passive()),
        active(config.health().active()),
        retry(config.retry()),
        maxInFlight == null ? 0 : maxInFlight);
  }

  /** For operations that say nothing of their own. */
  static AttemptTimeouts timeouts(UpstreamConfig.Timeouts config) {
    return new AttemptTimeouts(
        config.connect().toNanos(), config.response().toNanos(), config.idle().toNanos());
  }

  private static Balance balance(UpstreamConfig.Balance balance) {
    return switch (balance) {
      case ROUND_ROBIN -> Balance.ROUND_ROBIN;
      case LEAST_REQUEST -> Balance.LEAST_REQUEST;
      case CONSISTENT_HASH -> Balance.CONSISTENT_HASH;
    };
  }

  private static @Nullable HashKey hash(@Nullable HashConfig hash) {
    if (hash == null) {
      return null;
    }
    return switch (hash.source()) {
      case HEADER -> new HashKey.Header(FieldName.of(hash.name()));
      case COOKIE -> new HashKey.Cookie(hash.name());
      case QUERY -> new HashKey.Query(hash.name());
      case CLIENT_IP -> HashKey.ClientAddress.CLIENT_ADDRESS;
      case PATH -> HashKey.Path.PATH;
    };
  }

  private static PassiveHealth passive(UpstreamConfig.Passive passive) {
    return switch (passive) {
      case UpstreamConfig.Passive.Off _ -> PassiveHealth.OFF;
      case UpstreamConfig.Passive.Eject eject ->
          new PassiveHealth(
              eject.consecutiveFailures(), eject.eject().toNanos(), eject.maxEjected().value());
    };
  }

  private static @Nullable ActiveHealth active(@Nullable ActiveHealthConfig active) {
    return active == null ? null : new ActiveHealth(active.healthy(), active.unhealthy());
  }

  private static RetryRule retry(RetryConfig retry) {
    Set<RetryCause> causes = EnumSet.noneOf(RetryCause.class);
    Set<Integer> statuses = new HashSet<>();
    for (RetryConfig.On on : retry.on()) {
      switch (on) {
        case RetryConfig.On.Status status -> statuses.add(status.status());
        case RetryConfig.On.Failure failure -> causes.add(cause(failure));
      }
    }
    return new RetryRule(retry.attempts(), causes, statuses, retry.budget().value());
  }

  private static RetryCause cause(RetryConfig.On.Failure failure) {
    return switch (failure) {
      case CONNECT_FAILURE -> RetryCause.CONNECT_FAILURE;
      case RESET -> RetryCause.RESET;
      case TIMEOUT -> RetryCause.TIMEOUT;
    };
  }
}
