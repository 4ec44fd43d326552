package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
 * A backend connection without a socket, and its pool. Closing it checks that no buffer is left.
 */
final class TestBackend implements AutoCloseable, Http1ClientConnection.Owner {
  static final AttemptTimeouts TIMEOUTS =
      new AttemptTimeouts(0, TimeUnit.SECONDS.toNanos(30), TimeUnit.SECONDS.toNanos(60));

  final ManualLoop loop = new ManualLoop();
  final EmbeddedChannel channel = new EmbeddedChannel();
  final Http1ClientConnection connection;
  int idle;
  int closed;
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private @Nullable UpstreamStream stream;

  TestBackend() {
    channel.config().setAllocator(allocator);
    connection = Http1ClientConnection.attach(channel, loop, new LentBuffer(0), this);
  }

  @Override
  public void idle(Http1ClientConnection connection) {
    assertThat(connection.isIdle()).isTrue();
    idle++;
  }

  @Override
  public void closed(Http1ClientConnection connection) {
    closed++;
  }

  /** Sends a whole GET. */
  FakeAttempt get() {
    return request(Method.GET);
  }

  FakeAttempt request(Method method) {
    FakeAttempt attempt = new FakeAttempt();
    start(attempt).sendHead(head(method), BodyLength.ABSENT);
    stream().sendEnd(Trailers.NONE);
    return attempt;
  }

  UpstreamStream start(FakeAttempt attempt) {
    UpstreamStream started = connection.start(attempt, TIMEOUTS);
    stream = started;
    return started;
  }

  UpstreamStream stream() {
    assertThat(stream).isNotNull();
    return stream;
  }

  static RequestHead head(Method method) {
    return RequestHead.over(
        new ReceivedRequest(
            "HTTP/1.1",
            method,
            "http",
            "backend:8080",
            "/p",
            null,
            ReceivedFields.NONE,
            BodyLength.ABSENT,
            false));
  }

  TestBackend answer(String text) {
    channel.writeInbound(allocator.buffer().writeBytes(text.getBytes(ISO_8859_1)));
    loop.runTasks();
    return this;
  }

  TestBackend answerBytewise(String text) {
    return answerIn(1, text);
  }

  /** Network reads of {@code size} bytes until the connection closes. */
  TestBackend answerIn(int size, String text) {
    for (int i = 0; i < text.length() && channel.isOpen(); i += size) {
      answer(text.substring(i, Math.min(text.length(), i + size)));
    }
    return this;
  }

  /** The backend closes. */
  TestBackend hangUp() {
    var _ = channel.close();
    loop.runTasks();
    return this;
  }

  /** What was flushed to the backend since the last call. */
  String received() {
    StringBuilder text = new StringBuilder();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      text.append(part.toString(ISO_8859_1));
      part.release();
    }
    return text.toString();
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
    loop.runTasks();
    assertThat(closed).as("owner told of the close").isEqualTo(1);
    assertThat(loop.hasAlarms()).as("the loop keeps the closed connection").isFalse();
    assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
        .as("bytes in buffers not released")
        .isZero();
  }
}
