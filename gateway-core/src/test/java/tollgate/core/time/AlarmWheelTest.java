package tollgate.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AlarmWheelTest {
  private static final long TICK = 10;
  private final AlarmWheel wheel = new AlarmWheel(TICK, 0);
  private final List<String> rung = new ArrayList<>();

  @Test
  void goesOffOnceAtMostOneTickLateAndNeverEarly() {
    Alarm alarm = named("a", () -> {});
    wheel.set(alarm, 0, 25);
    wheel.advance(24);
    assertThat(rung).isEmpty();
    wheel.advance(35);
    assertThat(rung).containsExactly("a");
    assertThat(alarm.isSet()).isFalse();
    assertThat(wheel.isEmpty()).isTrue();
    wheel.advance(100_000);
    assertThat(rung).hasSize(1);
  }

  @Test
  void goesOffWhereTheDelayIsLongerThanTheWheel() {
    wheel.set(named("a", () -> {}), 0, TICK * 5000);
    for (long now = 0; now < TICK * 5000; now += TICK) {
      wheel.advance(now);
    }
    assertThat(rung).isEmpty();
    wheel.advance(TICK * 5001);
    assertThat(rung).containsExactly("a");
  }

  @Test
  void neverGoesOffWithTheLongestDelayThereIs() {
    Alarm alarm = named("a", () -> {});
    wheel.set(alarm, 1_000_000, Long.MAX_VALUE);
    for (long now = 1_000_000; now < 1_000_000 + TICK * 3000; now += TICK) {
      wheel.advance(now);
    }
    assertThat(rung).isEmpty();
    assertThat(alarm.isSet()).isTrue();
  }

  @Test
  void nothingIsLostWhereNobodyAdvancedForLong() {
    wheel.set(named("a", () -> {}), 0, 50);
    wheel.set(named("b", () -> {}), 0, TICK * 3000);
    wheel.advance(TICK * 100_000);
    assertThat(rung).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void alarmMayClearOneThatIsDueToo() {
    Alarm[] alarms = new Alarm[2];
    alarms[0] = named("0", () -> wheel.clear(alarms[1]));
    alarms[1] = named("1", () -> wheel.clear(alarms[0]));
    wheel.set(alarms[0], 0, 5);
    wheel.set(alarms[1], 0, 5);
    wheel.advance(10);
    assertThat(rung).hasSize(1);
  }

  @Test
  void alarmThatSetsItselfGoesOffOncePerAdvance() {
    Alarm[] alarm = new Alarm[1];
    alarm[0] = named("a", () -> wheel.set(alarm[0], 100, 0));
    wheel.set(alarm[0], 0, 0);
    wheel.advance(100);
    assertThat(rung).hasSize(1);
    wheel.advance(110);
    assertThat(rung).hasSize(2);
  }

  @Test
  void keepsNothingOfAnAlarmThatIsRemoved() {
    Alarm alarm = named("a", () -> {});
    wheel.set(alarm, 0, TICK * 500);
    wheel.clear(alarm);
    assertThat(wheel.isEmpty()).as("a cleared one stays until its slot comes up").isFalse();
    wheel.remove(alarm);
    assertThat(wheel.isEmpty()).isTrue();
    wheel.set(alarm, 0, 5);
    wheel.advance(10);
    assertThat(rung).containsExactly("a");
  }

  @Test
  void exceptionOfOneAlarmDelaysTheOthersOnly() {
    Alarm bad =
        named(
            "bad",
            () -> {
              throw new IllegalStateException("broken");
            });
    wheel.set(bad, 0, 5);
    wheel.set(named("b", () -> {}), 0, 15);
    assertThatThrownBy(() -> wheel.advance(50)).hasMessage("broken");
    assertThat(wheel.isEmpty()).isFalse();
    wheel.advance(50);
    assertThat(rung).containsExactly("bad", "b");
    assertThat(wheel.isEmpty()).isTrue();
  }

  @Test
  void agreesWithAListOfDeadlines() {
    for (int seed = 0; seed < 300; seed++) {
      new Simulation(seed).run();
    }
  }

  private Alarm named(String name, Runnable action) {
    return new Alarm() {
      @Override
      protected void onAlarm() {
        rung.add(name);
        action.run();
      }
    };
  }

  /** Random settings, from inside alarms too, against a deadline per alarm. */
  private static final class Simulation {
    private static final int ALARMS = 40;
    private static final long UNSET = -1;

    private final int seed;
    private final Random random;
    private final AlarmWheel wheel;
    private final Alarm[] alarms = new Alarm[ALARMS];
    private final long[] deadlines = new long[ALARMS];
    private long now;
    private boolean isAdvancing;

    Simulation(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.now = random.nextInt(1000);
      this.wheel = new AlarmWheel(TICK, now);
      for (int i = 0; i < ALARMS; i++) {
        int index = i;
        deadlines[i] = UNSET;
        alarms[i] =
            new Alarm() {
              @Override
              protected void onAlarm() {
                ring(index);
              }
            };
      }
    }

    void run() {
      for (int step = 0; step < 400; step++) {
        for (int i = random.nextInt(4); i > 0; i--) {
          touch();
        }
        now += random.nextInt(20) == 0 ? random.nextInt(30_000) : random.nextInt(3 * (int) TICK);
        // Like a loop that stops asking while there is nothing to ask for.
        if (!wheel.isEmpty()) {
          advance();
        }
        check();
      }
      for (int i = 0; i < ALARMS; i++) {
        clear(i);
      }
      now += TICK * 2000;
      advance();
      assertThat(wheel.isEmpty()).as("seed %s", seed).isTrue();
    }

    private void advance() {
      isAdvancing = true;
      wheel.advance(now);
      isAdvancing = false;
    }

    private void ring(int index) {
      assertThat(isAdvancing).isTrue();
      assertThat(deadlines[index]).as("seed %s: is set", seed).isNotEqualTo(UNSET);
      assertThat(deadlines[index]).as("seed %s: not early", seed).isLessThanOrEqualTo(now);
      assertThat(alarms[index].isSet()).isFalse();
      deadlines[index] = UNSET;
      for (int i = random.nextInt(3); i > 0; i--) {
        touch();
      }
    }

    private void touch() {
      int index = random.nextInt(ALARMS);
      if (random.nextInt(4) == 0) {
        clear(index);
        return;
      }
      long delay =
          switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt((int) TICK * 3);
            case 2 -> random.nextInt((int) TICK * 200);
            default -> random.nextInt((int) TICK * 3000);
          };
      wheel.set(alarms[index], now, delay);
      deadlines[index] = now + delay;
    }

    private void clear(int index) {
      if (random.nextBoolean()) {
        wheel.clear(alarms[index]);
      } else {
        wheel.remove(alarms[index]);
      }
      deadlines[index] = UNSET;
    }

    private void check() {
      for (int i = 0; i < ALARMS; i++) {
        assertThat(alarms[i].isSet()).as("seed %s", seed).isEqualTo(deadlines[i] != UNSET);
        if (deadlines[i] != UNSET) {
          assertThat(deadlines[i] + TICK).as("seed %s: not late", seed).isGreaterThan(now);
        }
      }
    }
  }
}
