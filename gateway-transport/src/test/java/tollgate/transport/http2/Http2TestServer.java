package tollgate.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.exchange.ExchangeStarter;
import tollgate.core.fault.Fault;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.port.ClientStream;
import tollgate.core.port.Loop;
import tollgate.core.port.RequestEvents;
import tollgate.core.testkit.ManualLoop;
import tollgate.transport.loop.LentBuffer;
import tollgate.transport.wire.FakeExchange;
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.Loopback;
import tollgate.transport.wire.NarrowChannel;
import tollgate.transport.wire.Preface;

/**
 * A client connection without a socket, and a client that speaks in single frames. Closing it
 * checks that no buffer is left.
 */
final class Http2TestServer implements AutoCloseable {
  final ManualLoop loop = new ManualLoop();
  final List<FakeExchange> exchanges = new ArrayList<>();
  final List<ReceivedRequest> takenBack = new ArrayList<>();
  final NarrowChannel channel = new NarrowChannel();
  final Http2ServerConnection connection;
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final HpackEncoder encoder = new HpackEncoder();
  private final HpackDecoder decoder = new HpackDecoder(4096);
  private final ByteBuf in = Unpooled.buffer();
  private @Nullable ByteBuf burst;

  /** A frame that came from the server; HEADERS with what they say as text. */
  record Received(int type, int flags, int streamId, ByteBuf payload, List<String> fields) {
    boolean isEnd() {
      return (type == Frame.DATA || type == Frame.HEADERS) && (flags & Frame.END_STREAM) != 0;
    }

    String text() {
      return payload.toString(StandardCharsets.ISO_8859_1);
    }

    int code() {
      return payload.getInt(type == Frame.GOAWAY ? 4 : 0);
    }
  }

  /** Nobody answers by himself, but what is refused is. */
  Http2TestServer() {
    this(HttpLimits.DEFAULTS, _ -> {});
  }

  Http2TestServer(Consumer<FakeExchange> onBegin) {
    this(HttpLimits.DEFAULTS, onBegin);
  }

  Http2TestServer(HttpLimits limits, Consumer<FakeExchange> onBegin) {
    channel.config().setAllocator(allocator);
    connection =
        new Http2ServerConnection(
            channel, new Starter(onBegin), new Loopback(), loop, new LentBuffer(0), limits);
    channel.pipeline().addLast(connection);
  }

  private final class Starter implements ExchangeStarter {
    private final Consumer<FakeExchange> onBegin;

    private Starter(Consumer<FakeExchange> onBegin) {
      this.onBegin = onBegin;
    }

    @Override
    public RequestEvents begin(
        ReceivedRequest request,
        @Nullable Fault malformed,
        ClientConnection client,
        ClientStream stream,
        Loop owner) {
      FakeExchange exchange = new FakeExchange(request, malformed, stream);
      exchanges.add(exchange);
      if (malformed == null) {
        onBegin.accept(exchange);
      } else {
        exchange.answer(malformed.code().status(), "", true);
      }
      return exchange;
    }

    @Override
    public void takenBack(
        ReceivedRequest request, ClientConnection client, ClientStream stream, Loop owner) {
      takenBack.add(request);
    }
  }

  static Http2TestServer answering() {
    return new Http2TestServer(exchange -> exchange.answer(200, "ok"));
  }

  /** The preface, SETTINGS, and what the server says to them is read away. */
  Http2TestServer open() {
    raw(Preface.bytes());
    frame(Frame.SETTINGS, 0, 0, new byte[0]);
    received();
    return this;
  }

  /** What the client sends in {@code frames} is read at once. */
  Http2TestServer burst(Runnable frames) {
    ByteBuf all = Unpooled.buffer();
    burst = all;
    frames.run();
    burst = null;
    return raw(Blocks.take(all));
  }

  Http2TestServer raw(byte[] bytes) {
    ByteBuf together = burst;
    if (together != null) {
      together.writeBytes(bytes);
      return this;
    }
    channel.writeInbound(allocator.buffer().writeBytes(bytes));
    loop.runTasks();
    return this;
  }

  Http2TestServer frame(int type, int flags, int streamId, byte[] payload) {
    return raw(bytes(type, flags, streamId, payload));
  }

  static byte[] bytes(int type, int flags, int streamId, byte[] payload) {
    ByteBuf frame = Unpooled.buffer();
    frame.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(streamId);
    frame.writeBytes(payload);
    return Blocks.take(frame);
  }

