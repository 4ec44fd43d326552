package tollgate.transport.server;

import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.ClientConnection;

/** What exchanges see of an accepted connection. Immutable. */
record PeerConnection(
    String listener,
    InetSocketAddress peer,
    String peerText,
    InetSocketAddress local,
    @Nullable TlsFacts tls)
    implements ClientConnection {
  private static final InetSocketAddress UNIX =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  static PeerConnection of(String listener, Channel channel, @Nullable TlsFacts tls) {
    InetSocketAddress peer = internet(channel.remoteAddress());
    return new PeerConnection(
        listener,
        peer,
        NetUtil.toAddressString(peer.getAddress()),
        internet(channel.localAddress()),
        tls);
  }

  /** A Unix socket has no address, nor has one that closed in the meantime. */
  private static InetSocketAddress internet(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet : UNIX;
  }
}
