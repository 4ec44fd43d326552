package tollgate.transport.client;

import java.net.InetAddress;
import java.util.List;

/**
 * What a name stood for when it was last asked. Immutable.
 *
 * @param list at least one; of the preferred family first
 * @param validUntilNanos by the system's clock; asked again after that
 */
record Addresses(List<InetAddress> list, long validUntilNanos) {
  /** An address literal: never asked again. */
  static Addresses literal(InetAddress address) {
    return new Addresses(List.of(address), Long.MAX_VALUE);
  }
}
