package tollgate.core.exchange;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The connection a request came on. Immutable; any thread. */
public interface ClientConnection {
  /** The listener's name. */
  String listener();

  /**
   * Who is connected: a load balancer as often as the caller; where a PROXY header named somebody
   * else, that one. A connection over a Unix socket has the loopback address and port 0.
   */
  InetSocketAddress peer();

  /** Who is connected by TCP, whatever a PROXY header says. */
  default InetSocketAddress tcpPeer() {
    return peer();
  }

  /** Where it is connected to. */
  InetSocketAddress local();

  /** The address of {@link #peer}. */
  default InetAddress peerAddress() {
    return peer().getAddress();
  }

  /** The text of {@link #peerAddress}, made once per connection: no brackets, no zone. */
  String peerText();

  /** TLS facts, or null on a plain connection. */
  @Nullable TlsFacts tls();

  /**
   * What was agreed in the handshake.
   *
   * @param version e.g. {@code TLSv1.3}
   * @param serverName SNI, lower-cased; null if the client sent none
   * @param clientSubject whom the client's verified certificate names, as in {@code CN=shop,O=Acme}
   *     (RFC 2253); null if it showed none
   */
  record TlsFacts(
      String version, String cipher, @Nullable String serverName, @Nullable String clientSubject) {}
}
