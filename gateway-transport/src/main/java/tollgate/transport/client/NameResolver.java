package tollgate.transport.client;

import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.loop.NettyLoop;

/**
 * Looks names up in the hosts file and at the name servers of {@code resolv.conf}, on one event
 * loop of its own choice. Opens no socket before the first question. Any thread.
 */
public final class NameResolver implements Executor, AutoCloseable {
  static final long MIN_TTL_SECONDS = 1;
  static final long MAX_TTL_SECONDS = 300;

  /** What the hosts file says carries no time to live. */
  private static final long HOSTS_FILE_TTL_SECONDS = 30;

  /** After a failure, while old addresses are in use. */
  private static final long RETRY_SECONDS = 5;

  private static final long QUERY_TIMEOUT_MILLIS = 1_000;
  private static final Logger log = LoggerFactory.getLogger(NameResolver.class);

  private final EventLoops loops;
  private final NettyLoop home;
  private final @Nullable DnsServerAddressStreamProvider servers;

  // Home loop only.
  private final ShortestTtl ttls = new ShortestTtl();
  private @Nullable DnsNameResolver resolver;
  private boolean isClosed;

  private NameResolver(EventLoops loops, @Nullable DnsServerAddressStreamProvider servers) {
    this.loops = loops;
    this.home = loops.loop(0);
    this.servers = servers;
  }

  /** Asks the system's name servers. */
  public static NameResolver create(EventLoops loops) {
    return new NameResolver(loops, null);
  }

  /** Asks these name servers, in their order. */
  public static NameResolver create(EventLoops loops, List<InetSocketAddress> nameServers) {
    return new NameResolver(loops, new SequentialDnsServerAddressStreamProvider(nameServers));
  }

  /** A name to connect to; asks nothing yet. */
  HostName host(String name) {
    return new HostName(name, this);
  }

  /** Runs on the loop that does the asking. */
  @Override
  public void execute(Runnable task) {
    home.execute(task);
  }

  /** Asks once; the answer goes to {@link HostName#asked}. Only for who has set its flag. */
  void ask(HostName host) {
    if (!home.inEventLoop()) {
      home.execute(() -> ask(host));
      return;
    }
    if (isClosed) {
      host.asked(null);
      return;
    }
    DnsNameResolver asked;
    try {
      asked = open();
    } catch (RuntimeException e) { // no descriptor left, for one: who waits must not wait for ever
      log.warn("No name can be looked up: {}", e.toString());
      host.asked(null);
      return;
    }
    var _ = asked.resolveAll(host.name()).addListener(f -> answered(host, f));
  }

  @Override
  public void close() {
    home.execute(() -> {
      isClosed = true;
      if (resolver != null) {
        resolver.close();
        resolver = null;
      }
    });
  }

  @SuppressWarnings("unchecked") // resolveAll gives a list of addresses
  private void answered(HostName host, Future<?> future) {
    long ttl = ttls.take(host.name());
    if (future.isSuccess()) {
      var list = List.copyOf((List<InetAddress>) future.getNow());
      if (!list.isEmpty()) {
        long seconds = ttl < 0 ? HOSTS_FILE_TTL_SECONDS : ttl;
        host.asked(
            new Addresses(list, after(Math.clamp(seconds, MIN_TTL_SECONDS, MAX_TTL_SECONDS))));
        return;
      }
    }
    Addresses known = host.current();
    log.debug("No address for {}, known: {}", host.name(), known, future.cause());
    host.asked(known == null ? null : new Addresses(known.list(), after(RETRY_SECONDS)));
  }

  private static long after(long seconds) {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  private DnsNameResolver open() {
    if (resolver == null) {
      var builder =
          new DnsNameResolverBuilder(home.eventLoop())
              .datagramChannelFactory(loops.sockets().datagram())
              .socketChannelFactory(loops.sockets().socket())
              .resolveCache(ttls)
              .cnameCache(ttls)
              .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS);
      if (servers != null) {
        builder.nameServerProvider(servers).searchDomains(List.of());
      }
      resolver = builder.build();
    }
    return resolver;
  }
}
