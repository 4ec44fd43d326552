package tollgate.transport.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Version 2, binary (proxy-protocol.txt section 2.2): signature, version and command, family,
 * length, addresses, then additions of type, length and value. Of the additions only their shape is
 * read, and the checksum verified. No state.
 */
final class ProxyHeaderV2 {
  static final byte FIRST_BYTE = '\r';

  private static final byte[] SIGNATURE = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };
  private static final int FIXED_BYTES = 16;

  /** The protocol would allow 64 KiB; balancers send less than a few hundred bytes. */
  private static final int MAX_BYTES = 4096;

  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  private static final int TYPE_CRC32C = 0x03;
  private static final int CRC32C_BYTES = 4;

  /** Section 2.2.6: an addition with additions of its own inside, behind five bytes. */
  private static final int TYPE_SSL = 0x20;

  private static final int SSL_FIXED_BYTES = 5;

  private ProxyHeaderV2() {}

  static ProxyHeader read(ByteBuf in) {
    if (!ProxyHeader.beginsLike(in, SIGNATURE)) {
      return new ProxyHeader.Broken("no PROXY header");
    }
    int from = in.readerIndex();
    int available = in.readableBytes();
    int command = available > SIGNATURE.length ? in.getUnsignedByte(from + SIGNATURE.length) : -1;
    if (command >= 0 && command != LOCAL && command != PROXY) {
      return new ProxyHeader.Broken("a version or command that is not known");
    }
    if (available < FIXED_BYTES) {
      return ProxyHeader.Unfinished.UNFINISHED;
    }
    int length = FIXED_BYTES + in.getUnsignedShort(from + FIXED_BYTES - 2);
    if (length > MAX_BYTES) {
      return new ProxyHeader.Broken("a header of more than 4096 bytes");
    }
    if (available < length) {
      return ProxyHeader.Unfinished.UNFINISHED;
    }
    // Section 2.2: LOCAL stands for the proxy itself, and the rest is to be skipped.
    return command == LOCAL
        ? new ProxyHeader.Whole(null, length)
        : proxied(in.slice(from, length), in.getUnsignedByte(from + FIXED_BYTES - 3));
  }

  /**
   * @param header exactly the header
   */
  private static ProxyHeader proxied(ByteBuf header, int family) {
    int addressBytes =
        switch (family) {
          case 0x00 -> 0; // unspecified: nothing is known of what follows
          case 0x11, 0x12 -> 2 * (IPV4_BYTES + 2); // the second kind speaks QUIC to the proxy
          case 0x21, 0x22 -> 2 * (IPV6_BYTES + 2);
          case 0x31, 0x32 -> 2 * 108; // two paths of Unix sockets
          default -> -1;
        };
    int length = header.readableBytes();
    if (addressBytes < 0 || length < FIXED_BYTES + addressBytes) {
      return new ProxyHeader.Broken("a family that is not known, or addresses cut short");
    }
    if (family == 0) {
      return new ProxyHeader.Whole(null, length);
    }
    String problem = additionsProblem(header, FIXED_BYTES + addressBytes, length, false);
    if (problem != null) {
      return new ProxyHeader.Broken(problem);
    }
    return new ProxyHeader.Whole(source(header, family), length);
  }

  private static @Nullable InetSocketAddress source(ByteBuf header, int family) {
    int bytes =
        switch (family >> 4) {
          case 1 -> IPV4_BYTES;
          case 2 -> IPV6_BYTES;
          default -> 0;
        };
    if (bytes == 0) {
      return null;
    }
    byte[] address = ByteBufUtil.getBytes(header, FIXED_BYTES, bytes);
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(address), header.getUnsignedShort(FIXED_BYTES + 2 * bytes));
    } catch (UnknownHostException e) {
      throw new AssertionError("only thrown for other lengths than 4 and 16", e);
    }
  }

  /**
   * What is wrong with the additions from {@code at} to {@code end}; null if nothing is. One level
   * of nesting is what the protocol knows; more is an attack on the stack (CVE-2022-41881).
   */
  private static @Nullable String additionsProblem(
      ByteBuf header, int at, int end, boolean isNested) {
    int next = at;
    while (next < end) {
      if (end - next < 3) {
        return "an addition cut short";
      }
      int type = header.getUnsignedByte(next);
      int value = next + 3;
      next = value + header.getUnsignedShort(next + 1);
      if (next > end) {
        return "an addition that is longer than the header";
      }
      String problem =
          switch (type) {
            case TYPE_SSL -> sslProblem(header, value, next, isNested);
            case TYPE_CRC32C -> checksumProblem(header, value, next, isNested);
            default -> null;
          };
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static @Nullable String sslProblem(ByteBuf header, int at, int end, boolean isNested) {
    if (isNested) {
      return "additions nested in nested ones";
    }
    return end - at < SSL_FIXED_BYTES
        ? "an addition cut short"
        : additionsProblem(header, at + SSL_FIXED_BYTES, end, true);
  }

  /** Section 2.2.3: of the whole header, with zeros in its own place. */
  private static @Nullable String checksumProblem(
      ByteBuf header, int at, int end, boolean isNested) {
    if (isNested || end - at != CRC32C_BYTES) {
      return "a checksum that is none";
    }
    byte[] bytes = ByteBufUtil.getBytes(header);
    for (int i = at; i < end; i++) {
      bytes[i] = 0;
    }
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, bytes.length);
    return checksum.getValue() == header.getUnsignedInt(at) ? null : "a wrong checksum";
  }
}
