package tollgate.transport.server;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The client connections of one event loop. Event loop only. */
final class LoopConnections {
  private @Nullable AcceptedConnection first;

  void add(AcceptedConnection connection) {
    AcceptedConnection second = first;
    connection.next = second;
    if (second != null) {
      second.previous = connection;
    }
    first = connection;
  }

  void remove(AcceptedConnection connection) {
    AcceptedConnection before = connection.previous;
    AcceptedConnection after = connection.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    connection.next = null;
    connection.previous = null;
  }

  /**
   * @param action may remove the connection it is given, and no other
   */
  void forEach(Consumer<AcceptedConnection> action) {
    AcceptedConnection connection = first;
    while (connection != null) {
      AcceptedConnection following = connection.next;
      action.accept(connection);
      connection = following;
    }
  }
}
