package tollgate.it.harness;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * An HTTP/1.1 origin that keeps nothing of what it receives, for tests with many requests. A GET of
 * {@code /pour} is answered without end, a request with a body is read until it ends, any other is
 * answered at once. One virtual thread per connection.
 */
public final class ForgetfulOrigin implements AutoCloseable {
  private static final byte[] OK = Bytes.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  private static final byte[] POUR =
      Bytes.of("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
  private static final byte[] BLOCK = new byte[64 * 1024];

  private final ServerSocket server;

  private ForgetfulOrigin(ServerSocket server) {
    this.server = server;
    Thread.ofVirtual().name("origin-accept").start(this::accept);
  }

  public static ForgetfulOrigin start() throws IOException {
    return new ForgetfulOrigin(new ServerSocket(0, 4096, InetAddress.getLoopbackAddress()));
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
        // closed, or a client that was gone before it was accepted
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 1024);
      OutputStream out = socket.getOutputStream();
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        if (head.contains("/pour ")) {
          out.write(POUR);
          while (true) {
            out.write(BLOCK);
          }
        }
        if (head.startsWith("POST ")) {
          in.transferTo(OutputStream.nullOutputStream());
          return;
        }
        out.write(OK);
      }
    } catch (IOException _) {
      // the peer has gone
    }
  }

  /** Empty at the end of the connection. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      head.append((char) b);
    }
    return head.toString();
  }
}
