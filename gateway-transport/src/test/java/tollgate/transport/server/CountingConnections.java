package tollgate.transport.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import tollgate.core.telemetry.CloseReason;
import tollgate.core.telemetry.ConnectionProtocol;
import tollgate.core.telemetry.ConnectionTelemetry;
import tollgate.core.telemetry.HandshakeResult;

/** Records what listeners tell. */
final class CountingConnections implements ConnectionTelemetry {
  final AtomicInteger opened = new AtomicInteger();
  final List<ConnectionProtocol> spoken = new CopyOnWriteArrayList<>();
  final List<CloseReason> closed = new CopyOnWriteArrayList<>();
  final List<String> handshakes = new CopyOnWriteArrayList<>();

  @Override
  public void opened(int loop, String listener, ConnectionProtocol protocol) {
    opened.incrementAndGet();
    spoken.add(protocol);
  }

  @Override
  public void agreed(
      int loop, String listener, ConnectionProtocol from, ConnectionProtocol protocol) {
    spoken.add(protocol);
  }

  @Override
  public void closed(int loop, String listener, ConnectionProtocol protocol, CloseReason reason) {
    closed.add(reason);
  }

  @Override
  public void handshake(int loop, String listener, HandshakeResult result, String version) {
    handshakes.add(result.word() + " " + version);
  }
}
