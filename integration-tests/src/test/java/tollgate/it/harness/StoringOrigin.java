package tollgate.it.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/**
 * An origin that answers GET with one large body, and PUT with the digest of what it got; slowly
 * where the path says so. It holds neither. One virtual thread per connection.
 */
public final class StoringOrigin implements AutoCloseable {
  /** Behind each piece of a slow transfer. */
  public static final long PAUSE_NANOS = 1_000_000;

  private final ServerSocket server;
  private volatile LargeBody body = LargeBody.ofMebibytes(0);

  private StoringOrigin(ServerSocket server) {
    this.server = server;
    Thread.ofVirtual().name("storing-origin").start(this::accept);
  }

  public static StoringOrigin start() throws IOException {
    return new StoringOrigin(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()));
  }

  /** What is answered to GET from now on. */
  public void store(LargeBody next) {
    body = next;
  }

  public int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      WireReader in = WireReader.forgetful(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        String line = in.readLine();
        List<String> lines = in.readLines();
        if (line.startsWith("PUT ")) {
          String length = String.valueOf(Headers.parse(lines).first("Content-Length"));
          long pause = line.contains("slowly") ? PAUSE_NANOS : 0;
          String digest = LargeBody.digestOf(in.stream(), Long.parseLong(length), pause);
          LeanOrigin.ok(socket, "", Bytes.of(digest));
        } else {
          out.write(Bytes.of("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n"));
          body.writeTo(out);
        }
      }
    } catch (IOException _) {
      // The test sees what did not come.
    }
  }
}
