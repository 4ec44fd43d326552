package tollgate.dist.warmup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Sends requests over some connections at once and waits for their answers, round after round.
 * Blocks; one thread.
 */
final class WarmUpClient implements AutoCloseable {
  private static final int CONNECTIONS = 16;
  private static final int PATIENCE_MILLIS = 1_000;

  /** After so many nothing more is gained by going on. */
  private static final int MOST_REQUESTS = 60_000;

  private final int port;
  private final Socket[] sockets = new Socket[CONNECTIONS];
  private final boolean[] isHead = new boolean[CONNECTIONS];
  private final byte[] bytes = new byte[16 * 1024];

  private WarmUpClient(int port) throws IOException {
    this.port = port;
    for (int i = 0; i < CONNECTIONS; i++) {
      sockets[i] = connected();
    }
  }

  /**
   * Goes on until the time is over.
   *
   * @return how many requests were answered
   */
  static int driveBlocking(int port, List<byte[]> requests, Duration most) throws IOException {
    long startNanos = System.nanoTime();
    int answered = 0;
    try (WarmUpClient client = new WarmUpClient(port)) {
      while (answered < MOST_REQUESTS && System.nanoTime() - startNanos < most.toNanos()) {
        client.round(requests, answered);
        answered += CONNECTIONS;
      }
    }
    return answered;
  }

  private Socket connected() throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
    return socket;
  }

  private void round(List<byte[]> requests, int first) throws IOException {
    for (int i = 0; i < CONNECTIONS; i++) {
      byte[] request = requests.get((first + i) % requests.size());
      isHead[i] = request[0] == 'H' && request[1] == 'E';
      sockets[i].getOutputStream().write(request);
    }
    for (int i = 0; i < CONNECTIONS; i++) {
      if (!readAnswer(sockets[i], isHead[i])) {
        sockets[i].close();
        sockets[i] = connected();
      }
    }
  }

  /** Whether the connection serves another request: the answer had a length, and it was read. */
  private boolean readAnswer(Socket socket, boolean isHeadOnly) throws IOException {
    int have = 0;
    while (have < bytes.length) {
      int read = socket.getInputStream().read(bytes, have, bytes.length - have);
      if (read < 0) {
        return false;
      }
      have += read;
      String text = new String(bytes, 0, have, ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        String head = text.substring(0, end).toLowerCase(Locale.ROOT);
        int length = isHeadOnly ? 0 : length(head);
        if (length < 0 || head.contains("\r\nconnection: close")) {
          return false;
        }
        if (have >= end + 4 + length) {
          return true;
        }
      }
    }
    return false;
  }

  /** -1 for an answer without a length. */
  private static int length(String head) {
    String name = "\r\ncontent-length:";
    int at = head.indexOf(name);
    if (at < 0) {
      return head.startsWith("http/1.1 204") || head.startsWith("http/1.1 304") ? 0 : -1;
    }
    int from = at + name.length();
    int end = head.indexOf('\r', from);
    return Integer.parseInt(head.substring(from, end < 0 ? head.length() : end).strip());
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      if (socket != null) {
        socket.close();
      }
    }
  }
}
