package tollgate.transport.server;

import static java.util.Objects.requireNonNull;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.time.Ticker;

/**
 * Says which limit of a listener connections are closed by: at once the first time, then at most
 * once in ten seconds for each of them, with how many it were meanwhile. Any thread.
 */
final class RefusalLog {
  private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String listener;
  private final Ticker ticker;
  private final Map<Why, Tally> tallies = new EnumMap<>(Why.class);

  /** What a connection was closed by. */
  enum Why {
    CONNECTIONS("limits.connections"),
    CONNECTIONS_PER_CLIENT("limits.connectionsPerClient"),
    HANDSHAKES_PER_CLIENT("limits.handshakesPerClient"),
    PROXY_HEADER("proxyProtocol");

    private final String key;

    Why(String key) {
      this.key = key;
    }
  }

  RefusalLog(String listener, Ticker ticker) {
    this.listener = listener;
    this.ticker = ticker;
    for (Why why : Why.values()) {
      tallies.put(why, new Tally(ticker.nanos()));
    }
  }

  /**
   * @param detail null for none
   */
  void refused(Why why, InetAddress address, @Nullable String detail) {
    String line = line(why, address, detail);
    if (line != null) {
      log.warn(line);
    }
  }

  /** What is to be said now; null for nothing. */
  @Nullable String line(Why why, InetAddress address, @Nullable String detail) {
    Tally tally = requireNonNull(tallies.get(why));
    tally.count.incrementAndGet();
    long next = tally.nextNanos.get();
    long now = ticker.nanos();
    if (now - next < 0 || !tally.nextNanos.compareAndSet(next, now + INTERVAL_NANOS)) {
      return null;
    }
    return "Listener "
        + listener
        + ": "
        + tally.count.getAndSet(0)
        + " connection(s) closed by "
        + why.key
        + ", the last one of "
        + NetUtil.toAddressString(address)
        + (detail == null ? "" : ": " + detail);
  }

  /** Since the last line, and when there may be another. */
  private static final class Tally {
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong nextNanos;

    Tally(long nowNanos) {
      this.nextNanos = new AtomicLong(nowNanos);
    }
  }
}
