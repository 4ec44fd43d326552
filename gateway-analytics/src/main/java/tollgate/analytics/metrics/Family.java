package tollgate.analytics.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * The series of one counted family, kept below its cap. Any thread; a loop comes here only for a
 * label set it has not met since the last reload, and keeps the cell it gets.
 *
 * <p>A series has an owner (an API, an upstream, a listener) and a detail: 0 for its full labels,
 * 1, 2 … for labels collapsed further, {@link #RESERVED} for the one series into which all of an
 * owner can collapse. Room for the reserved series of every configured owner is set aside; the rest
 * is the pool for details, of which detail 0 may fill three quarters, detail 1 seven eighths, and
 * so on: so operations collapse first, then status codes, and every owner still has a series when
 * nothing is left. Only owners beyond the cap share the series {@code _overflow}.
 *
 * <p>A series whose subject was removed, or which has no room any more after a reload brought more
 * owners, is leaving: it is printed once more and then goes. It counts for nothing meanwhile.
 */
final class Family<C> {
  /** The detail of an owner's reserved series. */
  static final int RESERVED = Integer.MAX_VALUE;

  static final String OVERFLOW = "_overflow";

  /** Details of unmatched traffic, which has closed label values only. */
  private static final int MAX_UNMATCHED = 1_000;

  /** What could be counted at all: labels and what they depend on. */
  record Candidate(String labels, Subject subject) {}

  /** What one scrape prints. */
  record Printed<C>(List<Series<C>> series, List<Series<C>> leaving) {}

  private final Metric metric;
  private final LabelNames labels;
  private final int cap;
  private final int loops;
  private final Supplier<C> cells;
  private final ToIntFunction<Retained> expectedOwners;
  private final Series<C> overflow;

  // All below guarded by this.
  private final Map<String, Series<C>> series = new LinkedHashMap<>();
  private final Set<Object> owners = new HashSet<>();
  private Retained retained = Retained.EVERYTHING;
  private int counted;
  private int detailed;
  private int unmatched;

  Family(
      Metric metric,
      MetricsOptions options,
      int loops,
      Supplier<C> cells,
      ToIntFunction<Retained> expectedOwners) {
    this.metric = metric;
    this.labels = LabelNames.of(metric.labels(), options.operationLabel());
    this.cap = options.seriesCap();
    this.loops = loops;
    this.cells = cells;
    this.expectedOwners = expectedOwners;
    this.overflow =
        new Series<>(labels.textOfAll(OVERFLOW), OVERFLOW, Subject.LASTING, RESERVED, loops);
  }

  Metric metric() {
    return metric;
  }

  Candidate candidate(Subject subject, String... values) {
    return new Candidate(labels.text(values), subject);
  }

  /**
   * The loop's cell of the most detailed candidate there is room for.
   *
   * @param candidates from the full labels to the owner's reserved series
   */
  synchronized C cell(int loop, Object owner, Candidate... candidates) {
    return find(owner, candidates).cell(loop, cells);
  }

  /** Marks what leaves; from now on the owners of {@code now} have room set aside. */
  synchronized void retain(Retained now) {
    retained = now;
    owners.clear();
    counted = 0;
    detailed = 0;
    unmatched = 0;
    int highest = 0;
    for (Series<C> each : series.values()) {
      each.leaving(!now.keeps(each.subject()));
      if (!each.isLeaving()) {
        count(each);
        highest = each.detail() == RESERVED ? highest : Math.max(highest, each.detail());
      }
    }
    int pool = pool();
    for (int detail = 0; detail <= highest && detailed > pool; detail++) {
      for (Series<C> each : series.values()) {
        if (each.detail() == detail && !each.isLeaving() && !each.subject().isUnmatched()) {
          each.leaving(true);
          counted--;
          detailed--;
        }
      }
    }
  }

  /** What there is, in the order it came, {@code _overflow} last if anything was counted there. */
  synchronized Printed<C> print() {
    List<Series<C>> all = new ArrayList<>(series.size() + 1);
    List<Series<C>> leaving = new ArrayList<>();
    for (Series<C> each : series.values()) {
      all.add(each);
      if (each.isLeaving()) {
        leaving.add(each);
      }
    }
    if (isOverflowing()) {
      all.add(overflow);
    }
    return new Printed<>(all, leaving);
  }

  /** Drops those that were printed as leaving and still are; true if there were any. */
  synchronized boolean drop(List<Series<C>> leaving) {
    boolean dropped = false;
    for (Series<C> each : leaving) {
      if (each.isLeaving()) {
        dropped |= series.remove(each.key(), each);
      }
    }
    return dropped;
  }

  synchronized int size() {
    return series.size() + (isOverflowing() ? 1 : 0);
  }

  Series<C> overflow() {
    return overflow;
  }

  private boolean isOverflowing() {
    for (int loop = 0; loop < loops; loop++) {
      if (overflow.peek(loop) != null) {
        return true;
      }
    }
    return false;
  }

  private Series<C> find(Object owner, Candidate... candidates) {
    int last = candidates.length - 1;
    for (int detail = 0; detail < last; detail++) {
      Candidate candidate = candidates[detail];
      Series<C> there = series.get(candidate.labels());
      if (there != null && (!there.isLeaving() || !retained.keeps(there.subject()))) {
        return there;
      }
      // One that leaves for lack of room keeps its labels until it has been printed.
      if (there == null && hasRoom(candidate.subject(), detail, last)) {
        return add(candidate, owner, detail);
      }
    }
    Candidate reserved = candidates[last];
    Series<C> there = series.get(reserved.labels());
    if (there != null) {
      return there;
    }
    return counted < cap || reserved.subject().isUnmatched()
        ? add(reserved, owner, RESERVED)
        : overflow;
  }

  private boolean hasRoom(Subject subject, int detail, int last) {
    if (subject.isUnmatched()) {
      return unmatched < MAX_UNMATCHED;
    }
    int pool = pool();
    return detailed < (detail == last - 1 ? pool : pool - (pool >> (detail + 2)));
  }

  private int pool() {
    return Math.max(0, cap - Math.max(expectedOwners.applyAsInt(retained), owners.size()));
  }

  private Series<C> add(Candidate candidate, Object owner, int detail) {
    Series<C> added = new Series<>(candidate.labels(), owner, candidate.subject(), detail, loops);
    series.put(added.key(), added);
    added.leaving(!retained.keeps(added.subject()));
    if (!added.isLeaving()) {
      count(added);
    }
    return added;
  }

  private void count(Series<C> added) {
    if (added.subject().isUnmatched()) {
      unmatched++;
      return;
    }
    owners.add(added.owner());
    counted++;
    if (added.detail() != RESERVED) {
      detailed++;
    }
  }
}
