package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** What the server's windows allow us to send, from SETTINGS and WINDOW_UPDATE. One thread. */
final class GrantedWindows {
  private final Http2Client client;
  private final Map<Integer, Long> streams = new HashMap<>();
  private long connection;

  /** For a connection on which no DATA was sent. */
  GrantedWindows(Http2Client client) {
    this.client = client;
    this.connection = Http2Client.DEFAULT_WINDOW + client.connectionGrants();
    client.onWindowUpdate(frame -> {
      long increment = frame.intAt(0) & 0x7fff_ffffL;
      if (frame.stream() == 0) {
        connection += increment;
      } else {
        streams.merge(frame.stream(), increment, Long::sum);
      }
    });
  }

  /** Takes as much as there is, up to so much, and waits for it where there is nothing. */
  int await(int stream, int most) throws IOException {
    while (available(stream) <= 0) {
      assertThat(client.read()).as("windows are given back: %s", client).isNotNull();
    }
    int taken = (int) Math.min(most, available(stream));
    connection -= taken;
    streams.merge(stream, (long) -taken, Long::sum);
    return taken;
  }

  /** Takes so much, when there is so much. */
  void take(int stream, int count) throws IOException {
    while (available(stream) < count) {
      assertThat(client.read()).as("windows are given back: %s", client).isNotNull();
    }
    connection -= count;
    streams.merge(stream, (long) -count, Long::sum);
  }

  long connection() {
    return connection;
  }

  private long available(int stream) {
    long initial =
        client.serverSetting(Frame.INITIAL_WINDOW_SIZE, Http2Client.DEFAULT_WINDOW)
            + streams.getOrDefault(stream, 0L);
    return Math.min(connection, initial);
  }
}
