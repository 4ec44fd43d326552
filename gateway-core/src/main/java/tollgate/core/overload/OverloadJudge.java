package tollgate.core.overload;

import java.util.EnumMap;
import java.util.Map;

/**
 * Decides on the state from what is measured. Worse is believed at once; better only when it has
 * lasted, and one step at a time, so that the state does not swing with each sample. One thread.
 *
 * <p>A pressure is what is used in proportion to the threshold: 1 is where shedding begins.
 */
public final class OverloadJudge {
  /** The pressure below which a resource counts as relieved. */
  static final double RELIEVED = 0.9;

  /** How many samples in a row have to be better. */
  static final int LASTING_SAMPLES = 3;

  private final Map<Resource, Double> critical;
  private OverloadState state = OverloadState.NORMAL;
  private int betterSamples;

  /**
   * @param critical the pressure from which nothing is begun, over 1; every resource
   */
  public OverloadJudge(Map<Resource, Double> critical) {
    this.critical = new EnumMap<>(critical);
    for (Resource resource : Resource.values()) {
      Double pressure = critical.get(resource);
      if (pressure == null || pressure <= 1) {
        throw new IllegalArgumentException(resource + ": " + pressure + " (expected: over 1)");
      }
    }
  }

  public OverloadState state() {
    return state;
  }

  /** Takes one sample in; gives the state from now on. */
  public OverloadState judge(Map<Resource, Double> pressures) {
    OverloadState seen = OverloadState.NORMAL;
    OverloadState held = OverloadState.NORMAL;
    for (Map.Entry<Resource, Double> entry : pressures.entrySet()) {
      double pressure = entry.getValue();
      double limit = critical.getOrDefault(entry.getKey(), Double.MAX_VALUE);
      seen = worse(seen, of(pressure, limit));
      held = worse(held, of(pressure / RELIEVED, limit));
    }
    if (seen.compareTo(state) > 0) {
      state = seen;
      betterSamples = 0;
    } else if (held.compareTo(state) >= 0) {
      betterSamples = 0;
    } else if (++betterSamples >= LASTING_SAMPLES) {
      state = state.milder();
      betterSamples = 0;
    }
    return state;
  }

  private static OverloadState of(double pressure, double critical) {
    if (pressure >= critical) {
      return OverloadState.CRITICAL;
    }
    return pressure >= 1 ? OverloadState.SHEDDING : OverloadState.NORMAL;
  }

  private static OverloadState worse(OverloadState one, OverloadState other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
