package tollgate.core.upstream;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tollgate.core.time.Ticker;

/**
 * Targets that serve the same, the choice between them, and what is known of their health. Any
 * thread, lock-free; only the cursor of a loop belongs to that loop.
 *
 * <p>Each loop goes round one shared schedule from a place of its own, so that loops neither share
 * a counter nor all begin with the same target. {@code ejected} counts the targets marked ejected:
 * it is raised before a mark is set and lowered after it is cleared, so that it is never below the
 * number of marks and bounds them; while it is 0, choosing reads nothing else.
 */
public final class Upstream {
  /**
   * Ints from one loop's cursor, or one target's counter, to the next: two cache lines, for the
   * prefetcher of pairs.
   */
  private static final int STRIDE = 32;

  private final String name;
  private final List<Target> targets;
  private final Target[] byIndex;
  private final Balance balance;
  private final PassiveHealth health;
  private final Ticker ticker;
  private final int[] schedule;
  private final int[] cursors;
  private final AtomicIntegerArray inFlight;
  private final TargetState[] states;
  private final int maxEjected;
  private final AtomicInteger ejected = new AtomicInteger();
  private final AtomicLong ejections = new AtomicLong();

  /**
   * @param targets at least one; each one's index is its place in the list
   * @param loops how many event loops there are, 1 or more
   */
  public Upstream(
      String name,
      List<Target> targets,
      Balance balance,
      PassiveHealth health,
      int loops,
      Ticker ticker) {
    this.name = requireNonNull(name, "name");
    this.targets = List.copyOf(targets);
    this.byIndex = this.targets.toArray(Target[]::new);
    this.balance = requireNonNull(balance, "balance");
    this.health = requireNonNull(health, "health");
    this.ticker = requireNonNull(ticker, "ticker");
    if (byIndex.length == 0) {
      throw new IllegalArgumentException("targets: none (expected: at least one)");
    }
    this.schedule = Schedule.of(this.targets);
    this.cursors = new int[(loops + 1) * STRIDE];
    this.inFlight = new AtomicIntegerArray((byIndex.length + 1) * STRIDE);
    this.states = new TargetState[byIndex.length];
    for (int i = 0; i < byIndex.length; i++) {
      if (byIndex[i].index() != i) {
        throw new IllegalArgumentException(
            "targets: index " + byIndex[i].index() + " at place " + i);
      }
      states[i] = new TargetState();
    }
    for (int loop = 0; loop < loops; loop++) {
      cursors[place(loop)] = (int) ((long) schedule.length * loop / loops);
    }
    this.maxEjected = health.maxEjected(byIndex.length);
  }

  public String name() {
    return name;
  }

  public List<Target> targets() {
    return targets;
  }

  /**
   * The target for a request on this loop.
   *
   * @param loopIndex the caller's own loop
   * @param avoid taken only if there is no other: where the attempt before went; or null
   * @return null if all are ejected
   */
  public @Nullable Target pick(int loopIndex, @Nullable Target avoid) {
    if (byIndex.length == 1) {
      return byIndex[0];
    }
    boolean isAnyEjected = ejected.get() != 0;
    long now = isAnyEjected ? ticker.nanos() : 0;
    if (isAnyEjected) {
      takeBack(now);
      isAnyEjected = ejected.get() != 0;
    }
    int turn = turn(loopIndex, avoid == null ? -1 : avoid.index(), isAnyEjected, now);
    if (turn < 0) {
      return avoid == null || states[avoid.index()].isEjected(now) ? null : byIndex[avoid.index()];
    }
    return balance == Balance.ROUND_ROBIN
        ? byIndex[turn]
        : leastLoaded(turn, avoid == null ? -1 : avoid.index(), isAnyEjected, now);
  }

  /** A request is on its way to it. */
  public void started(Target target) {
    if (balance == Balance.LEAST_REQUEST) {
      inFlight.incrementAndGet(place(target.index()));
    }
  }

  /** It answered as it should; ends a row of failures. */
  public void succeeded(Target target) {
    states[target.index()].succeeded();
  }

  /** It did not answer, or with what counts as a failure. */
  public void failed(Target target) {
    if (health.consecutiveFailures() == 0) {
      return;
    }
    TargetState state = states[target.index()];
    long now = ticker.nanos();
    if (state.isEjected(now)) {
      return; // a request that was on its way before
    }
    if (state.failed() >= health.consecutiveFailures()) {
      eject(state, now);
    }
  }

  /** The request is over, however it went; once for each {@link #started}. */
  public void ended(Target target) {
    if (balance == Balance.LEAST_REQUEST) {
      inFlight.decrementAndGet(place(target.index()));
    }
  }

  /** Whether it gets no requests now, for {@code gw_upstream_target_up}. */
  public boolean isEjected(Target target) {
    return ejected.get() != 0 && states[target.index()].isEjected(ticker.nanos());
  }

  /** How many targets get no requests now, or did until a moment ago. */
  int ejectedCount() {
    return ejected.get();
  }

  /** Since the start, for {@code gw_upstream_ejections_total}. */
  public long ejections() {
    return ejections.get();
  }

  /**
   * Requests between {@link #started} and {@link #ended}; counted for {@link Balance#LEAST_REQUEST}
   * only, else 0.
   */
  public int inFlight(Target target) {
    return inFlight.get(place(target.index()));
  }

  /** The next usable target of the loop's round; -1 if there is none. */
  private int turn(int loopIndex, int avoid, boolean isAnyEjected, long now) {
    int place = place(loopIndex);
    int cursor = cursors[place];
    for (int tries = 0; tries < schedule.length; tries++) {
      int index = schedule[cursor];
      cursor = cursor + 1 == schedule.length ? 0 : cursor + 1;
      if (isUsable(index, avoid, isAnyEjected, now)) {
        cursors[place] = cursor;
        return index;
      }
    }
    return -1;
  }

  /**
   * @param turn whose turn it is; it keeps it unless another has less to do
   */
  private Target leastLoaded(int turn, int avoid, boolean isAnyEjected, long now) {
    Target best = byIndex[turn];
    long bestLoad = inFlight.get(place(turn));
    for (int i = 0; i < byIndex.length; i++) {
      if (i == turn || !isUsable(i, avoid, isAnyEjected, now)) {
        continue;
      }
      long load = inFlight.get(place(i));
      if (load * best.weight() < bestLoad * byIndex[i].weight()) {
        best = byIndex[i];
        bestLoad = load;
      }
    }
    return best;
  }

  private boolean isUsable(int index, int avoid, boolean isAnyEjected, long now) {
    return index != avoid && !(isAnyEjected && states[index].isEjected(now));
  }

  private void eject(TargetState state, long now) {
    if (!reserveEjection(now)) {
      return;
    }
    if (state.eject(now + health.ejectNanos())) {
      ejections.incrementAndGet();
    } else {
      ejected.decrementAndGet();
    }
  }

  /** Takes one of the places that ejected targets may have. */
  private boolean reserveEjection(long now) {
    if (ejected.get() != 0) {
      takeBack(now);
    }
    while (true) {
      int count = ejected.get();
      if (count >= maxEjected) {
        return false;
      }
      if (ejected.compareAndSet(count, count + 1)) {
        return true;
      }
    }
  }

  private void takeBack(long now) {
    for (TargetState state : states) {
      if (state.takeBack(now)) {
        ejected.decrementAndGet();
      }
    }
  }

  private static int place(int index) {
    return (index + 1) * STRIDE;
  }
}
