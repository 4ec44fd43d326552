package tollgate.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tollgate.core.http.Method;

class RetryRuleTest {
  private final RetryRule all =
      new RetryRule(3, EnumSet.allOf(RetryCause.class), Set.of(503, 429), 20);

  @Test
  void byDefaultTriesAgainOnceAndOnlyWhereAReusedConnectionDied() {
    RetryRule rule = RetryRule.DEFAULTS;
    assertThat(rule.allows(1, RetryCause.DEAD_ON_REUSE, Method.GET, false)).isTrue();
    assertThat(rule.allows(1, RetryCause.DEAD_ON_REUSE, Method.DELETE, false)).isTrue();
    assertThat(rule.allows(2, RetryCause.DEAD_ON_REUSE, Method.GET, false)).isFalse();
    assertThat(rule.allows(1, RetryCause.CONNECT_FAILURE, Method.GET, false)).isFalse();
    assertThat(rule.allows(1, RetryCause.RESET, Method.GET, false)).isFalse();
    assertThat(rule.allows(1, 503, Method.GET, false)).isFalse();
  }

  @Test
  void neverRepeatsWhatIsNotIdempotentOrWhoseBodyIsGone() {
    for (RetryCause cause : EnumSet.complementOf(EnumSet.of(RetryCause.CONNECT_FAILURE))) {
      assertThat(all.allows(1, cause, Method.POST, false)).isFalse();
      assertThat(all.allows(1, cause, Method.PATCH, false)).isFalse();
      assertThat(all.allows(1, cause, Method.of("FROBNICATE"), false)).isFalse();
      assertThat(all.allows(1, cause, Method.PUT, true)).isFalse();
    }
    assertThat(all.allows(1, 503, Method.POST, false)).isFalse();
    assertThat(all.allows(1, 503, Method.PUT, true)).isFalse();
  }

  @Test
  void anyMethodMayGoElsewhereWhereNothingWasSent() {
    assertThat(all.allows(1, RetryCause.CONNECT_FAILURE, Method.POST, false)).isTrue();
    assertThat(all.allows(1, RetryCause.CONNECT_FAILURE, Method.POST, true)).isFalse();
  }

  @Test
  void stopsAtTheNumberOfAttempts() {
    assertThat(all.allows(2, RetryCause.RESET, Method.GET, false)).isTrue();
    assertThat(all.allows(3, RetryCause.RESET, Method.GET, false)).isFalse();
    assertThat(all.allows(2, 503, Method.GET, false)).isTrue();
    assertThat(all.allows(3, 503, Method.GET, false)).isFalse();
  }

  @Test
  void knowsTheStatusesItWasGiven() {
    assertThat(all.allows(1, 429, Method.GET, false)).isTrue();
    for (int status : new int[] {100, 200, 399, 400, 502, 599, 600, 999}) {
      assertThat(all.allows(1, status, Method.GET, false)).as("%s", status).isFalse();
    }
  }
}
