package tollgate.dist.warmup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/**
 * Sends requests over some connections at once and waits for their answers, round after round.
 * Blocks; one thread.
 */
final class WarmUpClient implements AutoCloseable {
  private static final int CONNECTIONS = 16;
  private static final int PATIENCE_MILLIS = 1_000;

  /** After so many nothing more is gained by going on. */
  private static final int MOST_REQUESTS = 60_000;

  private static final byte[] HEAD_END = "\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(US_ASCII);
  private static final byte[] CLOSE = "\r\nconnection: close".getBytes(US_ASCII);
  private static final byte[] NO_CONTENT = "http/1.1 204".getBytes(US_ASCII);
  private static final byte[] NOT_MODIFIED = "http/1.1 304".getBytes(US_ASCII);

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
   * Goes on until the time is over, or the gateway answers no faster than it did: its code is
   * compiled then.
   *
   * @return how many requests were answered
   */
  static int driveBlocking(int port, List<byte[]> requests, Duration most) throws IOException {
    long startNanos = System.nanoTime();
    int answered = 0;
    Speed speed = new Speed(startNanos);
    try (WarmUpClient client = new WarmUpClient(port)) {
      long now = startNanos;
      while (answered < MOST_REQUESTS
          && now - startNanos < most.toNanos()
          && !speed.isSettled(now, answered)) {
        client.round(requests, answered);
        answered += CONNECTIONS;
        now = System.nanoTime();
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
      int end = indexOf(HEAD_END, have);
      if (end >= 0) {
        int length = isHeadOnly ? 0 : length(end);
        if (length < 0 || indexOf(CLOSE, end) >= 0) {
          return false;
        }
        if (have >= end + HEAD_END.length + length) {
          return true;
        }
      }
    }
    return false;
  }

  /** -1 for an answer without a length. */
  private int length(int headEnd) {
    int at = indexOf(LENGTH, headEnd);
    if (at < 0) {
      return indexOf(NO_CONTENT, headEnd) == 0 || indexOf(NOT_MODIFIED, headEnd) == 0 ? 0 : -1;
    }
    int length = 0;
    for (int i = at + LENGTH.length; i < headEnd && bytes[i] != '\r'; i++) {
      if (bytes[i] != ' ') {
        length = 10 * length + (bytes[i] - '0');
      }
    }
    return length;
  }

  /** Where a word in small letters begins in what was read up to {@code to}; -1 if nowhere. */
  private int indexOf(byte[] word, int to) {
    for (int at = 0; at + word.length <= to; at++) {
      int i = 0;
      while (i < word.length && small(bytes[at + i]) == word[i]) {
        i++;
      }
      if (i == word.length) {
        return at;
      }
    }
    return -1;
  }

  private static int small(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
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
