package tollgate.transport.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tollgate.core.http.BodyLength;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.RequestHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamStream;
import tollgate.core.testkit.ManualLoop;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.transport.loop.LentBuffer;

/**
 * A backend connection without a socket, and its pool. Frames come as the test writes them, and
 * what goes out is told as text. Closing it checks that no buffer is left.
 */
final class TestBackend implements AutoCloseable, Http2ClientConnection.Owner {
  static final AttemptTimeouts TIMEOUTS =
      new AttemptTimeouts(0, TimeUnit.SECONDS.toNanos(30), TimeUnit.SECONDS.toNanos(60));

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  final ManualLoop loop = new ManualLoop();
  final EmbeddedChannel channel = new EmbeddedChannel();
  final Http2ClientConnection connection;
  int ready;
  int freed;
  int draining;
  final List<String> closed = new ArrayList<>();
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final HpackEncoder encoder = new HpackEncoder();
  private final HpackDecoder decoder = new HpackDecoder(4096);
  private final ByteBuf sent = Unpooled.buffer();
  private boolean isPrefaceSeen;

  TestBackend() {
    this(100);
  }

  TestBackend(int maxStreams) {
    channel.config().setAllocator(allocator);
    connection =
        Http2ClientConnection.attach(channel, loop, new LentBuffer(0), this, true, maxStreams);
  }

  /** Has said its settings, and seen ours. */
  static TestBackend ready(int... settings) {
    var backend = new TestBackend();
    backend.settings(settings);
    var _ = backend.received();
    return backend;
  }

  @Override
  public void ready(Http2ClientConnection connection) {
    ready++;
  }

  @Override
  public void freed(Http2ClientConnection connection) {
    assertThat(connection.hasRoom()).isTrue();
    freed++;
  }

  @Override
  public void draining(Http2ClientConnection connection) {
    draining++;
  }

  @Override
  public void closed(Http2ClientConnection connection, String cause) {
    closed.add(cause);
  }

  // ---- requests

  /** Sends a whole GET. */
  FakeAttempt get() {
    FakeAttempt attempt = new FakeAttempt();
    var _ = send(attempt, Method.GET, BodyLength.ABSENT);
    return attempt;
  }

  /** Sends a head, and its end if it has no body. */
  UpstreamStream send(FakeAttempt attempt, Method method, long length) {
    UpstreamStream stream = connection.start(attempt, TIMEOUTS);
    stream.sendHead(head(method), length);
    if (length == BodyLength.ABSENT) {
      stream.sendEnd(Trailers.NONE);
    }
    loop.runTasks();
    return stream;
  }

  static RequestHead head(Method method) {
    return head(method, ReceivedFields.NONE);
  }

  static RequestHead head(Method method, ReceivedFields fields) {
    return RequestHead.over(
        new ReceivedRequest(
            "HTTP/1.1",
            method,
            "http",
            "backend:8080",
            "/p",
            "q=1",
            fields,
            BodyLength.ABSENT,
            false));
  }

  static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }

  // ---- frames of the backend

  void settings(int... settings) {
    ByteBuf payload = Unpooled.buffer();
    for (int i = 0; i < settings.length; i += 2) {
      payload.writeShort(settings[i]).writeInt(settings[i + 1]);
    }
    frame(Frame.SETTINGS, 0, 0, payload);
  }

  /**
   * @param fields name and value by turns
   */
  void headers(int streamId, boolean endStream, String... fields) {
    ByteBuf payload = Unpooled.buffer();
    encoder.begin(payload);
    for (int i = 0; i < fields.length; i += 2) {
      byte[] name = Blocks.bytes(fields[i]);
      byte[] value = Blocks.bytes(fields[i + 1]);
      encoder.field(payload, name, 0, name.length, value, 0, value.length);
    }
    frame(Frame.HEADERS, Frame.END_HEADERS | (endStream ? Frame.END_STREAM : 0), streamId, payload);
  }

  void data(int streamId, boolean endStream, String text) {
    frame(Frame.DATA, endStream ? Frame.END_STREAM : 0, streamId, bytes(text));
  }

  void reset(int streamId, ErrorCode code) {
    frame(Frame.RST_STREAM, 0, streamId, Unpooled.buffer().writeInt(code.number()));
  }

  void goAway(int lastStreamId, ErrorCode code) {
    frame(Frame.GOAWAY, 0, 0, Unpooled.buffer().writeInt(lastStreamId).writeInt(code.number()));
  }

  void windowUpdate(int streamId, int increment) {
    frame(Frame.WINDOW_UPDATE, 0, streamId, Unpooled.buffer().writeInt(increment));
  }

  void frame(int type, int flags, int streamId, ByteBuf payload) {
    ByteBuf frame = allocator.buffer();
    frame.writeMedium(payload.readableBytes()).writeByte(type).writeByte(flags).writeInt(streamId);
    frame.writeBytes(payload);
    payload.release();
    channel.writeInbound(frame);
    loop.runTasks();
  }

  void raw(String text) {
    channel.writeInbound(allocator.buffer().writeBytes(text.getBytes(ISO_8859_1)));
    loop.runTasks();
  }

  /** The backend closes. */
  void hangUp() {
    var _ = channel.close();
    loop.runTasks();
  }

  // ---- what goes out

  /** The frames that went out since the last call, each as a line. */
  List<String> received() {
    loop.runTasks();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      sent.writeBytes(part);
      part.release();
    }
    if (!isPrefaceSeen && sent.isReadable()) {
      isPrefaceSeen = true;
      assertThat(sent.readCharSequence(PREFACE.length(), US_ASCII)).hasToString(PREFACE);
    }
    List<String> frames = new ArrayList<>();
    while (sent.isReadable()) {
      frames.add(frame());
    }
    return frames;
  }

  private String frame() {
    int length = sent.readUnsignedMedium();
    int type = sent.readByte();
    int flags = sent.readByte();
    int streamId = sent.readInt();
    ByteBuf payload = sent.readSlice(length);
    String end = (flags & Frame.END_STREAM) != 0 ? " end" : "";
    return switch (type) {
      case Frame.DATA -> "DATA " + streamId + end + " " + payload.toString(ISO_8859_1);
      case Frame.HEADERS -> "HEADERS " + streamId + end + " " + fields(payload);
      case Frame.RST_STREAM -> "RST_STREAM " + streamId + " " + ErrorCode.of(payload.readInt());
      case Frame.SETTINGS ->
          (flags & Frame.ACK) != 0 ? "SETTINGS ack" : "SETTINGS" + pairs(payload);
      case Frame.PING -> "PING " + ((flags & Frame.ACK) != 0 ? "ack " : "") + payload.readLong();
      case Frame.GOAWAY -> "GOAWAY " + payload.readInt() + " " + ErrorCode.of(payload.readInt());
      case Frame.WINDOW_UPDATE -> "WINDOW_UPDATE " + streamId + " " + payload.readInt();
      default -> "frame " + type;
    };
  }

  private List<String> fields(ByteBuf payload) {
    try {
      return Blocks.decode(decoder, Blocks.take(payload));
    } catch (HpackException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pairs(ByteBuf payload) {
    StringBuilder text = new StringBuilder();
    while (payload.isReadable()) {
      text.append(' ').append(payload.readShort()).append('=').append(payload.readInt());
    }
    return text.toString();
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
    loop.runTasks();
    assertThat(closed).as("owner told of the close").hasSize(1);
    assertThat(loop.hasAlarms()).as("the loop keeps the closed connection").isFalse();
    assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
        .as("bytes in buffers not released")
        .isZero();
  }
}
