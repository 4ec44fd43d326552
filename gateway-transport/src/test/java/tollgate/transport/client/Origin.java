package tollgate.transport.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A backend on a real socket: answers each GET with the number of its connection. With {@link
 * #hold} it answers only as often as it is allowed to.
 */
final class Origin implements AutoCloseable {
  private final ServerSocket socket;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  final AtomicInteger requests = new AtomicInteger();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger mostOpen = new AtomicInteger();
  private final Object closing = new Object();
  private int openNow;
  private int expected = Integer.MAX_VALUE;
  volatile String extraFields = "";
  private volatile @Nullable Semaphore answers;

  private Origin(ServerSocket socket) {
    this.socket = socket;
  }

  static Origin start() {
    return start("127.0.0.1");
  }

  static Origin start(String address) {
    try {
      return start(new ServerSocket(0, 50, InetAddress.getByName(address)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Origin start(ServerSocket socket) {
    var origin = new Origin(socket);
    Thread.ofVirtual().start(origin::accept);
    return origin;
  }

  int port() {
    return socket.getLocalPort();
  }

  /** No answer without {@link #allow} from now on. */
  void hold() {
    answers = new Semaphore(0);
  }

  void allow(int count) {
    Semaphore held = answers;
    if (held != null) {
      held.release(count);
    }
  }

  /**
   * Counts a connection too many only if those before it stay open: an end that was sent before a
   * connection was opened may be seen after it, for nothing orders two sockets.
   */
  void expectAtMost(int connections) {
    synchronized (closing) {
      expected = connections;
    }
  }

  int openNow() {
    synchronized (closing) {
      return openNow;
    }
  }

  /** Closes all connections from this side. */
  void hangUp() {
    for (Socket connection : connections) {
      closeQuietly(connection);
    }
  }

  @Override
  public void close() {
    closeQuietly(socket);
    hangUp();
    allow(1_000_000);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connections.add(connection);
        int number = opened.incrementAndGet();
        countOpened();
        Thread.ofVirtual().start(() -> serve(connection, number));
      } catch (IOException _) {
        // a failed handshake comes here too: the next one
      }
    }
  }

  private void countOpened() {
    synchronized (closing) {
      long end = System.nanoTime() + 5_000_000_000L;
      while (openNow >= expected && end - System.nanoTime() > 0) {
        try {
          closing.wait(100);
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          break;
        }
      }
      openNow++;
      mostOpen.accumulateAndGet(openNow, Math::max);
    }
  }

  private void countClosed() {
    synchronized (closing) {
      openNow--;
      closing.notifyAll();
    }
  }

  private void serve(Socket connection, int number) {
    try (connection) {
      InputStream in = connection.getInputStream();
      while (readHead(in)) {
        requests.incrementAndGet();
        Semaphore held = answers;
        if (held != null) {
          held.acquire();
        }
        String body = Integer.toString(number);
        String answer =
            "HTTP/1.1 200 OK\r\nContent-Length: "
                + body.length()
                + "\r\n"
                + extraFields
                + "\r\n"
                + body;
        connection.getOutputStream().write(answer.getBytes(ISO_8859_1));
      }
    } catch (IOException _) {
      // the other side went away
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      countClosed();
    }
  }

  private static boolean readHead(InputStream in) throws IOException {
    int matched = 0;
    while (matched < 4) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
    }
    return true;
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception _) {
      // closed is closed
    }
  }
}
