package tollgate.core.chain;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.websocket.Inflaters;

/**
 * The exchanges of one loop and who of them may begin. Event loop only, but for {@link #running}.
 *
 * <p>Below the limit nobody looks at who asks. At the limit the exchanges there are get counted by
 * API, once, and from then on as they come and go: an API is admitted while the loop is below its
 * limit, or the API below its share, which is the limit divided by the APIs that have something
 * running. So one API that fills the loop keeps no other out, and there are never more than twice
 * as many exchanges as the limit says. Counting ends when half of the limit is free again.
 */
final class LoopTraffic {
  private static final VarHandle RUNNING;

  static {
    try {
      RUNNING = MethodHandles.lookup().findVarHandle(LoopTraffic.class, "running", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Map<Api, Share> shares = new HashMap<>();
  private final Inflaters inflaters = new Inflaters();
  private @Nullable ChainRun first;
  private int running;
  private int limit = Integer.MAX_VALUE;
  private int activeShares;
  private boolean isCounting;

  private record Api(String name, String version) {}

  /** What one API has running here. */
  static final class Share {
    private int count;
  }

  /** Any thread; a moment old on others. */
  int running() {
    return (int) RUNNING.getOpaque(this);
  }

  Inflaters inflaters() {
    return inflaters;
  }

  void limit(int limit) {
    this.limit = limit;
    if (isCounting && running <= limit / 2) {
      isCounting = false;
      shares.clear();
      activeShares = 0;
      forEach(run -> run.share = null);
    }
  }

  void begun(ChainRun run) {
    ChainRun second = first;
    run.next = second;
    if (second != null) {
      second.previous = run;
    }
    first = run;
    RUNNING.setOpaque(this, running + 1);
  }

  /** Whether a run that has begun may go on to its route. */
  boolean admits(ChainRun run, RouteHandle route) {
    if (!isCounting) {
      if (running <= limit) {
        return true;
      }
      isCounting = true;
      forEach(this::count);
    }
    Share share = share(route);
    int active = activeShares + (share.count == 0 ? 1 : 0);
    boolean isAdmitted =
        running <= limit || (limit > 0 && share.count < Math.max(1, limit / active));
    if (isAdmitted) {
      taken(run, share);
    }
    return isAdmitted;
  }

  /** The run is a stream from here on: it waits more than it works, and counts no more. */
  void settled(ChainRun run) {
    RUNNING.setOpaque(this, running - 1);
    givenBack(run);
  }

  /**
   * @param isCounted whether it was not {@link #settled}
   */
  void ended(ChainRun run, boolean isCounted) {
    ChainRun before = run.previous;
    ChainRun after = run.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    run.next = null;
    run.previous = null;
    if (isCounted) {
      RUNNING.setOpaque(this, running - 1);
      givenBack(run);
    }
  }

  /**
   * @param action may end the run it is given, and no other
   */
  void forEach(Consumer<ChainRun> action) {
    ChainRun run = first;
    while (run != null) {
      ChainRun following = run.next;
      action.accept(run);
      run = following;
    }
  }

  private void count(ChainRun run) {
    RouteHandle route = run.admittedTo();
    if (route != null) {
      taken(run, share(route));
    }
  }

  private Share share(RouteHandle route) {
    return shares.computeIfAbsent(new Api(route.api(), route.apiVersion()), _ -> new Share());
  }

  private void taken(ChainRun run, Share share) {
    run.share = share;
    if (share.count++ == 0) {
      activeShares++;
    }
  }

  private void givenBack(ChainRun run) {
    Share share = run.share;
    run.share = null;
    if (share != null && --share.count == 0) {
      activeShares--;
    }
  }
}
