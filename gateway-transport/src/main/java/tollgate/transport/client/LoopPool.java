package tollgate.transport.client;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
 * turn, CLOSED (the permit is given back when the socket has closed). One of HTTP/2 is ACTIVE with
 * any number of exchanges; it is listed as shared while there is room for more, and is DRAINING,
 * listed nowhere, once it takes no more. Invariants:
 *
 * <ul>
 *   <li>an idle or shared connection and a queued waiter never exist at the same time on one loop;
 *   <li>an idle connection and a loop that waits for a permit exist at the same time only until the
 *       question of that loop has gone round: whoever puts a connection to rest looks first whether
 *       somebody waits, and whoever begins to wait asks all others once to give one up;
 *   <li>a waiter is told exactly once: connected, failed, or nothing after it cancelled;
 *   <li>a waiter rides along only with connections that are being opened: when one of these is
 *       there, or failed, those that the others have no room for get one of their own, or wait for
 *       a permit.
 * </ul>
 *
 * <p>A shared connection that is never without an exchange would keep its permit for ever: where
 * another loop has waited long for one, the next to end an exchange begins to drain, one at a time.
 *
 * <p>More than 400 lines, because each event may change who waits, what rests and what is shared,
 * and the invariants are about all of them.
 */
final class LoopPool {
  /** A waiter elsewhere goes first if it has waited that much longer: fair without thrashing. */
  private static final long UNFAIR_NANOS = MILLISECONDS.toNanos(20);

  /** As above where a connection is shared: it goes only when all its exchanges have ended. */
  private static final long UNFAIR_SHARED_NANOS = MILLISECONDS.toNanos(200);

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

  /** Connections of HTTP/2 that carry exchanges and have room for more, in no order. */
  private final List<PooledConnection> shared = new ArrayList<>();

  /** Whether a connection that is being opened will carry many exchanges, as far as is known. */
  private boolean isMultiplexing;

  /** How many, as far as is known. */
  private int expectedStreams;

  private int dialling;
  private int draining;

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
    this.isMultiplexing =
        switch (settings.protocol()) {
          case HTTP1 -> false;
          case H2 -> true;
          case AUTO -> target.target().isTls();
        };
    this.expectedStreams = settings.maxStreams();
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
    PooledConnection reused = shared.isEmpty() ? null : leastLoaded();
    if (reused == null) {
      reused = takeIdle();
    }
    if (reused != null) {
      reused.begin(timeouts, events);
      return Cancellation.NOTHING;
    }
    if (target.isClosed()) {
      events.onFailure(new UpstreamFailure(Kind.CONNECT, "the pool is closed"));
      return Cancellation.NOTHING;
    }
    if (isMultiplexing && waiting.expecting() < roomOfDialled()) {
      return ride(timeouts, events);
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
    dialling--;
    counters.opened();
    target.connectTimes().add(nanos);
    Waiter own = connection.initiator;
    connection.initiator = null;
    isMultiplexing = connection.isMultiplexed();
    if (isMultiplexing) {
      expectedStreams = connection.limit();
    }
    if (own != null) {
      give(own, connection);
    }
    if (connection.isMultiplexed()) {
      onFreed(connection);
    } else if (own == null) {
      offer(connection);
    }
    rearrange();
  }

  void onDialFailed(PooledConnection connection, UpstreamFailure failure) {
    dialling--;
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
    // Whose time is not over would only hear the same, later; but not of a time that is not theirs.
    if (dialling == 0 && failure.kind() != Kind.CONNECT_TIMEOUT) {
      for (Waiter rider = waiting.oldestRiding(); rider != null; rider = waiting.oldestRiding()) {
        dequeue(rider);
        rider.events.onFailure(failure);
      }
    }
    rearrange();
  }

  /** A connection of HTTP/2 has room for an exchange more. */
  void onFreed(PooledConnection connection) {
    if (connection.load() > 0 && draining == 0 && isWaitedForElsewhere()) {
      connection.drain();
      return;
    }
    Waiter oldest = waiting.oldest();
    while (oldest != null && connection.hasRoom()) {
      give(oldest, connection);
      oldest = waiting.oldest();
    }
    if (!connection.hasRoom()) {
      if (connection.load() == 0) {
        connection.drain(); // the backend wants no more of it
      }
      return;
    }
    if (connection.load() > 0) {
      share(connection);
    } else {
      unshare(connection);
      offer(connection);
    }
  }

  /** It takes no further exchange. */
  void onDraining(PooledConnection connection) {
    unshare(connection);
    draining++;
  }

