package tollgate.dist.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpeedTest {
  private static final long STRETCH = 250_000_000L;

  private long now;
  private int total;
  private final Speed speed = new Speed(0);

  private boolean settled(int answered) {
    now += STRETCH;
    total += answered;
    return speed.isSettled(now, total);
  }

  @Test
  void goesOnForTwoSeconds() {
    for (int i = 0; i < 7; i++) {
      assertThat(settled(100)).isFalse();
    }
    assertThat(settled(100)).isTrue();
  }

  @Test
  void goesOnWhileItGrows() {
    for (int i = 1; i < 20; i++) {
      assertThat(settled(100 * i)).isFalse();
    }
    for (int i = 0; i < 7; i++) {
      assertThat(settled(2000)).as("after %d", i).isEqualTo(i >= 5);
    }
  }

  @Test
  void looksNoSoonerThanAStretchEnds() {
    for (int i = 0; i < 100; i++) {
      assertThat(speed.isSettled(STRETCH - 1, i)).isFalse();
    }
  }
}
