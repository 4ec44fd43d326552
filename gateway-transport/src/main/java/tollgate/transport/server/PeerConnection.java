package tollgate.transport.server;

import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.ClientConnection;

/**
 * What exchanges see of an accepted connection. Immutable.
 *
 * @param tcpPeer the same as {@code peer} where no PROXY header named another
 */
record PeerConnection(
    String listener,
    InetSocketAddress peer,
    String peerText,
    InetSocketAddress tcpPeer,
    InetSocketAddress local,
    @Nullable TlsFacts tls)
    implements ClientConnection {
  private static final InetSocketAddress UNIX =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /**
   * @param source whom a PROXY header named; null for nobody
   */
  static PeerConnection of(
      String listener,
      Channel channel,
      InetSocketAddress tcpPeer,
      @Nullable InetSocketAddress source,
      @Nullable TlsFacts tls) {
    InetSocketAddress peer = source == null ? tcpPeer : source;
    return new PeerConnection(
        listener,
        peer,
        NetUtil.toAddressString(peer.getAddress()),
        tcpPeer,
        internet(channel.localAddress()),
        tls);
  }

  /** A Unix socket has no address, nor has one that closed in the meantime. */
  static InetSocketAddress internet(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet : UNIX;
  }
}
