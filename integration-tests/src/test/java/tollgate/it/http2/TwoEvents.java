package tollgate.it.http2;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import tollgate.it.harness.OriginConnection;
import tollgate.it.harness.RecordingOrigin;

/**
 * Server-sent events of an origin at {@code /events}: one, and a second when {@code /next} is asked
 * for. Any thread, but one client at a time.
 */
final class TwoEvents {
  private final AtomicReference<CountDownLatch> next = new AtomicReference<>(new CountDownLatch(1));

  private TwoEvents() {}

  static void on(RecordingOrigin origin) {
    TwoEvents events = new TwoEvents();
    origin
        .on("/events", (_, connection) -> events.give(connection))
        .on(
            "/next",
            (_, connection) -> {
              events.next.get().countDown();
              connection.ok("next");
            });
  }

  private void give(OriginConnection connection) throws IOException, InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    next.set(asked);
    connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
    connection.write("Transfer-Encoding: chunked\r\n\r\n");
    connection.write("b\r\ndata: one\n\n\r\n");
    asked.await();
    connection.write("b\r\ndata: two\n\n\r\n0\r\n\r\n");
  }
}
