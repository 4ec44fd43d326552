package tollgate.analytics.metrics;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import tollgate.core.telemetry.CloseReason;
import tollgate.core.telemetry.ConnectionProtocol;
import tollgate.core.telemetry.HandshakeResult;

/** One loop's cells of one listener. Event loop only. */
final class ListenerMeters {
  private record Handshake(HandshakeResult result, String version) {}

  private record Closing(ConnectionProtocol protocol, CloseReason reason) {}

  private final Families families;
  private final int loop;
  private final int index;
  private final String name;
  private final CounterCell inFlight;
  private final Map<ConnectionProtocol, CounterCell> connections =
      new EnumMap<>(ConnectionProtocol.class);
  private final Map<Closing, CounterCell> closed = new HashMap<>();
  private final Map<Handshake, CounterCell> handshakes = new HashMap<>();

  ListenerMeters(Families families, int loop, int index, String name) {
    this.families = families;
    this.loop = loop;
    this.index = index;
    this.name = name;
    this.inFlight = Families.lasting(families.inFlight, loop, name);
  }

  /** 0 and up, this loop's own count. */
  int index() {
    return index;
  }

  String name() {
    return name;
  }

  void started() {
    inFlight.add(1);
  }

  void ended() {
    inFlight.add(-1);
  }

  void opened(ConnectionProtocol protocol) {
    connections(protocol).add(1);
  }

  void agreed(ConnectionProtocol from, ConnectionProtocol protocol) {
    connections(from).add(-1);
    connections(protocol).add(1);
  }

  void closed(ConnectionProtocol protocol, CloseReason reason) {
    connections(protocol).add(-1);
    Closing key = new Closing(protocol, reason);
    CounterCell cell = closed.get(key);
    if (cell == null) {
      cell =
          Families.lasting(families.connectionsClosed, loop, name, protocol.word(), reason.word());
      closed.put(key, cell);
    }
    cell.add(1);
  }

  void handshake(HandshakeResult result, String version) {
    Handshake key = new Handshake(result, version);
    CounterCell cell = handshakes.get(key);
    if (cell == null) {
      cell = Families.lasting(families.handshakes, loop, name, result.word(), version);
      handshakes.put(key, cell);
    }
    cell.add(1);
  }

  private CounterCell connections(ConnectionProtocol protocol) {
    CounterCell cell = connections.get(protocol);
    if (cell == null) {
      cell = Families.lasting(families.connections, loop, name, protocol.word());
      connections.put(protocol, cell);
    }
    return cell;
  }
}
