package tollgate.transport.client;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.port.UpstreamConnector.Cancellation;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamFailure.Kind;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.transport.loop.NettyLoop;

/**
 * The connections of one event loop to one target. Event loop only, but for {@link #counts}.
 *
 * <p>A connection is, in this order, DIALLING (it holds a permit from here on), ACTIVE and IDLE in
 * turn, CLOSED (the permit is given back when the socket has closed). Invariants:
 *
 * <ul>
 *   <li>an idle connection and a queued waiter never exist at the same time on one loop;
 *   <li>an idle connection and a loop that waits for a permit exist at the same time only until the
 *       question of that loop has gone round: whoever puts a connection to rest looks first whether
 *       somebody waits, and whoever begins to wait asks all others once to give one up;
 *   <li>a waiter is told exactly once: connected, failed, or nothing after it cancelled.
 * </ul>
 */
final class LoopPool {
  /** A waiter elsewhere goes first if it has waited that much longer: fair without thrashing. */
  private static final long UNFAIR_NANOS = MILLISECONDS.toNanos(20);

  private static final Logger log = LoggerFactory.getLogger(LoopPool.class);

  private final TargetPool target;
  private final NettyLoop loop;
  private final IdleStack idle = new IdleStack();
  private final WaitQueue waiting = new WaitQueue();
  private final PoolCounters counters = new PoolCounters();
  private final long maxIdleNanos;
  private final int maxPending;
  private final @Nullable Duration maxWait;
  private final @Nullable PendingLimit pendingLimit;
  private int nextAddress;

  /** The question for idle connections is going round. */
  private boolean isAsking;

  /** Somebody began to wait after it had left. */
  private boolean mustAskAgain;

  LoopPool(TargetPool target, NettyLoop loop) {
    this.target = target;
    this.loop = loop;
    PoolSettings settings = target.settings();
    int loops = target.loops().count();
    this.maxIdleNanos = settings.maxIdle().toNanos();
    this.maxPending = (settings.maxPending() + loops - 1) / loops;
    this.maxWait = settings.maxWait();
    this.pendingLimit = settings.pendingLimit();
  }

  TargetPool target() {
    return target;
  }

  NettyLoop loop() {
    return loop;
  }

  PoolCounts counts() {
    return counters.read();
  }

  Cancellation connect(AttemptTimeouts timeouts, UpstreamEvents events) {
    target.host().refreshIfOld();
    PooledConnection reused = takeIdle();
    if (reused != null) {
      reused.begin(timeouts, events);
      return Cancellation.NOTHING;
    }
    if (target.isClosed()) {
      events.onFailure(new UpstreamFailure(Kind.CONNECT, "the pool is closed"));
      return Cancellation.NOTHING;
    }
    boolean hasPermit = waiting.withoutPermit() == 0 && target.permits().tryAcquire();
    if (!hasPermit && waiting.withoutPermit() >= maxPending) {
      events.onFailure(new UpstreamFailure(Kind.POOL_EXHAUSTED, maxPending + " wait already"));
      return Cancellation.NOTHING;
    }
    if (!hasPermit && pendingLimit != null && !pendingLimit.tryEnter()) {
      events.onFailure(new UpstreamFailure(Kind.BREAKER_OPEN, "maxPending"));
      return Cancellation.NOTHING;
    }
    var waiter = new Waiter(this, timeouts, events, loop.ticker().nanos());
    counters.addPending(1);
    if (hasPermit) {
      var dialled = new PooledConnection(this, waiter);
      waiter.dialled = dialled;
      waiting.add(waiter);
      dial(dialled, timeouts.connectNanos());
    } else {
      waiting.add(waiter);
      long longest = maxWait == null ? timeouts.connectNanos() : maxWait.toNanos();
      if (longest > 0) {
        loop.set(waiter, longest);
      }
      publishWaiting();
      // Only after that: a permit given back before was given to nobody.
      if (target.permits().tryAcquire()) {
        onPermitGranted();
      } else {
        askOthersForIdle();
      }
    }
    return waiter;
  }

  /** Index of the address to try first: each in turn. */
  int nextAddress(int count) {
    nextAddress = nextAddress + 1 < count ? nextAddress + 1 : 0;
    return nextAddress;
  }

  /** A permit is handed to this loop because somebody here waited for one. */
  void onPermitGranted() {
    Waiter waiter = waiting.oldestWithoutPermit();
    if (waiter == null) {
      target.releasePermit(); // served or gone in the meantime
    } else {
      dialFor(waiter);
    }
  }

  void onDialled(PooledConnection connection, long nanos) {
    counters.opened();
    target.connectTimes().add(nanos);
    Waiter own = connection.initiator;
    connection.initiator = null;
    if (own != null) {
      give(own, connection);
    } else {
      offer(connection);
    }
  }

