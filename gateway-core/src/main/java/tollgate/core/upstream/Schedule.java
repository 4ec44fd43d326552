package tollgate.core.upstream;

import java.util.List;

/**
 * An order of turns in which each target comes as often as its weight says, evenly spread (nginx's
 * smooth weighted round robin, run once when the upstream is made). Pure.
 */
final class Schedule {
  private Schedule() {}

  /**
   * @return indexes into {@code targets}; as long as the sum of weights divided by their greatest
   *     common divisor
   */
  static int[] of(List<Target> targets) {
    int divisor = 0;
    for (Target target : targets) {
      divisor = greatestCommonDivisor(target.weight(), divisor);
    }
    int[] weights = new int[targets.size()];
    int length = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = targets.get(i).weight() / divisor;
      length = Math.addExact(length, weights[i]);
    }
    int[] schedule = new int[length];
    long[] credits = new long[weights.length];
    for (int turn = 0; turn < length; turn++) {
      schedule[turn] = next(weights, credits);
      credits[schedule[turn]] -= length;
    }
    return schedule;
  }

  /** Credits each with its weight and names the richest, the first among equals. */
  private static int next(int[] weights, long[] credits) {
    int richest = 0;
    for (int i = 0; i < weights.length; i++) {
      credits[i] += weights[i];
      if (credits[i] > credits[richest]) {
        richest = i;
      }
    }
    return richest;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
