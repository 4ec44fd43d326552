package tollgate.transport.server;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Headers of the PROXY protocol's version 2, byte by byte. No state. */
final class ProxyHeaders {
  private static final HexFormat HEX = HexFormat.of();
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  private ProxyHeaders() {}

  static byte[] version2(int versionAndCommand, int family, String restInHex) {
    return HEX.parseHex(
        SIGNATURE
            + HEX.toHexDigits((byte) versionAndCommand)
            + HEX.toHexDigits((byte) family)
            + HEX.toHexDigits((short) (restInHex.length() / 2))
            + restInHex);
  }

  /** From this address, to 198.51.100.1:443. */
  static byte[] ipv4(String source, int port) {
    return version2(0x21, 0x11, address(source) + "c6336401" + port(port) + port(443));
  }

  /** From this address, to 2001:db8::ffff, port 443. */
  static byte[] ipv6(String source, int port) {
    return version2(
        0x21, 0x21, address(source) + address("2001:db8::ffff") + port(port) + port(443));
  }

  /** With the addition PP2_TYPE_CRC32C. */
  static byte[] withChecksum(String source, int port) {
    String addresses = address(source) + "c6336401" + port(port) + port(443);
    byte[] header = version2(0x21, 0x11, addresses + "030004" + "00000000");
    CRC32C checksum = new CRC32C();
    checksum.update(header);
    byte[] value = HEX.parseHex(HEX.toHexDigits((int) checksum.getValue()));
    System.arraycopy(value, 0, header, header.length - value.length, value.length);
    return Arrays.copyOf(header, header.length);
  }

  private static String address(String literal) {
    return HEX.formatHex(InetAddress.ofLiteral(literal).getAddress());
  }

  private static String port(int port) {
    return HEX.toHexDigits((short) port);
  }
}