  /** Whether another loop has waited for a permit too long for this one to go on as it does. */
  private boolean isWaitedForElsewhere() {
    if (!target.permits().isAnyWaiting()) {
      return false;
    }
    Waiter oldest = waiting.oldest();
    long since = oldest == null ? loop.ticker().nanos() : oldest.sinceNanos;
    return target.permits().isOlderElsewhere(loop.index(), since - UNFAIR_SHARED_NANOS);
  }

  void share(PooledConnection connection) {
    if (!connection.isShared) {
      connection.isShared = true;
      shared.add(connection);
    }
  }

  void unshare(PooledConnection connection) {
    if (connection.isShared) {
      connection.isShared = false;
      shared.remove(connection);
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

  /**
   * The socket has closed.
   *
   * @param wasDraining whether {@link #onDraining} was told of it
   */
  void onClosed(boolean wasDraining) {
    if (wasDraining) {
      draining--;
    }
    counters.addOpen(-1);
    target.releasePermit();
  }

  void onWaitOver(Waiter waiter) {
    boolean wasRiding = waiter.isRiding;
    dequeue(waiter);
    waiter.events.onFailure(
        wasRiding
            ? new UpstreamFailure(Kind.CONNECT_TIMEOUT, "connecting for another request as well")
            : new UpstreamFailure(Kind.POOL_EXHAUSTED, "no connection became free in time"));
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

  /** Waits for a connection that is being opened for another and has room for this, too. */
  private Cancellation ride(AttemptTimeouts timeouts, UpstreamEvents events) {
    var waiter = new Waiter(this, timeouts, events, loop.ticker().nanos());
    waiter.isRiding = true;
    counters.addPending(1);
    waiting.add(waiter);
    if (timeouts.connectNanos() > 0) {
      loop.set(waiter, timeouts.connectNanos());
    }
    return waiter;
  }

  private long roomOfDialled() {
    return (long) dialling * expectedStreams;
  }

  /** Those riding along that have lost their place get a connection of their own, or wait. */
  private void rearrange() {
    Waiter rider = waiting.oldestRiding();
    while (rider != null && (!isMultiplexing || waiting.expecting() > roomOfDialled())) {
      if (waiting.withoutPermit() == 0 && target.permits().tryAcquire()) {
        dialFor(rider);
      } else {
        strand(rider);
      }
      rider = waiting.oldestRiding();
    }
  }

  private void strand(Waiter waiter) {
    UpstreamFailure full = null;
    if (waiting.withoutPermit() >= maxPending) {
      full = new UpstreamFailure(Kind.POOL_EXHAUSTED, maxPending + " wait already");
    } else if (pendingLimit != null && !pendingLimit.tryEnter()) {
      full = new UpstreamFailure(Kind.BREAKER_OPEN, "maxPending");
    }
    if (full != null) {
      dequeue(waiter);
      waiter.events.onFailure(full);
      return;
    }
    waiting.stranded(waiter);
    if (maxWait != null) {
      loop.set(waiter, maxWait.toNanos());
    }
    publishWaiting();
    if (target.permits().tryAcquire()) {
      onPermitGranted();
    } else {
      askOthersForIdle();
    }
  }

  private void dialFor(Waiter waiter) {
    var dialled = new PooledConnection(this, waiter);
    long left = remaining(waiter);
    boolean wasRiding = waiter.isRiding;
    waiting.dialled(waiter, dialled);
    if (!wasRiding) {
      leavePending();
      publishWaiting();
    }
    loop.remove(waiter);
    dial(dialled, left);
  }

  private void dial(PooledConnection connection, long connectNanos) {
    dialling++;
    counters.addOpen(1);
    connection.dial(connectNanos);
  }

  /** At least 1, because 0 means no limit. A wait with a limit of its own takes nothing from it. */
  private long remaining(Waiter waiter) {
    long limit = waiter.timeouts.connectNanos();
    if (maxWait != null && !waiter.isRiding) {
      return limit;
    }
    return limit == 0 ? 0 : Math.max(1, limit - (loop.ticker().nanos() - waiter.sinceNanos));
  }

  /** Of those that have room; null if there is none. */
  private @Nullable PooledConnection leastLoaded() {
    PooledConnection least = null;
    for (int i = shared.size() - 1; i >= 0; i--) {
      PooledConnection connection = shared.get(i);
      if (!connection.isFit()) {
        connection.drain();
      } else if (!connection.hasRoom()) {
        unshare(connection);
      } else if (least == null || connection.load() < least.load()) {
        least = connection;
      }
    }
    return least;
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
    if (dialled == null && !waiter.isRiding) {
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
