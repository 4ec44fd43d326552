package tollgate.core.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverloadJudgeTest {
  private final OverloadJudge judge = new OverloadJudge(all(2));

  @Test
  void staysNormalBelowEveryThreshold() {
    assertThat(judge.judge(all(0.99))).isEqualTo(OverloadState.NORMAL);
  }

  @Test
  void shedsAsSoonAsOneResourceIsAtItsThreshold() {
    assertThat(judge.judge(with(Resource.HEAP, 1))).isEqualTo(OverloadState.SHEDDING);
  }

  @Test
  void leapsToCriticalAtOnce() {
    assertThat(judge.judge(with(Resource.LOOP_LAG, 2))).isEqualTo(OverloadState.CRITICAL);
  }

  @Test
  void recoversStepByStepWhenItHasLasted() {
    judge.judge(with(Resource.LOOP_LAG, 3));

    assertThat(samples(all(0.1), OverloadJudge.LASTING_SAMPLES - 1))
        .isEqualTo(OverloadState.CRITICAL);
    assertThat(judge.judge(all(0.1))).isEqualTo(OverloadState.SHEDDING);
    assertThat(samples(all(0.1), OverloadJudge.LASTING_SAMPLES)).isEqualTo(OverloadState.NORMAL);
  }

  @Test
  void doesNotRecoverWhileThePressureIsOnlyJustBelow() {
    judge.judge(with(Resource.HEAP, 1));

    assertThat(samples(with(Resource.HEAP, 0.95), 100)).isEqualTo(OverloadState.SHEDDING);
  }

  @Test
  void beginsToWaitAnewWhenItGetsWorseBetween() {
    judge.judge(with(Resource.HEAP, 1));
    samples(all(0), OverloadJudge.LASTING_SAMPLES - 1);
    judge.judge(with(Resource.HEAP, 1.2));

    assertThat(samples(all(0), OverloadJudge.LASTING_SAMPLES - 1))
        .isEqualTo(OverloadState.SHEDDING);
    assertThat(judge.judge(all(0))).isEqualTo(OverloadState.NORMAL);
  }

  @Test
  void refusesACriticalPressureThatIsNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> new OverloadJudge(all(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> new OverloadJudge(Map.of()));
  }

  private OverloadState samples(Map<Resource, Double> pressures, int count) {
    for (int i = 0; i < count; i++) {
      judge.judge(pressures);
    }
    return judge.state();
  }

  private static Map<Resource, Double> with(Resource resource, double pressure) {
    Map<Resource, Double> pressures = all(0.2);
    pressures.put(resource, pressure);
    return pressures;
  }

  private static Map<Resource, Double> all(double pressure) {
    Map<Resource, Double> pressures = new EnumMap<>(Resource.class);
    for (Resource resource : Resource.values()) {
      pressures.put(resource, pressure);
    }
    return pressures;
  }
}
