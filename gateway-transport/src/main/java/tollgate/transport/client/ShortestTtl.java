package tollgate.transport.client;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsCnameCache;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps no answer, only how long answers may be kept: the resolver tells a time to live to its
 * caches and to nobody else. Resolver's loop only.
 */
final class ShortestTtl implements DnsCache, DnsCnameCache {
  /** By the name that was asked, with search domain; aliases stand for themselves. */
  private final Map<String, Long> seconds = new HashMap<>();

  /**
   * Takes out what was noted for {@code host}, also under a search domain.
   *
   * @return seconds, or -1 if the answer came from no server (the hosts file)
   */
  long take(String host) {
    String name = normal(host);
    long shortest = -1;
    for (Iterator<Map.Entry<String, Long>> all = seconds.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<String, Long> noted = all.next();
      if (noted.getKey().startsWith(name)) {
        shortest = shortest < 0 ? noted.getValue() : Math.min(shortest, noted.getValue());
        all.remove();
      }
    }
    return shortest;
  }

  @Override
  public DnsCacheEntry cache(
      String hostname,
      DnsRecord @Nullable [] additionals,
      InetAddress address,
      long originalTtl,
      EventLoop loop) {
    note(hostname, originalTtl);
    return new Kept(address);
  }

  @Override
  public @Nullable DnsCacheEntry cache(
      String hostname, DnsRecord @Nullable [] additionals, Throwable cause, EventLoop loop) {
    return null;
  }

  @Override
  public List<? extends DnsCacheEntry> get(String hostname, DnsRecord @Nullable [] additionals) {
    return List.of();
  }

  @Override
  public @Nullable String get(String hostname) {
    return null;
  }

  @Override
  public void cache(String hostname, String cname, long originalTtl, EventLoop loop) {
    note(hostname, originalTtl);
  }

  @Override
  public void clear() {
    seconds.clear();
  }

  @Override
  public boolean clear(String hostname) {
    return seconds.remove(normal(hostname)) != null;
  }

  private void note(String hostname, long ttl) {
    seconds.merge(normal(hostname), ttl, Math::min);
  }

  /** With the dot at the end, so that a name is no prefix of another by chance. */
  private static String normal(String hostname) {
    String name = hostname.toLowerCase(Locale.ROOT);
    return name.endsWith(".") ? name : name + ".";
  }

  private record Kept(InetAddress address) implements DnsCacheEntry {
    @Override
    public @Nullable Throwable cause() {
      return null;
    }
  }
}
