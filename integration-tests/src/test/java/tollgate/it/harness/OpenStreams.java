package tollgate.it.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Thousands of clients that each have one endless response open, read by one thread. Any thread may
 * look at what came.
 */
public final class OpenStreams implements AutoCloseable {
  /** How many answers may be awaited at once while they are opened. */
  private static final int WINDOW = 200;

  private final Selector selector;
  private final Map<String, AtomicInteger> events = new ConcurrentHashMap<>();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);

  /** One stream, and what of it has been read and is no whole event yet. */
  private static final class Stream {
    private final StringBuilder text = new StringBuilder();
    private boolean isBegun;
  }

  private OpenStreams(Selector selector) {
    this.selector = selector;
  }

  /** Opens them all, and returns when each has its response head. */
  public static OpenStreams open(int port, String target, int count) throws IOException {
    OpenStreams streams = new OpenStreams(Selector.open());
    Thread.ofPlatform().daemon().name("streams").start(streams::run);
    byte[] request = Bytes.of("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < count; i++) {
      int least = i - WINDOW;
      Patience.await().until(() -> streams.begun.get() >= least);
      streams.add(port, request);
    }
    Patience.await().until(() -> streams.begun.get() == count);
    return streams;
  }

  /** How many have got this event, to the letter, in a chunk of its own. */
  public int events(String event) {
    AtomicInteger count = events.get(event);
    return count == null ? 0 : count.get();
  }

  /** How many have ended, or began with anything but 200. */
  public int ended() {
    return ended.get();
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private void add(int port, byte[] request) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 16 * 1024);
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.write(ByteBuffer.wrap(request));
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, new Stream());
    selector.wakeup();
  }

  private void run() {
    try {
      while (selector.isOpen()) {
        selector.select(this::read, 50);
      }
    } catch (ClosedSelectorException | IOException _) {
      // closed
    }
  }

  private void read(SelectionKey key) {
    Stream stream = (Stream) key.attachment();
    try {
      buffer.clear();
      int count = ((SocketChannel) key.channel()).read(buffer);
      if (count < 0) {
        end(key);
        return;
      }
      stream.text.append(Bytes.text(java.util.Arrays.copyOf(buffer.array(), count)));
      take(key, stream);
    } catch (IOException _) {
      end(key);
    }
  }

  private void take(SelectionKey key, Stream stream) {
    if (!stream.isBegun) {
      int head = stream.text.indexOf("\r\n\r\n");
      if (head < 0) {
        return;
      }
      if (!stream.text.toString().startsWith("HTTP/1.1 200 ")) {
        end(key);
        return;
      }
      stream.text.delete(0, head + 4);
      stream.isBegun = true;
      begun.incrementAndGet();
    }
    for (int line = stream.text.indexOf("\r\n"); line > 0; line = stream.text.indexOf("\r\n")) {
      int length = Integer.parseInt(stream.text.substring(0, line), 16);
      int end = line + 2 + length + 2;
      if (length == 0) {
        end(key);
      }
      if (stream.text.length() < end) {
        return;
      }
      events
          .computeIfAbsent(stream.text.substring(line + 2, end - 2), _ -> new AtomicInteger())
          .incrementAndGet();
      stream.text.delete(0, end);
    }
  }

  private void end(SelectionKey key) {
    key.cancel();
    ended.incrementAndGet();
  }
}
