package tollgate.core.http;

import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses in prefix notation (RFC 4632, RFC 4291 section 2.3). IPv4 addresses mapped
 * into IPv6 are IPv4 addresses here, on both sides of the comparison; {@code ::/0} holds no IPv4
 * address. Immutable.
 */
public final class Cidr {
  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;
  private static final int MAPPED_BITS = IPV6_BITS - IPV4_BITS;

  private final byte[] network;
  private final int prefixBits;

  private Cidr(byte[] network, int prefixBits) {
    this.network = network;
    this.prefixBits = prefixBits;
  }

  /**
   * @param text {@code address/bits}, or an address alone for that one; bits beyond the prefix are
   *     ignored
   * @return null if it is neither
   */
  public static @Nullable Cidr parse(String text) {
    int slash = text.indexOf('/');
    byte[] bytes = AddressLiteral.bytes(slash < 0 ? text : text.substring(0, slash));
    if (bytes == null) {
      return null;
    }
    int bits = slash < 0 ? bytes.length * Byte.SIZE : bits(text, slash + 1);
    if (bits < 0 || bits > bytes.length * Byte.SIZE) {
      return null;
    }
    byte[] unmapped = AddressBits.unmapped(bytes);
    if (unmapped.length == bytes.length) {
      return new Cidr(AddressBits.masked(bytes, bits), bits);
    }
    return bits >= MAPPED_BITS
        ? new Cidr(AddressBits.masked(unmapped, bits - MAPPED_BITS), bits - MAPPED_BITS)
        : new Cidr(AddressBits.masked(bytes, bits), bits);
  }

  public boolean contains(InetAddress address) {
    return contains(AddressBits.unmapped(address.getAddress()));
  }

  /**
   * @param address 4 or 16 bytes, not an IPv4 one mapped into IPv6
   */
  boolean contains(byte[] address) {
    return address.length == network.length
        && AddressBits.haveCommonPrefix(network, address, prefixBits);
  }

  /** Whether every address of {@code other} is in this range. */
  boolean covers(Cidr other) {
    return prefixBits <= other.prefixBits && contains(other.network);
  }

  /** The lowest address, 4 or 16 bytes. */
  byte[] network() {
    return network;
  }

  private static int bits(String text, int from) {
    int length = text.length() - from;
    if (length < 1 || length > 3 || (length > 1 && text.charAt(from) == '0')) {
      return -1;
    }
    int bits = 0;
    for (int i = from; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      bits = bits * 10 + digit;
    }
    return bits;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cidr cidr
        && prefixBits == cidr.prefixBits
        && Arrays.equals(network, cidr.network);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(network) + prefixBits;
  }

  @Override
  public String toString() {
    return AddressLiteral.address(network).getHostAddress() + "/" + prefixBits;
  }
}
