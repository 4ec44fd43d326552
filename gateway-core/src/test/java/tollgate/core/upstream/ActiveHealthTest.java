package tollgate.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ActiveHealthTest {
  private final WrappingTicker ticker = new WrappingTicker();
  private final Target first = Target.of(0, "http", "a", 80, 1);
  private final Target second = Target.of(1, "http", "b", 80, 1);
  private final Upstream upstream = upstream(new ActiveHealth(2, 3), first, second);

  @Test
  void isUsableUntilProvenUnhealthy() {
    assertThat(upstream.isOut(first)).isFalse();
    assertThat(probes(false, false)).isFalse();
    assertThat(probes(true)).isFalse();
    assertThat(probes(false, false)).isFalse();
    assertThat(upstream.isOut(first)).isFalse();
    assertThat(probes(false)).isTrue();
    assertThat(upstream.isOut(first)).isTrue();
    assertThat(upstream.foundDown()).isEqualTo(1);
    for (int i = 0; i < 10; i++) {
      assertThat(upstream.pick(0, null)).isEqualTo(second);
    }
  }

  @Test
  void comesBackWhenProvenHealthy() {
    probes(false, false, false);
    assertThat(probes(true, false, true)).isFalse();
    assertThat(upstream.isOut(first)).isTrue();
    assertThat(probes(true)).isTrue();
    assertThat(upstream.isOut(first)).isFalse();
    assertThat(upstream.outCount()).isZero();
  }

  @Test
  void evenTheOnlyTargetIsTakenOut() {
    Upstream lone = upstream(new ActiveHealth(1, 1), first);
    assertThat(lone.pick(0, null)).isEqualTo(first);
    lone.probed(first, false);
    assertThat(lone.pick(0, null)).isNull();
    lone.probed(first, true);
    assertThat(lone.pick(0, null)).isEqualTo(first);
  }

  @Test
  void targetsThatAreDownCountAmongThoseThatMayBeEjected() {
    probes(false, false, false);
    for (int i = 0; i < 9; i++) {
      upstream.failed(second);
    }
    assertThat(upstream.isOut(second)).as("the last one stays, one of two being out").isFalse();
  }

  @Test
  void whatIsFoundDownIsNoLongerEjected() {
    for (int i = 0; i < 3; i++) {
      upstream.failed(first);
    }
    assertThat(upstream.outCount()).isEqualTo(1);
    probes(false, false, false);
    assertThat(upstream.outCount()).isEqualTo(1);
    probes(true, true);
    assertThat(upstream.isOut(first)).isFalse();
    assertThat(upstream.outCount()).isZero();
  }

  @Test
  void healthOfTargetsThatStaySurvivesAReload() {
    probes(false, false, false);
    Target moved = Target.of(1, "http", "a", 80, 7);
    Target fresh = Target.of(0, "http", "c", 80, 1);
    Upstream next = upstream(new ActiveHealth(2, 3), fresh, moved);
    next.inherit(upstream);
    assertThat(next.isOut(moved)).isTrue();
    assertThat(next.isOut(fresh)).isFalse();
    assertThat(next.foundDown()).isEqualTo(1);
    next.probed(moved, true);
    next.probed(moved, true);
    assertThat(next.isOut(moved)).isFalse();
    assertThat(next.outCount()).isZero();
  }

  @Test
  void ejectionSurvivesAReloadAndEndsInTime() {
    for (int i = 0; i < 3; i++) {
      upstream.failed(first);
    }
    Upstream next = upstream(new ActiveHealth(2, 3), first, second);
    next.inherit(upstream);
    assertThat(next.isOut(first)).isTrue();
    ticker.pass(1001);
    assertThat(next.isOut(first)).isFalse();
    assertThat(next.pick(0, second)).isEqualTo(first);
    assertThat(next.outCount()).isZero();
  }

  @Test
  void nothingStaysDownThatNobodyProbesAnyMore() {
    probes(false, false, false);
    Upstream next = upstream(null, first, second);
    next.inherit(upstream);
    assertThat(next.isOut(first)).isFalse();
    assertThat(next.outCount()).isZero();
  }

  @Test
  void breakerLetsThroughAsManyAsItSays() {
    Upstream limited =
        new Upstream(
            "u",
            List.of(first, second),
            new UpstreamRules(
                Balance.ROUND_ROBIN, null, PassiveHealth.OFF, null, RetryRule.DEFAULTS, 2),
            1,
            ticker);
    assertThat(limited.tryStart(first)).isTrue();
    assertThat(limited.isFull()).isFalse();
    assertThat(limited.tryStart(second)).isTrue();
    assertThat(limited.isFull()).isTrue();
    assertThat(limited.tryStart(first)).isFalse();
    limited.ended(second);
    assertThat(limited.tryStart(first)).isTrue();
    assertThat(upstream.isFull()).isNull();
  }

  /** Whether the last of them changed something. */
  private boolean probes(boolean... results) {
    boolean isChanged = false;
    for (boolean result : results) {
      isChanged = upstream.probed(first, result);
    }
    return isChanged;
  }

  private Upstream upstream(
      @org.jspecify.annotations.Nullable ActiveHealth active, Target... targets) {
    UpstreamRules rules =
        new UpstreamRules(
            Balance.ROUND_ROBIN,
            null,
            new PassiveHealth(3, 1000, 50),
            active,
            RetryRule.DEFAULTS,
            0);
    return new Upstream("u", List.of(targets), rules, 2, ticker);
  }
}
