package tollgate.core.upstream;

import java.util.List;
import java.util.PriorityQueue;

/**
 * An order of turns in which each target comes as often as its weight says, evenly spread: the k-th
 * turn of weight w stands at (k + 1/2) / w of the cycle. Immutable.
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
    int length = 0;
    PriorityQueue<Turn> turns = new PriorityQueue<>();
    for (int i = 0; i < targets.size(); i++) {
      int weight = targets.get(i).weight() / divisor;
      turns.add(new Turn(i, weight, 1));
      length = Math.addExact(length, weight);
    }
    int[] schedule = new int[length];
    for (int i = 0; i < length; i++) {
      Turn turn = turns.remove();
      schedule[i] = turn.index;
      turns.add(new Turn(turn.index, turn.weight, turn.halves + 2));
    }
    return schedule;
  }

  /** Stands at halves / (2 * weight) of the cycle. */
  private record Turn(int index, int weight, long halves) implements Comparable<Turn> {
    @Override
    public int compareTo(Turn other) {
      int byPlace = Long.compare(halves * other.weight, other.halves * weight);
      return byPlace != 0 ? byPlace : Integer.compare(index, other.index);
    }
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
