package tollgate.it.http2;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import tollgate.it.harness.Bytes;

/**
 * An origin that counts how much it is made to work on at once. What is asked below {@code /held}
 * is not answered, and ends when the gateway gives it up; what is asked below {@code /large} is
 * answered at length, and all else briefly. Reads no bodies. Any thread.
 */
final class HeldOrigin implements AutoCloseable {
  private final ServerSocket server;
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger count = new AtomicInteger();
  private final byte[] large;

  private HeldOrigin(int largeLength) throws IOException {
    this.large = Bytes.random(largeLength);
    this.server = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("held-origin").start(this::accept);
  }

  /**
   * @param largeLength of what {@code /large} answers
   */
  static HeldOrigin start(int largeLength) throws IOException {
    return new HeldOrigin(largeLength);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Requests that are held. */
  int atOnce() {
    return atOnce.get();
  }

  /** The most that were held at any time since {@link #forget}. */
  int most() {
    return most.get();
  }

  /** How many came to be held since {@link #forget}. */
  int count() {
    return count.get();
  }

  void forget() {
    most.set(atOnce.get());
    count.set(0);
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

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (String path = path(in); !path.isEmpty(); path = path(in)) {
        if (path.startsWith("/held")) {
          hold(in);
          return;
        }
        byte[] body = path.startsWith("/large") ? large : Bytes.of("ok");
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n";
        socket.getOutputStream().write(Frame.joined(Bytes.of(head), body));
      }
    } catch (IOException _) {
      // the gateway has gone
    }
  }

  private void hold(InputStream in) throws IOException {
    count.incrementAndGet();
    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try {
      while (in.read() >= 0) {
        // up to its end
      }
    } finally {
      atOnce.decrementAndGet();
    }
  }

  /** Of the next request, whose head is read; empty at the end. */
  private static String path(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!isEnded(head)) {
      int octet = in.read();
      if (octet < 0) {
        return "";
      }
      head.append((char) octet);
    }
    return head.substring(head.indexOf(" ") + 1, head.indexOf(" HTTP/"));
  }

  private static boolean isEnded(StringBuilder head) {
    int length = head.length();
    return length >= 4 && head.indexOf("\r\n\r\n", length - 4) >= 0;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
