package tollgate.transport.http1;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.port.Loop;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.port.UpstreamStream;
import tollgate.core.time.Alarm;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.transport.loop.LentBuffer;
import tollgate.transport.wire.Input;

/**
 * One connection to a backend speaking HTTP/1.1: the last handler of its pipeline. Carries one
 * request at a time, nothing pipelined. Event loop only.
 *
 * <pre>
 *   IDLE --start--> BUSY --response complete, all in step--> IDLE (owner: idle)
 *     |               \--anything else--> CLOSED (owner: closed)
 *     \--a byte, or the backend's end--> CLOSED
 * </pre>
 *
 * <p>Invariants: {@code current} is null unless BUSY. An idle connection has no input, reads its
 * socket, and owes nothing in either direction. The owner is told of the close exactly once. Only
 * {@link #process} decodes, and never inside itself.
 */
public final class Http1ClientConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Http1ClientConnection.class);

  /** Whose connection it is: a pool. Called on the event loop. */
  public interface Owner {
    /**
     * The connection can take another request, also within this call. Called before the events of
     * the old one hear of their end.
     */
    void idle(Http1ClientConnection connection);

    /** It is closed, or was found unfit; told once, idle or not. */
    void closed(Http1ClientConnection connection);
  }

  private final Channel channel;
  private final Loop loop;
  private final Owner owner;
  private final Input input;
  private final ResponseParser parser = new ResponseParser();
  private final BodyDecoder body = new BodyDecoder();
  private final Outgoing out;
  private final Alarm alarm = new StreamAlarm();
  private @Nullable Http1ClientStream current;
  private @Nullable String closeCause;
  private boolean isProcessing;
  private boolean isReading = true;
  private boolean isInputOver;
  private boolean isCloseNotified;
  private boolean isClosed;
  private boolean isTold;
  private int requests;

  private Http1ClientConnection(Channel channel, Loop loop, LentBuffer heads, Owner owner) {
    this.channel = channel;
    this.loop = loop;
    this.owner = owner;
    this.input = new Input(channel.alloc());
    this.out = new Outgoing(channel, heads);
    // A failed write must not throw away an answer that has come: see exceptionCaught.
    channel.config().setOption(ChannelOption.AUTO_CLOSE, false);
  }

  /**
   * Makes a connection of a channel.
   *
   * @param channel connected and, with TLS, shaken hands; closes fully when its input ends
   * @param heads the loop's buffer for what is written at once
   */
  public static Http1ClientConnection attach(
      Channel channel, Loop loop, LentBuffer heads, Owner owner) {
    Http1ClientConnection connection =
        new Http1ClientConnection(
            requireNonNull(channel, "channel"),
            requireNonNull(loop, "loop"),
            requireNonNull(heads, "heads"),
            requireNonNull(owner, "owner"));
    channel.pipeline().addLast(connection);
    return connection;
  }

  /**
   * Begins a request; the connection is idle.
   *
   * @param events what comes back; never called before {@link UpstreamStream#sendHead}
   */
  public UpstreamStream start(UpstreamEvents events, AttemptTimeouts timeouts) {
    if (current != null) {
      throw new IllegalStateException("busy");
    }
    requests++;
    parser.reset();
    Http1ClientStream stream =
        new Http1ClientStream(this, events, timeouts, parser, body, out, requests > 1);
    current = stream;
    return stream;
  }

  /** Whether a request may be started, as far as is known. */
  public boolean isIdle() {
    return current == null && !isClosed && channel.isActive();
  }

  /**
   * How long the backend said it keeps the connection when idle, in nanoseconds; {@link
   * Long#MAX_VALUE} if it said nothing.
   */
  public long idleLimitNanos() {
    return parser.idleLimitNanos();
  }

  /** How many requests it has carried. */
  public int requests() {
    return requests;
  }

  /** Closes it; a request under way fails. */
  public void close() {
    closeNow();
    over("closed by the gateway");
  }

  // ---- what the channel tells

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (current == null || isClosed) {
      // RFC 9112 9.2: nobody asked; whatever follows would be taken for an answer to the next
      // request.
      bytes.release();
      closeNow();
      return;
    }
    input.append(bytes);
    process();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    input.keep();
    Http1ClientStream stream = current;
    if (stream != null) {
      stream.onReadComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Http1ClientStream stream = current;
    if (stream != null && channel.isWritable()) {
      stream.onWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslCloseCompletionEvent completion && completion.isSuccess()) {
      isCloseNotified = true;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    over("closed by the backend");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    if (closeCause == null) {
      closeCause = failure.toString();
    }
    if (failure instanceof IOException && current != null) {
      // A backend that answers early and closes makes our next write fail; its answer is still to
      // be
      // read, and the end behind it. A failed read closes the channel by itself.
      return;
    }
    // Memory is that of buffers: without heap the process ends. Overload is told as a whole.
    if (failure instanceof IOException
        || failure.getCause() instanceof IOException
        || failure instanceof OutOfMemoryError) {
      LOG.debug("{}: connection to backend failed: {}", channel.remoteAddress(), closeCause);
    } else {
      LOG.error("{}: connection to backend failed", channel.remoteAddress(), failure);
    }
    loop.execute(this::failed);
  }

  private void failed() {
    closeNow();
    over("failed");
  }

  // ---- decoding

  void process() {
    if (isProcessing) {
      return;
    }
    isProcessing = true;
    try {
      Http1ClientStream stream = current;
      while (stream != null && stream.step(input, isInputOver)) {
        stream = current;
      }
    } finally {
      isProcessing = false;
    }
    settle();
  }

  /** After everything that can change who wants what. */
  private void settle() {
    Http1ClientStream stream = current;
    if (stream == null) {
      if (!input.isEmpty()) {
        input.close();
        closeNow();
      }
      return;
    }
    boolean lacksInput = stream.lacksInput();
    if (isInputOver && lacksInput) {
      String cause = closeCause;
      stream.onCutShort(cause == null ? "closed" : cause);
      return;
    }
    read(lacksInput || input.isEmpty());
  }

  private void read(boolean wanted) {
    if (isReading != wanted) {
      isReading = wanted;
      channel.config().setAutoRead(wanted);
    }
  }

  /** Nothing will come any more but what is in {@code input}. */
  private void over(String cause) {
    if (!isInputOver) {
      isInputOver = true;
      if (closeCause == null) {
        closeCause = cause;
      }
      told();
      process();
    }
  }

  // ---- what the current stream tells

  boolean isActive() {
    return channel.isActive() && !isClosed;
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  Alarm alarm() {
    return alarm;
  }

  Loop loop() {
    return loop;
  }

  /** Whether the end of the connection is as good as the end of a body. */
  boolean isEndTrusted() {
    // Without close_notify anybody on the way may have cut it (RFC 9112 9.8).
    return isCloseNotified || channel.pipeline().get(SslHandler.class) == null;
  }

  /** The response has ended; the connection is kept if it is in step. */
  void completed(boolean isReusable) {
    current = null;
    loop.clear(alarm);
    if (isReusable && isActive() && !isInputOver && input.isEmpty() && isAllSent()) {
      // A paused connection would stall its next user.
      read(true);
      owner.idle(this);
    } else {
      input.close();
      closeNow();
    }
  }

  /** The stream is given up, or has failed. */
  void discarded() {
    current = null;
    input.close();
    closeNow();
  }

  private boolean isAllSent() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer != null && buffer.isEmpty();
  }

  private void closeNow() {
    if (!isClosed) {
      isClosed = true;
      out.close();
      var _ = channel.close();
    }
    told();
  }

  private void told() {
    loop.remove(alarm);
    if (!isTold) {
      isTold = true;
      owner.closed(this);
    }
  }

  private final class StreamAlarm extends Alarm {
    @Override
    protected void onAlarm() {
      Http1ClientStream stream = current;
      if (stream != null) {
        stream.onAlarm();
      }
    }
  }
}
