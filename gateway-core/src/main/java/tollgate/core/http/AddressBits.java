package tollgate.core.http;

import java.util.Arrays;

/** Arithmetic on the 4 or 16 bytes of an address. Any thread. */
final class AddressBits {
  private static final int MAPPED_PREFIX_BYTES = 12;

  private AddressBits() {}

  /** The IPv4 address that {@code ::ffff:0:0/96} holds (RFC 4291 section 2.5.5.2), or the same. */
  static byte[] unmapped(byte[] address) {
    if (address.length == 4) {
      return address;
    }
    for (int i = 0; i < MAPPED_PREFIX_BYTES; i++) {
      if (address[i] != (byte) (i < MAPPED_PREFIX_BYTES - 2 ? 0 : 0xff)) {
        return address;
      }
    }
    return Arrays.copyOfRange(address, MAPPED_PREFIX_BYTES, address.length);
  }

  /** A copy with the bits behind the first {@code bits} cleared. */
  static byte[] masked(byte[] address, int bits) {
    byte[] masked = new byte[address.length];
    System.arraycopy(address, 0, masked, 0, bits >> 3);
    if ((bits & 7) != 0) {
      masked[bits >> 3] = (byte) (address[bits >> 3] & (0xff00 >> (bits & 7)));
    }
    return masked;
  }

  /** Whether the first {@code bits} of two addresses of one length are the same. */
  static boolean haveCommonPrefix(byte[] one, byte[] other, int bits) {
    int whole = bits >> 3;
    for (int i = 0; i < whole; i++) {
      if (one[i] != other[i]) {
        return false;
      }
    }
    return (bits & 7) == 0 || ((one[whole] ^ other[whole]) & (0xff00 >> (bits & 7)) & 0xff) == 0;
  }
}
