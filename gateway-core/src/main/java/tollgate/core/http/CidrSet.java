package tollgate.core.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The union of ranges. A look-up is a binary search: two prefixes are disjoint or one holds the
 * other, so that only the outermost are kept, in order. Immutable.
 */
public final class CidrSet {
  public static final CidrSet EMPTY = new CidrSet(new Cidr[0], new Cidr[0]);

  private final Cidr[] ipv4;
  private final Cidr[] ipv6;

  private CidrSet(Cidr[] ipv4, Cidr[] ipv6) {
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
  }

  public static CidrSet of(Collection<Cidr> ranges) {
    return ranges.isEmpty() ? EMPTY : new CidrSet(outermost(ranges, 4), outermost(ranges, 16));
  }

  public boolean isEmpty() {
    return ipv4.length == 0 && ipv6.length == 0;
  }

  public boolean contains(InetAddress address) {
    if (isEmpty()) {
      return false;
    }
    byte[] bytes = AddressBits.unmapped(address.getAddress());
    Cidr[] ranges = bytes.length == 4 ? ipv4 : ipv6;
    int low = 0;
    int high = ranges.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (ranges[middle].contains(bytes)) {
        return true;
      }
      if (Arrays.compareUnsigned(ranges[middle].network(), bytes) < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }

  private static Cidr[] outermost(Collection<Cidr> ranges, int addressBytes) {
    List<Cidr> sorted = new ArrayList<>();
    for (Cidr range : ranges) {
      if (range.network().length == addressBytes) {
        sorted.add(range);
      }
    }
    sorted.sort(
        Comparator.comparing(Cidr::network, Arrays::compareUnsigned)
            .thenComparing((a, b) -> a.covers(b) ? (b.covers(a) ? 0 : -1) : 1));
    List<Cidr> kept = new ArrayList<>();
    for (Cidr range : sorted) {
      if (kept.isEmpty() || !kept.getLast().covers(range)) {
        kept.add(range);
      }
    }
    return kept.toArray(Cidr[]::new);
  }
}
