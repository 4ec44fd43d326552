package tollgate.analytics.metrics;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import tollgate.core.telemetry.CloseReason;
import tollgate.core.telemetry.HandshakeResult;

/** One loop's cells of one listener. Event loop only. */
final class ListenerMeters {
  private record Handshake(HandshakeResult result, String version) {}

  private final Families families;
  private final int loop;
  private final int index;
  private final String name;
  private final CounterCell inFlight;
  private final CounterCell connections;
  private final Map<CloseReason, CounterCell> closed = new EnumMap<>(CloseReason.class);
  private final Map<Handshake, CounterCell> handshakes = new HashMap<>();

  ListenerMeters(Families families, int loop, int index, String name) {
    this.families = families;
    this.loop = loop;
    this.index = index;
    this.name = name;
    this.inFlight = Families.lasting(families.inFlight, loop, name);
    this.connections = Families.lasting(families.connections, loop, name);
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

  void opened() {
    connections.add(1);
  }

  void closed(CloseReason reason) {
    connections.add(-1);
    CounterCell cell = closed.get(reason);
    if (cell == null) {
      cell = Families.lasting(families.connectionsClosed, loop, name, reason.word());
      closed.put(reason, cell);
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
}
