package tollgate.core.upstream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Points of all targets on a circle of 64-bit hashes: a key belongs to the first point at or after
 * it whose target may be used (Karger et al. 1997, as Ketama does it). The points of a target
 * depend on its address and its weight relative to the heaviest alone, so that a target that comes
 * or goes moves its own share of the keys and no other. Immutable.
 */
final class HashRing {
  /** Of the heaviest target; the share of one of equals is within some 6 % of even (1/sqrt). */
  private static final int POINTS = 256;

  private final long[] points;
  private final int[] owners;

  private record Point(long at, int owner) {}

  HashRing(List<Target> targets) {
    int heaviest = targets.stream().mapToInt(Target::weight).max().orElse(1);
    List<Point> all = new ArrayList<>();
    for (Target target : targets) {
      int count = Math.max(1, POINTS * target.weight() / heaviest);
      for (int i = 0; i < count; i++) {
        String name = target.scheme() + "://" + target.label() + "#" + i;
        all.add(new Point(Hash64.of(name, 0, name.length()), target.index()));
      }
    }
    all.sort(Comparator.comparingLong(Point::at).thenComparingInt(Point::owner));
    points = all.stream().mapToLong(Point::at).toArray();
    owners = all.stream().mapToInt(Point::owner).toArray();
  }

  int size() {
    return points.length;
  }

  /** Where the walk of a key begins: 0 to {@link #size} - 1. */
  int start(long hash) {
    int low = 0;
    int high = points.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (points[middle] < hash) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == points.length ? 0 : low;
  }

  /** Index of the target whose point this is. */
  int owner(int point) {
    return owners[point];
  }

  int next(int point) {
    return point + 1 == points.length ? 0 : point + 1;
  }
}
