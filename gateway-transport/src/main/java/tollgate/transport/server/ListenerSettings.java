package tollgate.transport.server;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.CidrSet;
import tollgate.transport.tls.TlsContexts;
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.HttpVersions;

/**
 * What a listener is made by. Immutable.
 *
 * @param name for log and metrics
 * @param address where to listen: a resolved address, its port 0 for any free one, or a Unix
 *     socket's path
 * @param tls null for plain text; stays the caller's to close
 * @param handshakeTimeout for all of a TLS handshake
 * @param proxyProtocol peers that begin every connection with a PROXY header; before TLS, within
 *     the time for a request's head
 * @param versions with TLS the same as its settings offer
 */
public record ListenerSettings(
    String name,
    SocketAddress address,
    HttpLimits limits,
    @Nullable TlsContexts tls,
    Duration handshakeTimeout,
    ConnectionLimits connections,
    CidrSet proxyProtocol,
    HttpVersions versions) {
  public static final Duration DEFAULT_HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  public ListenerSettings {
    requireNonNull(name, "name");
    requireNonNull(limits, "limits");
    requireNonNull(handshakeTimeout, "handshakeTimeout");
    requireNonNull(connections, "connections");
    requireNonNull(proxyProtocol, "proxyProtocol");
    requireNonNull(versions, "versions");
    switch (address) {
      case InetSocketAddress inet when inet.isUnresolved() ->
          throw new IllegalArgumentException("address: " + inet + " (expected: a known host)");
      case InetSocketAddress _, UnixDomainSocketAddress _ -> {}
      default ->
          throw new IllegalArgumentException(
              "address: " + address + " (expected: an internet address or a Unix socket)");
    }
  }

  /** Plain HTTP/1 without a limit on connections, from peers that say nothing before it. */
  public static ListenerSettings plain(String name, SocketAddress address, HttpLimits limits) {
    return new ListenerSettings(
        name,
        address,
        limits,
        null,
        DEFAULT_HANDSHAKE_TIMEOUT,
        ConnectionLimits.NONE,
        CidrSet.EMPTY,
        HttpVersions.HTTP1);
  }

  boolean isUnix() {
    return address instanceof UnixDomainSocketAddress;
  }
}
