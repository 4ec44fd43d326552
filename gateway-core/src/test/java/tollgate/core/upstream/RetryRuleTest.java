package tollgate.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tollgate.core.http.Method;

class RetryRuleTest {
  @Test
  void repeatsASafeRequestOnceThatDiedOnAReusedConnection() {
    assertThat(RetryRule.allows(1, true, Method.GET, false)).isTrue();
    assertThat(RetryRule.allows(1, true, Method.DELETE, false)).isTrue();
  }

  @Test
  void neverRepeatsTwice() {
    assertThat(RetryRule.allows(2, true, Method.GET, false)).isFalse();
  }

  @Test
  void neverRepeatsWhatMayHaveBeenDone() {
    assertThat(RetryRule.allows(1, false, Method.GET, false)).isFalse();
    assertThat(RetryRule.allows(1, true, Method.POST, false)).isFalse();
    assertThat(RetryRule.allows(1, true, Method.PATCH, false)).isFalse();
    assertThat(RetryRule.allows(1, true, Method.of("FROBNICATE"), false)).isFalse();
    assertThat(RetryRule.allows(1, true, Method.PUT, true)).isFalse();
  }
}
