import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/**
 * Both ends of a WebSocket benchmark, on one thread each, run from source:
 *
 * <pre>
 *   echo PORT                                 gives each frame back
 *   load PORT CONNECTIONS SECONDS text|binary one frame of 1 KiB on its way per connection;
 *                                             prints RESULT frames microseconds p50 p99
 *   idle PORT CONNECTIONS                     opens them, prints READY, ends with its input
 * </pre>
 */
final class WebSocketLoad {
  private static final int LENGTH = 1024;
  private static final int MASK = 0x5a17c3f1;
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final int HEAD_UP = 8;
  private static final int HEAD_DOWN = 4;

  private static final class Connection {
    final ByteBuffer in = ByteBuffer.allocate(8192);
    boolean isOpen;
    long sentNanos;
  }

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[1]);
    switch (arguments[0]) {
      case "echo" -> echo(port);
      case "load" ->
          load(
              port,
              Integer.parseInt(arguments[2]),
              Integer.parseInt(arguments[3]),
              arguments[4].equals("text") ? 0x81 : 0x82);
      case "idle" -> {
        for (int i = Integer.parseInt(arguments[2]); i > 0; i--) {
          open(port);
        }
        System.out.println("READY");
        while (System.in.read() >= 0) {
          // until whoever asked has looked
        }
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void echo(int port) throws Exception {
    Selector selector = Selector.open();
    ServerSocketChannel server = ServerSocketChannel.open();
    server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 8192);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
    ByteBuffer out = ByteBuffer.allocateDirect(64 * 1024);
    while (true) {
      selector.select(key -> {
        try {
          if (key.isAcceptable()) {
            SocketChannel accepted = server.accept();
            accepted.configureBlocking(false);
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            accepted.register(selector, SelectionKey.OP_READ, new Connection());
            return;
          }
          SocketChannel channel = (SocketChannel) key.channel();
          Connection connection = (Connection) key.attachment();
          if (channel.read(connection.in) < 0) {
            channel.close();
            return;
          }
          answer(channel, connection, out);
        } catch (IOException e) {
          key.cancel();
        }
      });
    }
  }

  private static void answer(SocketChannel channel, Connection connection, ByteBuffer out)
      throws IOException {
    ByteBuffer in = connection.in;
    in.flip();
    if (!connection.isOpen) {
      String head = new String(in.array(), 0, in.limit(), ISO_8859_1);
      if (!head.endsWith("\r\n\r\n")) {
        in.compact();
        return;
      }
      connection.isOpen = true;
      in.clear();
      channel.write(ByteBuffer.wrap(switching(head).getBytes(ISO_8859_1)));
      return;
    }
    out.clear();
    while (in.remaining() >= HEAD_UP + LENGTH) {
      int mask = in.getInt(in.position() + 4);
      out.put(in.get(in.position())).put((byte) 126).putShort((short) LENGTH);
      long wide = (long) mask << 32 | mask & 0xffffffffL;
      for (int at = in.position() + HEAD_UP, end = at + LENGTH; at < end; at += 8) {
        out.putLong(in.getLong(at) ^ wide);
      }
      in.position(in.position() + HEAD_UP + LENGTH);
    }
    in.compact();
    out.flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  private static String switching(String head) throws IOException {
    int from = head.toLowerCase().indexOf("sec-websocket-key:") + 18;
    String key = head.substring(from, head.indexOf('\r', from)).strip();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
      return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: "
          + Base64.getEncoder().encodeToString(digest)
          + "\r\n\r\n";
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }

  private static SocketChannel open(int port) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    String request =
        "GET /api/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            + KEY
            + "\r\n\r\n";
    channel.write(ByteBuffer.wrap(request.getBytes(ISO_8859_1)));
    StringBuilder head = new StringBuilder();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (head.indexOf("\r\n\r\n") < 0) {
      one.clear();
      if (channel.read(one) < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) one.get(0));
    }
    if (!head.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException(head.toString());
    }
    return channel;
  }

  private static void load(int port, int connections, int seconds, int first) throws IOException {
    Selector selector = Selector.open();
    byte[] frame = frame(first);
    for (int i = 0; i < connections; i++) {
      SocketChannel channel = open(port);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new Connection());
    }
    long begun = System.nanoTime();
    long end = begun + seconds * 1_000_000_000L;
    for (SelectionKey key : selector.keys()) {
      send(key, frame);
    }
    long[] nanos = new long[1 << 22];
    int[] count = {0};
    while (System.nanoTime() - end < 0) {
      selector.select(
          key -> {
            try {
              Connection connection = (Connection) key.attachment();
              if (((SocketChannel) key.channel()).read(connection.in) < 0) {
                throw new IOException("closed");
              }
              if (connection.in.position() == HEAD_DOWN + LENGTH) {
                connection.in.clear();
                nanos[count[0]++ & nanos.length - 1] = System.nanoTime() - connection.sentNanos;
                send(key, frame);
              }
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          },
          100);
    }
    long micros = (System.nanoTime() - begun) / 1000;
    int known = Math.min(count[0], nanos.length);
    long[] sorted = Arrays.copyOf(nanos, known);
    Arrays.sort(sorted);
    System.out.printf(
        "RESULT %d %d %d %d%n",
        count[0], micros, sorted[known / 2] / 1000, sorted[(int) (known * 99L / 100)] / 1000);
  }

  private static void send(SelectionKey key, byte[] frame) throws IOException {
    ((Connection) key.attachment()).sentNanos = System.nanoTime();
    ByteBuffer out = ByteBuffer.wrap(frame);
    while (out.hasRemaining()) {
      ((SocketChannel) key.channel()).write(out);
    }
  }

  private static byte[] frame(int first) {
    ByteBuffer frame = ByteBuffer.allocate(HEAD_UP + LENGTH);
    frame.put((byte) first).put((byte) (0x80 | 126)).putShort((short) LENGTH).putInt(MASK);
    for (int i = 0; i < LENGTH; i++) {
      frame.put((byte) ('a' + i % 26 ^ MASK >>> 24 - 8 * (i & 3)));
    }
    return frame.array();
  }
}
