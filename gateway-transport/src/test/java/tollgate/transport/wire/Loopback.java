package tollgate.transport.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.ClientConnection;

/** A plain connection from this machine. Immutable. */
public final class Loopback implements ClientConnection {
  public Loopback() {}

  private final InetSocketAddress address =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

  @Override
  public String listener() {
    return "test";
  }

  @Override
  public InetSocketAddress peer() {
    return address;
  }

  @Override
  public InetSocketAddress local() {
    return address;
  }

  @Override
  public String peerText() {
    return "127.0.0.1";
  }

  @Override
  public @Nullable TlsFacts tls() {
    return null;
  }
}
