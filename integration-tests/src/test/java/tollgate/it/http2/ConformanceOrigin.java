package tollgate.it.http2;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.OriginConnection;
import tollgate.it.harness.OriginRequest;
import tollgate.it.harness.RecordingOrigin;

/** What stands behind a server whose HTTP/2 is tried. Any thread. */
final class ConformanceOrigin implements AutoCloseable {
  private static final byte[] LARGE = Bytes.random(Probe.LARGE_LENGTH);

  private final RecordingOrigin origin;
  private final CountDownLatch closed = new CountDownLatch(1);

  private ConformanceOrigin(RecordingOrigin origin) {
    this.origin = origin;
    origin
        .on(Probe.LARGE, ConformanceOrigin::large)
        .on(Probe.UNREAD, (_, _) -> closed.await())
        .on("/cookie", (request, connection) -> give(connection, request, "cookie"))
        .on("/seen", (request, connection) -> give(connection, request, "x-seen"))
        .on("/agent", (request, connection) -> give(connection, request, "user-agent"));
  }

  static ConformanceOrigin start() throws IOException {
    return new ConformanceOrigin(RecordingOrigin.start());
  }

  int port() {
    return origin.port();
  }

  RecordingOrigin recording() {
    return origin;
  }

  /** Nothing came that had to be refused. */
  void assertUnseen() {
    List<OriginRequest> requests = origin.requests();
    Probe.expectUnseen(
        requests.stream().map(OriginRequest::path).toList(),
        requests.stream().filter(OriginRequest::isComplete).map(OriginRequest::path).toList());
  }

  private static void large(OriginRequest request, OriginConnection connection) throws IOException {
    if (request.method().equals("HEAD")) {
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE.length + "\r\n\r\n");
    } else {
      connection.reply("200 OK", "", LARGE);
    }
  }

  private static void give(OriginConnection connection, OriginRequest request, String name)
      throws IOException {
    connection.reply("200 OK", "", Bytes.of(String.join(" | ", request.headers().all(name))));
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    origin.close();
  }
}
