package tollgate.transport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long a slow peer is waited for. */
class PaceTest {
  private static final long SECOND = 1_000_000_000L;

  private final Pace pace = new Pace(100, 30 * SECOND);

  @Test
  void silenceLastsForTheGrace() {
    pace.waited(5 * SECOND - 1);
    assertThat(pace.leftNanos()).isEqualTo(1);
    pace.waited(1);
    assertThat(pace.leftNanos()).isZero();
  }

  @Test
  void theRateIsEnoughForEver() {
    for (int i = 0; i < 10_000; i++) {
      pace.waited(SECOND);
      pace.moved(100);
    }
    assertThat(pace.leftNanos()).isEqualTo(Pace.GRACE_NANOS);
  }

  @Test
  void halfTheRateLastsForTwiceTheGrace() {
    int seconds = 0;
    while (pace.leftNanos() > 0) {
      pace.waited(SECOND);
      pace.moved(50);
      seconds++;
    }
    assertThat(seconds).isEqualTo(10);
  }

  @Test
  void aQuickBeginningDoesNotPayForHours() {
    pace.moved(Long.MAX_VALUE);
    assertThat(pace.leftNanos()).isEqualTo(30 * SECOND);
    pace.moved(1 << 30);
    assertThat(pace.leftNanos()).isEqualTo(30 * SECOND);
  }

  @Test
  void theBoundIsNeverBelowTheGrace() {
    Pace hasty = new Pace(100, SECOND);
    hasty.moved(1000);
    assertThat(hasty.leftNanos()).isEqualTo(Pace.GRACE_NANOS);
  }

  @Test
  void whatWasSavedIsKeptWhenWaitingResumesAndForgottenWhenItBegins() {
    pace.moved(1500);
    pace.resume();
    assertThat(pace.leftNanos()).isEqualTo(20 * SECOND);
    pace.waited(18 * SECOND);
    pace.resume();
    assertThat(pace.leftNanos()).isEqualTo(Pace.GRACE_NANOS);
    pace.moved(1500);
    pace.begin();
    assertThat(pace.leftNanos()).isEqualTo(Pace.GRACE_NANOS);
  }

  @Test
  void withoutARateNobodyIsTooSlow() {
    Pace any = new Pace(0, 30 * SECOND);
    any.waited(Long.MAX_VALUE);
    assertThat(any.leftNanos()).isPositive();
    any.moved(1);
    any.waited(Long.MAX_VALUE);
    assertThat(any.leftNanos()).isPositive();
  }
}
