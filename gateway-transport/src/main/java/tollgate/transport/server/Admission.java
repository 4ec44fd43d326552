package tollgate.transport.server;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of one listener and says which are too many. Any thread.
 *
 * <p>What it remembers is bounded: a client is counted while it has a connection, and of handshakes
 * there is a table of one size.
 */
final class Admission {
  private final ConnectionLimits limits;
  private final RefusalLog refusals;
  private final @Nullable HandshakeTable handshakes;
  private final AtomicInteger connections = new AtomicInteger();
  private final ConcurrentMap<Long, Integer> byClient = new ConcurrentHashMap<>();

  /**
   * @param isTls whether connections begin with a handshake
   */
  Admission(ConnectionLimits limits, boolean isTls, RefusalLog refusals) {
    this.limits = limits;
    this.refusals = refusals;
    ConnectionLimits.HandshakeRate rate = limits.handshakesPerClient();
    this.handshakes = rate == null || !isTls ? null : HandshakeTable.create(rate);
  }

  /** Connections that are open now. */
  int connections() {
    return connections.get();
  }

  /** Counts one more; false if that is too many. One {@link #closed} follows in either case. */
  boolean accepted(InetAddress peer) {
    int now = connections.incrementAndGet();
    if (limits.total() == 0 || now <= limits.total()) {
      return true;
    }
    refusals.refused(RefusalLog.Why.CONNECTIONS, peer, null);
    return false;
  }

  /**
   * Whether a client may have this connection.
   *
   * @param held gets what is to be given back by {@link #closed}
   */
  boolean admits(InetAddress client, long nowNanos, Held held) {
    if (!limits.hasPerClient() || limits.exempt().contains(client)) {
      return true;
    }
    long key = ClientKey.of(client);
    if (limits.perClient() > 0) {
      held.key = key;
      held.isCounted = true;
      if (byClient.merge(key, 1, Integer::sum) > limits.perClient()) {
        refusals.refused(RefusalLog.Why.CONNECTIONS_PER_CLIENT, client, null);
        return false;
      }
    }
    if (handshakes != null && !handshakes.take(key, nowNanos)) {
      refusals.refused(RefusalLog.Why.HANDSHAKES_PER_CLIENT, client, null);
      return false;
    }
    return true;
  }

  void closed(Held held) {
    connections.decrementAndGet();
    if (held.isCounted) {
      held.isCounted = false;
      byClient.computeIfPresent(held.key, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Clients that are remembered for their connections. */
  int clients() {
    return byClient.size();
  }

  /** What a connection was counted under. Event loop only. */
  static final class Held {
    private long key;
    private boolean isCounted;
  }
}
