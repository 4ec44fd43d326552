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
 * a counter nor all begin with the same target. {@code out} counts the marks on targets, ejected by
 * their requests or found down by probes: it is raised before a mark is set and lowered after it is
 * cleared, so that it is never below the number of marks and bounds them; while it is 0, choosing
 * reads nothing else. A target that is down is not ejected as well.
 *
 * <p>More than 400 lines in one class: targets, their states and who may be asked change together.
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
  private final UpstreamRules rules;
  private final Balance balance;
  private final PassiveHealth health;
  private final Ticker ticker;
  private final int[] schedule;
  private final int[] cursors;
  private final AtomicIntegerArray inFlight;
  private final TargetState[] states;
  private final int maxEjected;
  private final @Nullable HashRing ring;
  private final RetryBudget budget;
  private final @Nullable AtomicInteger allInFlight;
  private final AtomicInteger out = new AtomicInteger();
  private final AtomicLong ejections = new AtomicLong();
  private final AtomicLong foundDown = new AtomicLong();

  /**
   * @param targets at least one; each one's index is its place in the list
   * @param loops how many event loops there are, 1 or more
   */
  public Upstream(
      String name, List<Target> targets, UpstreamRules rules, int loops, Ticker ticker) {
    this.name = requireNonNull(name, "name");
    this.targets = List.copyOf(targets);
    this.byIndex = this.targets.toArray(Target[]::new);
    this.rules = requireNonNull(rules, "rules");
    this.balance = rules.balance();
    this.health = rules.passive();
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
    this.ring = balance == Balance.CONSISTENT_HASH ? new HashRing(this.targets) : null;
    this.budget = new RetryBudget(rules.retry().budgetPercent(), loops);
    this.allInFlight = rules.maxInFlight() == 0 ? null : new AtomicInteger();
  }

  /**
   * Takes over from another of the same name what is known of the targets both have, and the
   * counts. Before the first request; what {@code before} learns later is not seen here.
   */
  public void inherit(Upstream before) {
    for (Target target : targets) {
      for (Target old : before.targets) {
        if (old.scheme().equals(target.scheme()) && old.label().equals(target.label())) {
          inherit(states[target.index()], before.states[old.index()]);
        }
      }
    }
    ejections.addAndGet(before.ejections());
    foundDown.addAndGet(before.foundDown());
    budget.addDenied(before.retriesDenied());
  }

  private void inherit(TargetState state, TargetState before) {
    state.inherit(before, rules.active() != null);
    if (state.isMarkedEjected()) {
      out.incrementAndGet();
    }
    if (state.isDown()) {
      out.incrementAndGet();
    }
  }

  public String name() {
    return name;
  }

  public List<Target> targets() {
    return targets;
  }

  /** Null where targets are not chosen by a key. */
  public @Nullable HashKey hashKey() {
    return rules.hash();
  }

  public RetryRule retry() {
    return rules.retry();
  }

  /** Null where targets are not probed. */
  public @Nullable ActiveHealth activeHealth() {
    return rules.active();
  }

  /** As {@link #pick(int, long, Target)}, of a request without a key. */
  public @Nullable Target pick(int loopIndex, @Nullable Target avoid) {
    return pick(loopIndex, HashKey.NONE, avoid);
  }

  /**
   * The target for a request on this loop.
   *
   * @param loopIndex the caller's own loop
   * @param hash of the request's key, see {@link #hashKey}
   * @param avoid taken only if there is no other: where the attempt before went; null for a first
   *     attempt
   * @return null if all are out
   */
  public @Nullable Target pick(int loopIndex, long hash, @Nullable Target avoid) {
    if (avoid == null) {
      budget.requested(loopIndex);
    }
    boolean isAnyOut = out.get() != 0;
    if (byIndex.length == 1) {
      return isAnyOut && states[0].isDown() ? null : byIndex[0];
    }
    long now = isAnyOut ? ticker.nanos() : 0;
    if (isAnyOut) {
      takeBack(now);
      isAnyOut = out.get() != 0;
    }
    int avoided = avoid == null ? -1 : avoid.index();
    HashRing hashes = ring;
    int turn =
        hashes != null && hash != HashKey.NONE
            ? owner(hashes, hash, avoided, isAnyOut, now)
            : turn(loopIndex, avoided, isAnyOut, now);
    if (turn < 0) {
      return avoid == null || states[avoid.index()].isOut(now) ? null : byIndex[avoid.index()];
    }
    return balance == Balance.LEAST_REQUEST
        ? leastLoaded(turn, avoided, isAnyOut, now)
        : byIndex[turn];
  }

  /** Whether a request that must not go to {@code target} again could go elsewhere. */
  public boolean hasOther(Target target) {
    boolean isAnyOut = out.get() != 0;
    long now = isAnyOut ? ticker.nanos() : 0;
    for (int i = 0; i < byIndex.length; i++) {
      if (isUsable(i, target.index(), isAnyOut, now)) {
        return true;
      }
    }
    return false;
  }

  /** Takes a retry out of the budget of this loop, if there is one left. */
  public boolean tryRetry(int loopIndex) {
    return budget.tryTake(loopIndex);
  }

  /** Retries that the budget forbade, since the start. */
  public long retriesDenied() {
    return budget.denied();
  }

  /**
   * As {@link #started}, unless as many requests are on their way as there may be.
   *
   * @return false if it must not be sent; then there is no {@link #ended} for it
   */
  public boolean tryStart(Target target) {
    AtomicInteger all = allInFlight;
    if (all != null) {
      for (int known = all.get(); ; ) {
        if (known >= rules.maxInFlight()) {
          return false;
        }
        int witness = all.compareAndExchange(known, known + 1);
        if (witness == known) {
          break;
        }
        known = witness;
      }
    }
    started(target);
    return true;
  }

  /** Whether the limit of requests on their way is reached now; null if there is none. */
  public @Nullable Boolean isFull() {
    AtomicInteger all = allInFlight;
    return all == null ? null : all.get() >= rules.maxInFlight();
  }

  /** A request is on its way to it. */
  void started(Target target) {
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
    if (state.isOut(now)) {
      return; // a request that was on its way before
    }
    if (state.failed() >= health.consecutiveFailures()) {
      eject(state, now);
    }
  }

  /** The request is over, however it went; once for each {@link #tryStart} that allowed it. */
  public void ended(Target target) {
    AtomicInteger all = allInFlight;
    if (all != null) {
      all.decrementAndGet();
    }
    if (balance == Balance.LEAST_REQUEST) {
      inFlight.decrementAndGet(place(target.index()));
    }
  }

  /**
   * What a probe of it came to. On one loop only, whichever probes.
   *
   * @return whether it was taken out or brought back by that: see {@link #isOut}
   */
  public boolean probed(Target target, boolean isGood) {
    ActiveHealth rule = requireNonNull(rules.active(), "active");
    TargetState state = states[target.index()];
    if (!state.probed(isGood, rule)) {
      return false;
    }
    if (isGood) {
      state.down(false);
      out.decrementAndGet();
    } else {
      out.incrementAndGet();
      state.down(true);
      if (state.forgetEjection()) {
        out.decrementAndGet();
      }
      foundDown.incrementAndGet();
    }
    return true;
  }

  /** Whether it gets no requests now, for {@code gw_upstream_target_up}. */
  public boolean isOut(Target target) {
    return out.get() != 0 && states[target.index()].isOut(ticker.nanos());
  }

  /** How many targets get no requests now, or did until a moment ago. */
  int outCount() {
    return out.get();
  }

  /** Because of their requests, since the start, for {@code gw_upstream_ejections_total}. */
  public long ejections() {
    return ejections.get();
  }

  /** Because of their probes, since the start, for {@code gw_upstream_ejections_total}. */
  public long foundDown() {
    return foundDown.get();
  }

  /**
   * Requests between {@link #started} and {@link #ended}; counted for {@link Balance#LEAST_REQUEST}
   * only, else 0.
   */
  public int inFlight(Target target) {
    return inFlight.get(place(target.index()));
  }

  /** The first usable target on the ring from {@code hash} on; -1 if there is none. */
  private int owner(HashRing hashes, long hash, int avoid, boolean isAnyOut, long now) {
    int point = hashes.start(hash);
    for (int tries = 0; tries < hashes.size(); tries++) {
      int index = hashes.owner(point);
      if (isUsable(index, avoid, isAnyOut, now)) {
        return index;
      }
      point = hashes.next(point);
    }
    return -1;
  }

  /** The next usable target of the loop's round; -1 if there is none. */
  private int turn(int loopIndex, int avoid, boolean isAnyOut, long now) {
    int place = place(loopIndex);
    int cursor = cursors[place];
    for (int tries = 0; tries < schedule.length; tries++) {
      int index = schedule[cursor];
      cursor = cursor + 1 == schedule.length ? 0 : cursor + 1;
      if (isUsable(index, avoid, isAnyOut, now)) {
        cursors[place] = cursor;
        return index;
      }
    }
    return -1;
  }

  /**
   * @param turn whose turn it is; it keeps it unless another has less to do
   */
  private Target leastLoaded(int turn, int avoid, boolean isAnyOut, long now) {
    Target best = byIndex[turn];
    long bestLoad = inFlight.get(place(turn));
    for (int i = 0; i < byIndex.length; i++) {
      if (i == turn || !isUsable(i, avoid, isAnyOut, now)) {
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

  private boolean isUsable(int index, int avoid, boolean isAnyOut, long now) {
    return index != avoid && !(isAnyOut && states[index].isOut(now));
  }

  private void eject(TargetState state, long now) {
    if (!reserveEjection(now)) {
      return;
    }
    if (state.eject(now + health.ejectNanos())) {
      ejections.incrementAndGet();
    } else {
      out.decrementAndGet();
    }
  }

  /** Takes one of the places that ejected targets may have. */
  private boolean reserveEjection(long now) {
    if (out.get() != 0) {
      takeBack(now);
    }
    while (true) {
      int count = out.get();
      if (count >= maxEjected) {
        return false;
      }
      if (out.compareAndSet(count, count + 1)) {
        return true;
      }
    }
  }

  private void takeBack(long now) {
    for (TargetState state : states) {
      if (state.takeBack(now)) {
        out.decrementAndGet();
      }
    }
  }

  private static int place(int index) {
    return (index + 1) * STRIDE;
  }
}
