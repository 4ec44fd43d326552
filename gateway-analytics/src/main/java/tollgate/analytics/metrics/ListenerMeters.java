package tollgate.analytics.metrics;

import java.util.HashMap;
import java.util.Map;

/** One loop's cells of one listener. Event loop only. */
final class ListenerMeters {
  private record Handshake(String result, String version) {}

  private final Families families;
  private final int loop;
  private final int index;
  private final String name;
  private final CounterCell inFlight;
  private final CounterCell connections;
  private final Map<String, CounterCell> closed = new HashMap<>();
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

  void closed(String reason) {
    connections.add(-1);
    CounterCell cell = closed.get(reason);
    if (cell == null) {
      cell = Families.lasting(families.connectionsClosed, loop, name, reason);
      closed.put(reason, cell);
    }
    cell.add(1);
  }

  void handshake(String result, String version) {
    Handshake key = new Handshake(result, version);
    CounterCell cell = handshakes.get(key);
    if (cell == null) {
      cell = Families.lasting(families.handshakes, loop, name, result, version);
      handshakes.put(key, cell);
    }
    cell.add(1);
  }
}
