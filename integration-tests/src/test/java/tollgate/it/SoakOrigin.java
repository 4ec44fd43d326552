package tollgate.it;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.LeanOrigin;

/** What the origin of {@link SoakIT} does, by path. Any thread. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class SoakOrigin {
  static final byte[] CONTENT = Bytes.random(200_000);
  private static final String EVENTS =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

  private static final String TWICE =
      "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nonce"
          + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ntwice";

  private SoakOrigin() {}

  static void answer(LeanOrigin.Request request, Socket socket) throws IOException {
    switch (request.path()) {
      case "/part" -> LeanOrigin.ok(socket, "", CONTENT);
      case "/reset" -> {
        socket.setSoLinger(true, 0);
        socket.close();
      }
      case "/close" -> socket.close();
      case "/half" -> {
        write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
        socket.close();
      }
      case "/broken" ->
          write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx");
      case "/hints" -> {
        write(socket, "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n");
        LeanOrigin.ok(socket, "", Bytes.of("hinted"));
      }
      // In one piece: what comes after the connection was taken for the next request, nobody can
      // tell from the answer to that one.
      case "/twice" -> write(socket, TWICE);
      case "/silent" -> {} // until the gateway has had enough
      case "/stops" -> write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
      case "/events" -> {
        write(socket, EVENTS);
        for (int i = 0; i < 10; i++) {
          write(socket, "8\r\ndata: x\n\r\n");
          LockSupport.parkNanos(20_000_000);
        }
        write(socket, "0\r\n\r\n");
      }
      default ->
          LeanOrigin.ok(socket, "", request.body().length == 0 ? Bytes.of("ok") : request.body());
    }
  }

  private static void write(Socket socket, String latin1) throws IOException {
    socket.getOutputStream().write(Bytes.of(latin1));
  }
}
