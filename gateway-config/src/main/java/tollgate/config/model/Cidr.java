package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A block of addresses. Immutable.
 *
 * @param network the first address of the block
 * @param prefix bits that are fixed: 0 to 32, or 0 to 128 for IPv6
 */
public record Cidr(InetAddress network, int prefix) {
  private static final String EXPECTED = " (expected e.g. 10.0.0.0/8 or 2001:db8::/32)";

  public Cidr {
    requireNonNull(network, "network");
    if (prefix < 0 || prefix > network.getAddress().length * 8) {
      throw new IllegalArgumentException("prefix: " + prefix + EXPECTED);
    }
    if (!masked(network, prefix).equals(network)) {
      throw new IllegalArgumentException(
          network.getHostAddress() + "/" + prefix + " has bits set behind its prefix");
    }
  }

  /**
   * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address. Never asks DNS.
   *
   * @throws IllegalArgumentException when the text is anything else, or has bits set behind the
   *     prefix
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
    int bits = address.getAddress().length * 8;
    int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits);
    InetAddress network = masked(address, prefix);
    if (!network.equals(address)) {
      throw new IllegalArgumentException(
          "has bits set behind its prefix (expected: "
              + network.getHostAddress()
              + "/"
              + prefix
              + ")");
    }
    return new Cidr(network, prefix);
  }

  /**
   * Whether the block holds an address; an IPv4 block holds no IPv6 address and the other way
   * round.
   */
  public boolean contains(InetAddress address) {
    return address.getAddress().length == network.getAddress().length
        && masked(address, prefix).equals(network);
  }

  private static InetAddress address(String text) {
    boolean literal =
        text.indexOf(':') >= 0
            ? text.matches("[0-9A-Fa-f:.]+")
            : text.matches("\\d{1,3}(?:\\.\\d{1,3}){3}");
    if (!literal) {
      throw new IllegalArgumentException("is not an address block" + EXPECTED);
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is not an address block" + EXPECTED, e);
    }
  }

  private static int prefix(String text, int bits) {
    if (!text.matches("\\d{1,3}") || Integer.parseInt(text) > bits) {
      throw new IllegalArgumentException(
          "has a prefix out of range (expected: /0 to /" + bits + ")");
    }
    return Integer.parseInt(text);
  }

  private static InetAddress masked(InetAddress address, int prefix) {
    byte[] bytes = address.getAddress();
    for (int i = 0; i < bytes.length; i++) {
      int keep = Math.clamp(prefix - i * 8L, 0, 8);
      bytes[i] &= (byte) (0xFF << (8 - keep));
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four or sixteen bytes are an address", e);
    }
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefix;
  }
}
