package tollgate.it.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One connection that an origin accepted. Written by the origin's thread; any thread may look at
 * it.
 */
public final class OriginConnection {
  private final int index;
  private final Socket socket;
  private final OutputStream out;
  private final WireReader in;
  private final AtomicInteger requestCount = new AtomicInteger();
  private final CountDownLatch ended = new CountDownLatch(1);

  OriginConnection(int index, Socket socket) throws IOException {
    this.index = index;
    this.socket = socket;
    socket.setTcpNoDelay(true);
    this.out = socket.getOutputStream();
    this.in = new WireReader(socket.getInputStream());
  }

  /** Counted from 0 in the order of acceptance. */
  public int index() {
    return index;
  }

  public int requestCount() {
    return requestCount.get();
  }

  /** Every byte that was received. */
  public byte[] received() {
    return in.seen();
  }

  int receivedCount() {
    return in.seenCount();
  }

  public OriginConnection write(String latin1) throws IOException {
    return write(Bytes.of(latin1));
  }

  public OriginConnection write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** The next WebSocket frame; null at the end. */
  public @Nullable Frame readFrame() throws IOException {
    return Frame.read(in.stream());
  }

  /** A response with a length. */
  public OriginConnection reply(String statusAndReason, String headerLines, byte[] body)
      throws IOException {
    write(
        "HTTP/1.1 "
            + statusAndReason
            + "\r\n"
            + headerLines
            + "Content-Length: "
            + body.length
            + "\r\n\r\n");
    return write(body);
  }

  /** 200 with a length. */
  public OriginConnection ok(String body) throws IOException {
    return reply("200 OK", "Content-Type: text/plain\r\n", Bytes.of(body));
  }

  /**
   * Two answers where one is due, in one piece: of what comes after the connection was taken for
   * the next request nobody can tell that it is no answer to that one.
   */
  public OriginConnection okTwice(String first, String second) throws IOException {
    return write(okText(first) + okText(second));
  }

  private static String okText(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  public void close() throws IOException {
    socket.close();
  }

  /** Sends FIN and stays able to read. */
  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Ends the connection with RST. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Reads until the peer closes or resets. */
  public void awaitPeerClose() {
    try {
      while (in.readByte() >= 0) {
        // whatever it sends
      }
    } catch (IOException _) {
      // reset
    }
  }

  /** Gives others the time to come as well, if they may. */
  public void awaitOthers() throws InterruptedException {
    if (ended.await(20, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("ended");
    }
  }

  /** Waits until it has ended, whoever ended it. */
  public boolean awaitEnd() throws InterruptedException {
    return ended.await(20, TimeUnit.SECONDS);
  }

  public boolean isEnded() {
    return ended.getCount() == 0;
  }

  Socket socket() {
    return socket;
  }

  WireReader reader() {
    return in;
  }

  void countRequest() {
    requestCount.incrementAndGet();
  }

  void markEnded() {
    ended.countDown();
  }
}
