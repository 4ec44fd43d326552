package tollgate.transport.server;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What stands at the front of a connection that a proxy has opened for somebody else: a header of
 * the PROXY protocol (HAProxy's proxy-protocol.txt, versions 1 and 2), read strictly. Immutable.
 */
sealed interface ProxyHeader {
  /** What came so far is the beginning of one. */
  enum Unfinished implements ProxyHeader {
    UNFINISHED
  }

  /**
   * There is none, or none that is understood.
   *
   * @param why for the log; holds nothing of what came
   */
  record Broken(String why) implements ProxyHeader {}

  /**
   * A whole one.
   *
   * @param source whom the connection is for; null where the proxy speaks for itself or for
   *     somebody without an internet address
   * @param length in bytes; what follows is the connection's own
   */
  record Whole(@Nullable InetSocketAddress source, int length) implements ProxyHeader {}

  /**
   * Reads from the buffer's reader index, which stays where it is. Whatever comes, this is decided
   * within the first 4 KiB.
   */
  static ProxyHeader read(ByteBuf in) {
    if (!in.isReadable()) {
      return Unfinished.UNFINISHED;
    }
    return switch (in.getByte(in.readerIndex())) {
      case ProxyHeaderV1.FIRST_BYTE -> ProxyHeaderV1.read(in);
      case ProxyHeaderV2.FIRST_BYTE -> ProxyHeaderV2.read(in);
      default -> new Broken("no PROXY header");
    };
  }

  /** Whether what is there of the first {@code expected.length} bytes is as expected. */
  static boolean beginsLike(ByteBuf in, byte[] expected) {
    int length = Math.min(in.readableBytes(), expected.length);
    for (int i = 0; i < length; i++) {
      if (in.getByte(in.readerIndex() + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
