package tollgate.transport.server;

import java.net.InetAddress;

/**
 * What stands for one client where clients are counted: an IPv4 address, or the first 64 bits of an
 * IPv6 address, which is the least that a site is given (RFC 6177) and can choose freely within. No
 * state.
 */
final class ClientKey {
  private static final int NETWORK_BYTES = 8;
  private static final int MAPPED_BYTES = 12;

  private ClientKey() {}

  /** IPv4 addresses share the keys of {@code ::/32}, where no client is. */
  static long of(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return number(bytes, 0, 4);
    }
    return isMapped(bytes) ? number(bytes, MAPPED_BYTES, 16) : number(bytes, 0, NETWORK_BYTES);
  }

  /** RFC 4291 section 2.5.5.2: {@code ::ffff:0:0/96}; which is how some stacks show IPv4 peers. */
  private static boolean isMapped(byte[] bytes) {
    for (int i = 0; i < MAPPED_BYTES; i++) {
      if (bytes[i] != (byte) (i < MAPPED_BYTES - 2 ? 0 : 0xff)) {
        return false;
      }
    }
    return true;
  }

  private static long number(byte[] bytes, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = (number << 8) | (bytes[i] & 0xff);
    }
    return number;
  }
}
