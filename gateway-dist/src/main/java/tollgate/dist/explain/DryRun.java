package tollgate.dist.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import tollgate.core.chain.Exchanges;
import tollgate.core.chain.Site;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.fault.Fault;
import tollgate.core.http.Fields;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.ClientStream;
import tollgate.core.port.Loop;
import tollgate.core.port.RequestEvents;
import tollgate.core.port.UpstreamConnector;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.port.UpstreamStream;
import tollgate.core.time.Alarm;
import tollgate.core.time.Ticker;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Target;

/**
 * One exchange on the calling thread, with a client that only listens and a backend that only takes
 * the head. Every socket stays closed. One thread; used once.
 */
final class DryRun {
  private final List<String> sent = new ArrayList<>();
  private final List<String> answer = new ArrayList<>();
  private final ByteArrayOutputStream answerBody = new ByteArrayOutputStream();
  private @Nullable Target target;

  /** Where attempts end up. */
  final UpstreamConnector connector = new Connector();

  DryRun() {}

  /**
   * Takes a request through a site whose backends, if they can be reached, are {@link #connector}.
   *
   * @param malformed why it is refused before anything else; null if it is well-formed
   */
  void run(Site site, AskedRequest asked, String listener, @Nullable Fault malformed) {
    DryLoop loop = new DryLoop();
    RequestEvents events =
        new Exchanges(() -> site)
            .begin(
                asked.received(), malformed, new Connection(listener, asked), new Client(), loop);
    loop.runTasks();
    if (!events.isEnded()) {
      events.onClientGone(); // what waits for the backend is let go
      loop.runTasks();
    }
  }

  /** Request line and fields as they would leave for the backend; empty if nothing would. */
  List<String> sent() {
    return List.copyOf(sent);
  }

  /** Where they would go; null if nowhere. */
  @Nullable Target target() {
    return target;
  }

  /** Status line and fields of the gateway's own answer; empty if the backend is to answer. */
  List<String> answer() {
    return List.copyOf(answer);
  }

  String answerBody() {
    return answerBody.toString(UTF_8);
  }

  private static void addFields(Fields fields, List<String> to) {
    for (int i = 0; i < fields.received().count(); i++) {
      if (!fields.isRemoved(i)) {
        to.add(fields.received().name(i) + ": " + fields.received().value(i));
      }
    }
    for (int i = 0; i < fields.addedCount(); i++) {
      to.add(fields.addedName(i).text() + ": " + fields.addedValue(i));
    }
  }

  private record Connection(
      String listener, InetSocketAddress peer, InetSocketAddress local, @Nullable TlsFacts tls)
      implements ClientConnection {
    Connection(String listener, AskedRequest asked) {
      this(
          listener,
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(), Math.clamp(asked.port(), 0, 65535)),
          asked.isTls() ? new TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256", null, null) : null);
    }

    @Override
    public String peerText() {
      return peer.getAddress().getHostAddress();
    }
  }

  private final class Client implements ClientStream {
    private boolean isOver;

    @Override
    public void readBody(boolean wanted) {}

    @Override
    public void sendInformational(ResponseHead head) {}

    @Override
    public void sendHead(ResponseHead head, boolean closeAfter) {
      if (!isOver) {
        answer.add(Integer.toString(head.status()));
        addFields(head.fields(), answer);
      }
    }

    @Override
    public void sendBody(ByteBuf chunk) {
      byte[] bytes = new byte[chunk.readableBytes()];
      chunk.readBytes(bytes);
      chunk.release();
      answerBody.writeBytes(bytes);
    }

    @Override
    public void sendEnd(Trailers trailers) {
      isOver = true;
    }

    @Override
    public void flush() {}

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void abort() {
      isOver = true;
    }
  }

  private final class Connector implements UpstreamConnector {
    @Override
    public Cancellation connect(
        Loop loop, Target chosen, AttemptTimeouts timeouts, UpstreamEvents events) {
      target = chosen;
      events.onConnected(new Stream());
      return Cancellation.NOTHING;
    }

    @Override
    public void close() {}
  }

  private final class Stream implements UpstreamStream {
    @Override
    public void sendHead(RequestHead head, long bodyLength) {
      String query = head.query();
      sent.add(head.method().name() + " " + head.path() + (query == null ? "" : "?" + query));
      sent.add("Host: " + head.authority());
      addFields(head.fields(), sent);
    }

    @Override
    public void sendBody(ByteBuf chunk) {
      chunk.release();
    }

    @Override
    public void sendEnd(Trailers trailers) {}

    @Override
    public void flush() {}

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void readBody(boolean wanted) {}

    @Override
    public void abort() {}

    @Override
    public boolean isReused() {
      return false;
    }
  }

  /** Runs tasks when told to; no alarm ever goes off. */
  private static final class DryLoop implements Loop {
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    void runTasks() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public int index() {
      return 0;
    }

    @Override
    public boolean inEventLoop() {
      return true;
    }

    @Override
    public Ticker ticker() {
      return Ticker.SYSTEM;
    }

    @Override
    public ByteBufAllocator allocator() {
      return UnpooledByteBufAllocator.DEFAULT;
    }

    @Override
    public void set(Alarm alarm, long delayNanos) {}

    @Override
    public void clear(Alarm alarm) {}

    @Override
    public void remove(Alarm alarm) {}
  }
}
