package tollgate.transport.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import tollgate.core.http.AddressLiteral;

/**
 * Version 1, one line of text: {@code PROXY TCP4 192.0.2.1 198.51.100.1 51234 443}, CR, LF
 * (proxy-protocol.txt section 2.1). No state.
 */
final class ProxyHeaderV1 {
  static final byte FIRST_BYTE = 'P';

  private static final byte[] PREFIX = "PROXY ".getBytes(US_ASCII);

  /** Section 2.1: with CRLF; the longest line there can be. */
  private static final int MAX_BYTES = 107;

  private static final String UNKNOWN = "UNKNOWN";
  private static final int MAX_PORT_DIGITS = 5;
  private static final int MAX_PORT = 65535;

  private ProxyHeaderV1() {}

  static ProxyHeader read(ByteBuf in) {
    if (!ProxyHeader.beginsLike(in, PREFIX)) {
      return new ProxyHeader.Broken("no PROXY header");
    }
    int from = in.readerIndex();
    int available = Math.min(in.readableBytes(), MAX_BYTES);
    for (int i = PREFIX.length; i < available; i++) {
      byte b = in.getByte(from + i);
      if (b == '\n' && in.getByte(from + i - 1) == '\r') {
        return line(in.toString(from, i - 1, US_ASCII), i + 1);
      }
      boolean isLineEnd = b == '\r' && (i + 1 == available || in.getByte(from + i + 1) == '\n');
      if ((b < ' ' || b == 0x7f) && !isLineEnd) {
        return new ProxyHeader.Broken("a line of version 1 with bytes that are no text");
      }
    }
    return available == MAX_BYTES
        ? new ProxyHeader.Broken("a line of version 1 without an end within 107 bytes")
        : ProxyHeader.Unfinished.UNFINISHED;
  }

  private static ProxyHeader line(String line, int length) {
    String said = line.substring(PREFIX.length);
    // Section 2.1: whatever else stands on the line is to be ignored.
    if (said.equals(UNKNOWN) || said.startsWith(UNKNOWN + " ")) {
      return new ProxyHeader.Whole(null, length);
    }
    String[] parts = said.split(" ", -1);
    if (parts.length != 5 || !(parts[0].equals("TCP4") || parts[0].equals("TCP6"))) {
      return new ProxyHeader.Broken("a line of version 1 with other than TCP4, TCP6 or UNKNOWN");
    }
    boolean isIpv6 = parts[0].equals("TCP6");
    InetAddress source = AddressLiteral.parse(parts[1]);
    InetAddress destination = AddressLiteral.parse(parts[2]);
    int port = port(parts[3]);
    if (source == null
        || destination == null
        || isIpv6 != (parts[1].indexOf(':') >= 0)
        || isIpv6 != (parts[2].indexOf(':') >= 0)
        || port < 0
        || port(parts[4]) < 0) {
      return new ProxyHeader.Broken("a line of version 1 with an address or port that is none");
    }
    return new ProxyHeader.Whole(new InetSocketAddress(source, port), length);
  }

  /** 0 to 65535, decimal without leading zeros; -1 for anything else. */
  private static int port(String text) {
    if (text.isEmpty()
        || text.length() > MAX_PORT_DIGITS
        || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    int port = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      port = port * 10 + digit;
    }
    return port <= MAX_PORT ? port : -1;
  }
}
