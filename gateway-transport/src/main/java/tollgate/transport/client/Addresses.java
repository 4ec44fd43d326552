package tollgate.transport.client;

import java.net.InetAddress;
import java.util.List;

/** What a name stood for when it was last asked; compared by object. Immutable. */
final class Addresses {
  private final List<InetAddress> list;
  private final long validUntilNanos;

  /**
   * @param list at least one; of the preferred family first
   * @param validUntilNanos by the system's clock; to be asked again after that
   */
  Addresses(List<InetAddress> list, long validUntilNanos) {
    this.list = List.copyOf(list);
    this.validUntilNanos = validUntilNanos;
  }

  List<InetAddress> list() {
    return list;
  }

  long validUntilNanos() {
    return validUntilNanos;
  }

  @Override
  public String toString() {
    return list.toString();
  }
}
