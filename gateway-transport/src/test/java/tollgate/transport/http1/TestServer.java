package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.testkit.ManualLoop;
import tollgate.transport.loop.LentBuffer;
import tollgate.transport.wire.FakeExchange;
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.Loopback;
import tollgate.transport.wire.NarrowChannel;

/**
 * A client connection without a socket. Closing it checks that no buffer is left, and that the loop
 * does not keep it.
 */
final class TestServer implements AutoCloseable {
  private static final ClientConnection CLIENT = new Loopback();

  final ManualLoop loop = new ManualLoop();
  final List<FakeExchange> exchanges = new ArrayList<>();
  final NarrowChannel channel = new NarrowChannel();
  final Http1ServerConnection connection;
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

  /** Nobody answers by himself, but what is malformed is refused. */
  TestServer() {
    this(HttpLimits.DEFAULTS, _ -> {});
  }

  /**
   * @param onBegin what is done with each well-formed request within its beginning
   */
  TestServer(Consumer<FakeExchange> onBegin) {
    this(HttpLimits.DEFAULTS, onBegin);
  }

  TestServer(HttpLimits limits, Consumer<FakeExchange> onBegin) {
    channel.config().setAllocator(allocator);
    connection =
        new Http1ServerConnection(
            channel,
            (request, malformed, _, stream, _) -> {
              FakeExchange exchange = new FakeExchange(request, malformed, stream);
              exchanges.add(exchange);
              if (malformed == null) {
                onBegin.accept(exchange);
              } else {
                exchange.answer(malformed.code().status(), "", true);
              }
              return exchange;
            },
            CLIENT,
            loop,
            new LentBuffer(0),
            limits,
            null);
    channel.pipeline().addLast(connection);
  }

  static TestServer answering() {
    return new TestServer(exchange -> exchange.answer(200, "ok"));
  }

  TestServer send(String text) {
    channel.writeInbound(allocator.buffer().writeBytes(text.getBytes(ISO_8859_1)));
    loop.runTasks();
    return this;
  }

  /** One network read per byte. */
  TestServer sendBytewise(String text) {
    return sendIn(1, text);
  }

  /** Network reads of {@code size} bytes until the connection closes. */
  TestServer sendIn(int size, String text) {
    for (int i = 0; i < text.length() && channel.isOpen(); i += size) {
      send(text.substring(i, Math.min(text.length(), i + size)));
    }
    return this;
  }

  /** What was flushed to the client since the last call. */
  String received() {
    StringBuilder text = new StringBuilder();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      text.append(part.toString(ISO_8859_1));
      part.release();
    }
    return text.toString();
  }

  /** The status of the first response among what was received. */
  int status() {
    String text = received();
    assertThat(text).startsWith("HTTP/1.1 ");
    return Integer.parseInt(text.substring(9, 12));
  }

  FakeExchange only() {
    assertThat(exchanges).hasSize(1);
    return exchanges.getFirst();
  }

  FakeExchange last() {
    return exchanges.getLast();
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  long usedBytes() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
    loop.runTasks();
    assertThat(loop.hasAlarms()).as("the loop keeps the closed connection").isFalse();
    assertThat(usedBytes()).as("bytes in buffers not released").isZero();
  }
}