  void onDialFailed(PooledConnection connection, UpstreamFailure failure) {
    counters.addOpen(-1);
    counters.failed();
    log.debug("No connection to {}: {}", target.target().label(), failure);
    Waiter own = connection.initiator;
    connection.initiator = null;
    target.releasePermit();
    if (own != null) {
      dequeue(own);
      own.events.onFailure(failure);
    }
  }

  /** A connection has served an exchange and may serve another. */
  void offer(PooledConnection connection) {
    Waiter oldest = waiting.oldest();
    if (oldest != null
        && !target.permits().isOlderElsewhere(loop.index(), oldest.sinceNanos - UNFAIR_NANOS)) {
      give(oldest, connection);
    } else if (target.permits().isAnyWaiting() || target.isEnding()) {
      connection.close();
    } else {
      idle.push(connection);
      counters.addIdle(1);
      connection.rest(maxIdleNanos);
    }
  }

  /** An idle connection was closed, by whomever. */
  void onIdleGone(PooledConnection connection) {
    idle.remove(connection);
    counters.addIdle(-1);
  }

  /** The socket has closed. */
  void onClosed() {
    counters.addOpen(-1);
    target.releasePermit();
  }

  void onWaitOver(Waiter waiter) {
    dequeue(waiter);
    waiter.events.onFailure(
        new UpstreamFailure(Kind.POOL_EXHAUSTED, "no connection became free in time"));
  }

  /** What was being opened for it goes on, for whoever comes next. */
  void onCancelled(Waiter waiter) {
    if (waiter.isQueued) {
      dequeue(waiter);
    }
  }

  void closeIdle() {
    for (PooledConnection top = idle.top(); top != null; top = idle.top()) {
      top.close();
    }
  }

  private void dialFor(Waiter waiter) {
    var dialled = new PooledConnection(this, waiter);
    waiting.dialled(waiter, dialled);
    leavePending();
    publishWaiting();
    loop.remove(waiter);
    dial(dialled, remaining(waiter));
  }

  private void dial(PooledConnection connection, long connectNanos) {
    counters.addOpen(1);
    connection.dial(connectNanos);
  }

  /** At least 1, because 0 means no limit. A wait with a limit of its own takes nothing from it. */
  private long remaining(Waiter waiter) {
    long limit = waiter.timeouts.connectNanos();
    if (maxWait != null) {
      return limit;
    }
    return limit == 0 ? 0 : Math.max(1, limit - (loop.ticker().nanos() - waiter.sinceNanos));
  }

  private @Nullable PooledConnection takeIdle() {
    for (PooledConnection top = idle.top(); top != null; top = idle.top()) {
      onIdleGone(top);
      if (top.wakeUp()) {
        return top;
      }
    }
    return null;
  }

  private void give(Waiter waiter, PooledConnection connection) {
    dequeue(waiter);
    connection.begin(waiter.timeouts, waiter.events);
  }

  private void dequeue(Waiter waiter) {
    PooledConnection dialled = waiter.dialled;
    if (dialled != null) {
      dialled.initiator = null;
    }
    waiting.remove(waiter);
    loop.remove(waiter);
    counters.addPending(-1);
    if (dialled == null) {
      leavePending();
      publishWaiting();
    }
  }

  /** One fewer waits without a permit. */
  private void leavePending() {
    if (pendingLimit != null) {
      pendingLimit.leave();
    }
  }

  private void publishWaiting() {
    Waiter oldest = waiting.oldestWithoutPermit();
    if (oldest == null) {
      target.permits().waitNoMore(loop.index());
    } else {
      target.permits().waitSince(loop.index(), oldest.sinceNanos);
    }
  }

  /** Sends the question round all other loops, one after the other, and back here. */
  private void askOthersForIdle() {
    if (isAsking) {
      mustAskAgain = true;
    } else if (target.loopCount() > 1) {
      isAsking = true;
      passOn(this, waiting.withoutPermit());
    }
  }

  private void passOn(LoopPool asker, int wanted) {
    LoopPool next = target.on((loop.index() + 1) % target.loopCount());
    if (next == asker) {
      asker.loop.execute(asker::onAsked);
    } else {
      next.loop.execute(() -> next.giveUpIdle(asker, wanted));
    }
  }

  private void giveUpIdle(LoopPool asker, int wanted) {
    int still = wanted;
    for (PooledConnection bottom = idle.bottom();
        bottom != null && still > 0;
        bottom = idle.bottom()) {
      bottom.close();
      still--;
    }
    if (still > 0) {
      passOn(asker, still);
    } else {
      asker.loop.execute(asker::onAsked);
    }
  }

  private void onAsked() {
    isAsking = false;
    if (mustAskAgain) {
      mustAskAgain = false;
      if (waiting.withoutPermit() > 0) {
        askOthersForIdle();
      }
    }
  }
}
