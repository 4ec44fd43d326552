package tollgate.transport.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A backend on a real socket that speaks HTTP/2: answers each request with the number of its
 * connection. With {@link #hold} it answers only as often as it is allowed to, in any order it
 * likes.
 */
public final class Http2Origin implements AutoCloseable {
  private final ServerSocket socket;
  private final int maxStreams;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  public final AtomicInteger requests = new AtomicInteger();
  public final AtomicInteger mostStreams = new AtomicInteger();
  public final AtomicInteger opened = new AtomicInteger();
  private volatile boolean isHeld;

  private Http2Origin(ServerSocket socket, int maxStreams) {
    this.socket = socket;
    this.maxStreams = maxStreams;
  }

  /**
   * @param maxStreams said in its SETTINGS and held
   */
  public static Http2Origin start(int maxStreams) throws IOException {
    return start(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), maxStreams);
  }

  public static Http2Origin start(ServerSocket socket, int maxStreams) {
    var origin = new Http2Origin(socket, maxStreams);
    Thread.ofVirtual().start(origin::accept);
    return origin;
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** No answer without {@link #release} from now on. */
  public void hold() {
    isHeld = true;
  }

  /** Answers what has been asked, and what will be. */
  public void release() throws IOException {
    isHeld = false;
    for (Connection connection : connections) {
      connection.answerAll();
    }
  }

  /** Answers the oldest request of each connection. */
  public void answerOne() throws IOException {
    for (Connection connection : connections) {
      connection.answerOldest();
    }
  }

  /** Says on all connections that it takes nothing more. */
  public void goAway() throws IOException {
    for (Connection connection : connections) {
      connection.goAway();
    }
  }

  public int openNow() {
    return connections.size();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Connection connection : connections) {
      connection.socket.close();
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Connection connection = new Connection(socket.accept(), opened.incrementAndGet());
        connections.add(connection);
        Thread.ofVirtual().start(connection::serve);
      } catch (IOException _) {
        // a failed handshake comes here too: the next one
      }
    }
  }

  private final class Connection {
    private final Socket socket;
    private final int number;
    private final HpackDecoder decoder = new HpackDecoder(4096);
    private final List<Integer> asked = new ArrayList<>();
    private int last;

    private Connection(Socket socket, int number) {
      this.socket = socket;
      this.number = number;
    }

    private void serve() {
      try (socket) {
        var in = new DataInputStream(socket.getInputStream());
        in.skipNBytes(24);
        write(Frame.SETTINGS, 0, 0, Unpooled.buffer().writeShort(3).writeInt(maxStreams));
        while (true) {
          int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
          int type = in.read();
          int flags = in.read();
          int streamId = in.readInt();
          byte[] payload = in.readNBytes(length);
          if (type == Frame.SETTINGS && (flags & Frame.ACK) == 0) {
            write(Frame.SETTINGS, Frame.ACK, 0, Unpooled.EMPTY_BUFFER);
          } else if (type == Frame.HEADERS) {
            decoder.decode(payload, 0, length, new HeaderList(1 << 16));
            asked(streamId);
          } else if (type == Frame.GOAWAY) {
            return;
          }
        }
      } catch (IOException | HpackException _) {
        // the other side went away
      } finally {
        connections.remove(this);
      }
    }

    private synchronized void asked(int streamId) throws IOException {
      requests.incrementAndGet();
      last = streamId;
      asked.add(streamId);
      mostStreams.accumulateAndGet(asked.size(), Math::max);
      if (!isHeld) {
        answerAll();
      }
    }

    private synchronized void answerAll() throws IOException {
      while (!asked.isEmpty()) {
        answerOldest();
      }
    }

    private synchronized void answerOldest() throws IOException {
      if (asked.isEmpty()) {
        return;
      }
      int streamId = asked.removeFirst();
      ByteBuf head = Unpooled.buffer();
      new HpackEncoder().status(head, 200);
      write(Frame.HEADERS, Frame.END_HEADERS, streamId, head);
      byte[] body = Integer.toString(number).getBytes(ISO_8859_1);
      write(Frame.DATA, Frame.END_STREAM, streamId, Unpooled.wrappedBuffer(body));
    }

    private synchronized void goAway() throws IOException {
      write(Frame.GOAWAY, 0, 0, Unpooled.buffer().writeInt(last).writeInt(0));
    }

    private synchronized void write(int type, int flags, int streamId, ByteBuf payload)
        throws IOException {
      int length = payload.readableBytes();
      ByteBuf frame = Unpooled.buffer();
      frame.writeMedium(length).writeByte(type).writeByte(flags).writeInt(streamId);
      frame.writeBytes(payload);
      OutputStream out = socket.getOutputStream();
      frame.readBytes(out, frame.readableBytes());
      out.flush();
    }
  }
}
