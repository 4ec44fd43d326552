package tollgate.core.overload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
  private static final int LEAST = 16;

  private final ConcurrencyLimit limit = new ConcurrencyLimit(20_000, LEAST);

  @Test
  void allowsEverythingWhileAllIsWell() {
    assertThat(limit.update(OverloadState.NORMAL, false, 19_000)).isEqualTo(20_000);
  }

  @Test
  void goesBelowWhatRunsWhileThePressureLasts() {
    assertThat(limit.update(OverloadState.SHEDDING, true, 10_000)).isEqualTo(7000);
    assertThat(limit.update(OverloadState.SHEDDING, true, 9000)).isEqualTo(4900);
    assertThat(limit.update(OverloadState.SHEDDING, true, 10)).isEqualTo(LEAST);
  }

  @Test
  void growsSlowlyWhenThePressureIsGone() {
    limit.update(OverloadState.SHEDDING, true, 1000);

    assertThat(limit.update(OverloadState.SHEDDING, false, 700)).isEqualTo(841);
  }

  @Test
  void beginsNothingWhenItIsCriticalAndLittleAfterwards() {
    assertThat(limit.update(OverloadState.CRITICAL, true, 5000)).isZero();
    assertThat(limit.update(OverloadState.SHEDDING, false, 0)).isBetween(LEAST, 2 * LEAST);
  }

  @Test
  void allowsEverythingAgainWithinThreeSecondsWhenItIsOver() {
    limit.update(OverloadState.SHEDDING, true, 200);

    int allowed = 0;
    for (int i = 0; i < 30; i++) {
      allowed = limit.update(OverloadState.NORMAL, false, 100);
    }
    assertThat(allowed).isEqualTo(20_000);
  }

  @Test
  void looksAtWhatHasLasted() {
    Sustained lag = new Sustained(3);

    assertThat(lag.add(5)).isZero();
    assertThat(lag.add(4)).isZero();
    assertThat(lag.add(3)).isEqualTo(3);
    assertThat(lag.add(9)).isEqualTo(3);
    assertThat(lag.add(0.5)).isEqualTo(0.5);
  }

  @Test
  void neverAllowsMoreThanTheMost() {
    assertThat(new ConcurrencyLimit(5, LEAST).update(OverloadState.SHEDDING, true, 100))
        .isEqualTo(5);
  }
}