  Http2TestServer windowUpdate(int streamId, int increment) {
    return frame(Frame.WINDOW_UPDATE, 0, streamId, number(increment));
  }

  Http2TestServer reset(int streamId) {
    return frame(Frame.RST_STREAM, 0, streamId, number(ErrorCode.CANCEL.number()));
  }

  Http2TestServer data(int streamId, String text, boolean isEnd) {
    return frame(Frame.DATA, isEnd ? Frame.END_STREAM : 0, streamId, Blocks.bytes(text));
  }

  Http2TestServer get(int streamId, String... more) {
    return headers(streamId, true, with(more, "GET"));
  }

  Http2TestServer post(int streamId, String... more) {
    return headers(streamId, false, with(more, "POST"));
  }

  private static String[] with(String[] more, String method) {
    List<String> fields =
        new ArrayList<>(
            List.of(":method", method, ":scheme", "http", ":authority", "a.test", ":path", "/x"));
    fields.addAll(List.of(more));
    return fields.toArray(String[]::new);
  }

  /**
   * @param fields names and values by turns
   */
  Http2TestServer headers(int streamId, boolean isEnd, String... fields) {
    int flags = Frame.END_HEADERS | (isEnd ? Frame.END_STREAM : 0);
    return frame(Frame.HEADERS, flags, streamId, block(fields));
  }

  byte[] block(String... fields) {
    ByteBuf block = Unpooled.buffer();
    encoder.begin(block);
    for (int i = 0; i < fields.length; i += 2) {
      byte[] name = Blocks.bytes(fields[i]);
      byte[] value = Blocks.bytes(fields[i + 1]);
      // The encoder would lower the case of a name: this is the client, which may be wrong.
      literal(block, name, value);
    }
    return Blocks.take(block);
  }

  private static void literal(ByteBuf block, byte[] name, byte[] value) {
    block.writeByte(0);
    length(block, name.length);
    block.writeBytes(name);
    length(block, value.length);
    block.writeBytes(value);
  }

  private static void length(ByteBuf block, int length) {
    if (length < 127) {
      block.writeByte(length);
      return;
    }
    block.writeByte(127);
    int left = length - 127;
    while (left >= 128) {
      block.writeByte(left % 128 + 128);
      left /= 128;
    }
    block.writeByte(left);
  }

  static byte[] number(int value) {
    return Blocks.take(Unpooled.buffer().writeInt(value));
  }

  /** Lets tasks run that were put off to the end of a turn of the loop. */
  Http2TestServer turn() {
    loop.runTasks();
    channel.runPendingTasks();
    return this;
  }

  /** What was flushed to the client since the last call. */
  List<Received> received() {
    turn();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      in.writeBytes(part);
      part.release();
    }
    List<Received> frames = new ArrayList<>();
    while (in.readableBytes() >= 9) {
      int length = in.readUnsignedMedium();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int streamId = in.readInt();
      byte[] payload = new byte[length];
      in.readBytes(payload);
      frames.add(
          new Received(
              type, flags, streamId, Unpooled.wrappedBuffer(payload), fields(type, payload)));
    }
    assertThat(in.readableBytes()).isZero();
    return frames;
  }

  private List<String> fields(int type, byte[] payload) {
    if (type != Frame.HEADERS) {
      return List.of();
    }
    try {
      return Blocks.decode(decoder, payload);
    } catch (HpackException e) {
      throw new AssertionError(e);
    }
  }

  /** As {@link #received}, and there is one. */
  Received one() {
    List<Received> frames = received();
    assertThat(frames).hasSize(1);
    return frames.getFirst();
  }

  /** As {@link #one}, a RST_STREAM. */
  void resetBy(int streamId, ErrorCode code) {
    Received frame = one();
    assertThat(frame.type()).isEqualTo(Frame.RST_STREAM);
    assertThat(frame.streamId()).isEqualTo(streamId);
    assertThat(ErrorCode.of(frame.code())).isEqualTo(code);
  }

  /** The last of what was received is a GOAWAY. */
  void endedBy(ErrorCode code) {
    Received frame = received().getLast();
    assertThat(frame.type()).isEqualTo(Frame.GOAWAY);
    assertThat(ErrorCode.of(frame.code())).isEqualTo(code);
  }

  FakeExchange last() {
    return exchanges.getLast();
  }

  @Override
  public void close() {
    var _ = channel.close();
    turn();
    received();
    channel.finishAndReleaseAll();
    assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
        .isZero();
  }
}
