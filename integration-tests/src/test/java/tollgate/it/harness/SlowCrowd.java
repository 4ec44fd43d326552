package tollgate.it.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Connections that send a byte a second, or take a few, until they are ended: one thread goes round
 * all of them. Those that were ended come again as long as they may. Any thread.
 */
public final class SlowCrowd implements AutoCloseable {
  private static final long ROUND_MILLIS = 1000;
  private static final int SMALL_WINDOW = 4096;

  /** What is slow about one of them. */
  public enum Kind {
    /** Sends its head a byte at a time. */
    HEAD("GET /a/slow HTTP/1.1\r\nHost: x\r\nX-Slow: "),
    /** Sends its body a byte at a time. */
    BODY("POST /a/slow-body HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"),
    /** Takes an endless answer a few bytes at a time. */
    READ("GET /a/pour HTTP/1.1\r\nHost: x\r\n\r\n");

    private final String begin;

    Kind(String begin) {
      this.begin = begin;
    }
  }

  private record Slow(Kind kind, SocketChannel channel) {}

  private final InetSocketAddress gateway;
  private final List<Slow> open = new ArrayList<>(); // the thread's once it runs
  private final ConcurrentHashMap<Kind, Integer> made = new ConcurrentHashMap<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  private volatile boolean isComingAgain;

  private SlowCrowd(int port) {
    this.gateway = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.thread = Thread.ofPlatform().name("slow-crowd").unstarted(this::goRound);
  }

  /** Connects all of them and begins to be slow. */
  public static SlowCrowd open(int port, int heads, int bodies, int reads) throws IOException {
    SlowCrowd crowd = new SlowCrowd(port);
    crowd.connect(Kind.READ, reads);
    crowd.connect(Kind.BODY, bodies);
    crowd.connect(Kind.HEAD, heads);
    crowd.thread.start();
    return crowd;
  }

  /** Whether each that is ended connects again. */
  public void comeAgain(boolean again) {
    isComingAgain = again;
  }

  /** How many of a kind there were so far. */
  public int made(Kind kind) {
    return made.getOrDefault(kind, 0);
  }

  @Override
  public void close() throws IOException {
    stop.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    for (Slow slow : open) {
      slow.channel.close();
    }
  }

  private void connect(Kind kind, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open();
      if (kind == Kind.READ) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_WINDOW);
      }
      channel.connect(gateway);
      channel.write(ByteBuffer.wrap(Bytes.of(kind.begin)));
      channel.configureBlocking(false);
      open.add(new Slow(kind, channel));
      made.merge(kind, 1, Integer::sum);
    }
  }

  private void goRound() {
    ByteBuffer few = ByteBuffer.allocate(16);
    ByteBuffer answer = ByteBuffer.allocate(4096);
    try {
      while (!stop.await(ROUND_MILLIS, TimeUnit.MILLISECONDS)) {
        List<Slow> ended = new ArrayList<>();
        open.removeIf(slow -> {
          boolean isOver = !step(slow, slow.kind == Kind.READ ? few : answer);
          if (isOver) {
            ended.add(slow);
          }
          return isOver;
        });
        for (Slow slow : ended) {
          slow.channel.close();
          if (isComingAgain) {
            connect(slow.kind, 1);
          }
        }
      }
    } catch (InterruptedException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether the connection goes on. */
  private static boolean step(Slow slow, ByteBuffer room) {
    try {
      room.clear();
      boolean goesOn = slow.channel.read(room) >= 0;
      if (goesOn && slow.kind != Kind.READ) {
        slow.channel.write(ByteBuffer.wrap(new byte[] {'x'}));
      }
      return goesOn;
    } catch (IOException _) {
      return false;
    }
  }
}
