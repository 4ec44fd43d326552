package tollgate.transport.http1;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.exchange.ExchangeStarter;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.Authority;
import tollgate.core.http.Owned;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.port.Loop;
import tollgate.core.telemetry.CloseReason;
import tollgate.core.time.Alarm;
import tollgate.transport.loop.LentBuffer;
import tollgate.transport.wire.BodyWatch;
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.Input;
import tollgate.transport.wire.Malformed;
import tollgate.transport.wire.OutputWatch;
import tollgate.transport.wire.Preface;
import tollgate.transport.wire.ServedConnection;

/**
 * One client connection speaking HTTP/1.1: the last handler of its pipeline. Decodes one request at
 * a time and has it answered before it looks at the next; what a client pipelines waits in {@link
 * Input}, and the socket with it. Event loop only.
 *
 * <pre>
 *   OPEN --answered, not kept--> CLOSING --flushed--> LINGERING --client's end, or time--> CLOSED
 *     |                                        \--nothing can be lost-------------------->  ^
 *     +-- client gone, abort -------------------------------------------------------------+
 * </pre>
 *
 * <p>Invariants: {@code current} is the exchange that has not been answered, or whose request body
 * has not been read to its end; at most one. Only {@link #process} decodes, and never inside
 * itself: what an exchange does while it is told something takes effect when the telling is over.
 * The socket is read while {@code input} is empty or somebody wants what it lacks. More than 400
 * lines, because it is one state machine: decoding, deadlines and closing decide together what
 * comes next.
 */
public final class Http1ServerConnection extends ChannelInboundHandlerAdapter
    implements ServedConnection {
  private static final Logger LOG = LoggerFactory.getLogger(Http1ServerConnection.class);
  private static final Fault MISDIRECTED =
      Fault.of(FaultCode.MISDIRECTED, "Host differs from the server name of the TLS handshake.");
  private static final Fault TIMEOUT =
      Fault.of(FaultCode.CLIENT_TIMEOUT, "The request did not come in time.");
  private static final Fault TOO_SLOW =
      Fault.of(FaultCode.REQUEST_TOO_SLOW, "The request body came too slowly.");
  private static final Fault NOT_TAKEN =
      Fault.of(FaultCode.RESPONSE_NOT_TAKEN, "The client did not take the response in time.");

  /**
   * How long the rest of a request is read that nobody wants, before the connection is given up.
   */
  private static final long DRAIN_NANOS = 1_000_000_000L;

  /** How long a client may take to see our end and close its own. */
  private static final long LINGER_NANOS = 5_000_000_000L;

  /** How long a client is not read that was refused for want of room. */
  private static final long REST_NANOS = 500_000_000L;

  /** How much of what is dropped meanwhile is read. */
  private static final long MAX_LINGER_BYTES = 16L * 1024 * 1024;

  /** Takes over from a connection whose client speaks HTTP/2 right away (RFC 9113 section 3.3). */
  @FunctionalInterface
  public interface PriorKnowledge {
    /**
     * @param first what has come, the preface whole in it
     */
    void begin(Http1ServerConnection from, @Owned ByteBuf first);
  }

  private enum Phase {
    OPEN,
    CLOSING,
    LINGERING,
    CLOSED
  }

  /** What the client is given time for. */
  private enum Wait {
    NOTHING,
    NEXT_REQUEST,
    HEAD,
    BODY,
    DRAIN,
    REST,
    LINGER
  }

  private final Channel channel;
  private final ExchangeStarter starter;
  private final ClientConnection client;
  private final Loop loop;
  private final HttpLimits limits;
  private final RequestParser parser;
  private final Input input;
  private final BodyDecoder body = new BodyDecoder();
  private final Outgoing out;
  private final Alarm inputAlarm = new InputAlarm();
  private @Nullable BodyWatch bodyWatch;
  private @Nullable OutputWatch outputWatch;
  private @Nullable Http1ServerStream current;
  private Phase phase = Phase.OPEN;
  private Wait wait = Wait.NOTHING;
  private @Nullable CloseReason reason;

  /** Null once the first request has begun. */
  private @Nullable PriorKnowledge priorKnowledge;

  private boolean isBodyAwaited;
  private boolean isProcessing;
  private boolean isInBurst;
  private boolean isReading = true;
  private boolean isInputShut;
  private boolean isDraining;
  private boolean isBroken;
  private boolean isLingerNeeded;
  private long lingeredBytes;

  /**
   * @param channel open, not necessarily active; this is to be added to its pipeline as the last
   *     handler
   * @param heads the loop's buffer for what is written at once
   * @param priorKnowledge null where no HTTP/2 is spoken without a handshake that says so
   */
  public Http1ServerConnection(
      Channel channel,
      ExchangeStarter starter,
      ClientConnection client,
      Loop loop,
      LentBuffer heads,
      HttpLimits limits,
      @Nullable PriorKnowledge priorKnowledge) {
    this.channel = requireNonNull(channel, "channel");
    this.starter = requireNonNull(starter, "starter");
    this.client = requireNonNull(client, "client");
    this.loop = requireNonNull(loop, "loop");
    this.limits = requireNonNull(limits, "limits");
    this.parser = new RequestParser(client.tls() == null ? "http" : "https", limits);
    this.input = new Input(channel.alloc());
    this.out = new Outgoing(channel, heads);
    this.priorKnowledge = priorKnowledge;
    // A client may end its output after its last request (RFC 9112 9.6). Not every channel knows
    // it.
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  /**
   * Takes no further request: closes at once if none is under way or has begun to come, else tells
   * the client with the response. What is pipelined behind a response that says so is not served.
   */
  @Override
  public void drain() {
    isDraining = true;
    closeIfIdle(CloseReason.DRAINED);
    Http1ServerStream stream = current;
    if (stream != null) {
      stream.onDraining();
    }
  }

  @Override
  public void retire() {
    isDraining = true;
    closeIfIdle(CloseReason.AGE);
  }

  /** Closes if no request is under way and none has begun to come. */
  @Override
  public void closeIfIdle(CloseReason why) {
    if (phase == Phase.OPEN && current == null && input.isEmpty()) {
      because(why);
      closeWhenSent(false);
    }
  }

  /** Why this connection ends or has ended; null if nothing has pointed to its end yet. */
  @Override
  public @Nullable CloseReason reason() {
    return reason;
  }

  /** The first reason holds. */
  void because(CloseReason why) {
    if (reason == null) {
      reason = why;
    }
  }

  // ---- what the channel tells

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (channel.isActive()) {
      settle();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    settle();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (phase != Phase.OPEN) {
      linger(bytes.readableBytes());
      bytes.release();
      return;
    }
    isInBurst = true;
    input.append(bytes);
    process();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    isInBurst = false;
    input.keep();
    Http1ServerStream stream = current;
    if (stream != null) {
      stream.onReadComplete();
    }
    if (phase == Phase.OPEN) {
      flushNow();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (phase == Phase.OPEN && channel.isWritable()) {
      Http1ServerStream stream = current;
      if (stream != null) {
        stream.onWritable();
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      isInputShut = true;
      because(isDraining ? CloseReason.DRAINED : CloseReason.CLIENT);
      if (phase == Phase.LINGERING) {
        close();
      } else if (phase == Phase.OPEN) {
        process();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    because(CloseReason.CLIENT);
    gone(null);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    // Memory is that of buffers: without heap the process ends. Overload is told as a whole.
    if (failure instanceof IOException
        || failure.getCause() instanceof IOException
        || failure instanceof OutOfMemoryError) {
      LOG.debug("{}: client connection failed: {}", client.peer(), failure.toString());
      because(CloseReason.CLIENT);
    } else {
      because(CloseReason.ERROR);
      LOG.error("{}: client connection failed", client.peer(), failure);
    }
    // A failed write is told inside the call that wrote; what the chain is told must not be.
    loop.execute(this::close);
  }

  // ---- decoding

  /** Decodes as far as input and exchanges allow. */
  void process() {
    if (isProcessing) {
      return;
    }
    isProcessing = true;
    try {
      boolean goesOn = true;
      while (goesOn && phase == Phase.OPEN && wait != Wait.REST) {
        Http1ServerStream stream = current;
        goesOn = stream == null ? beginNext() : stream.step(input);
      }
    } finally {
      isProcessing = false;
    }
    settle();
    Http1ServerStream stream = current;
    if (stream != null && !isInBurst) {
      stream.onReadComplete();
    }
  }

  private boolean beginNext() {
    if (isDraining && input.isEmpty()) {
      because(CloseReason.DRAINED);
      closeWhenSent(true);
      return false;
    }
    PriorKnowledge other = priorKnowledge;
    if (other != null && Preface.mayBegin(input)) {
      if (!Preface.isWhole(input)) {
        return false;
      }
      handOver(other);
      return false;
    }
    try {
      ReceivedRequest request = parser.parse(input);
      if (request == null) {
        return false;
      }
      priorKnowledge = null;
      if (isMisdirected(request)) {
        refuse(MISDIRECTED, CloseReason.MALFORMED);
        return true;
      }
      body.begin(request.bodyLength());
      begin(new Http1ServerStream(this, request, body, out, parser.isKeptAlive()), null);
    } catch (Malformed malformed) {
      refuse(malformed.fault(), reasonOf(malformed.fault().code()));
    }
    return true;
  }

  private void handOver(PriorKnowledge other) {
    phase = Phase.CLOSED;
    waitFor(Wait.NOTHING);
    loop.remove(inputAlarm);
    ByteBuf first = input.take(Long.MAX_VALUE);
    read(true);
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    other.begin(this, first);
  }

  /** RFC 9110 7.4: the handshake, and what was checked in it, was for another host. */
  private boolean isMisdirected(ReceivedRequest request) {
    ClientConnection.TlsFacts tls = client.tls();
    String serverName = tls == null ? null : tls.serverName();
    String host = Authority.host(request.authority());
    return serverName != null && !host.isEmpty() && !host.equals(serverName);
  }

  /** An exchange like any other, so that it is recorded; the chain answers it. */
  private void refuse(Fault fault, CloseReason why) {
    because(why);
    input.close();
    body.begin(0);
    isBroken = true;
    begin(new Http1ServerStream(this, parser.remains(), body, out, false), fault);
  }

  private static CloseReason reasonOf(FaultCode code) {
    return code.equals(FaultCode.TARGET_TOO_LONG) || code.equals(FaultCode.FIELDS_TOO_LARGE)
        ? CloseReason.LIMIT
        : CloseReason.MALFORMED;
  }

  private void begin(Http1ServerStream stream, @Nullable Fault malformed) {
    current = stream;
    isBodyAwaited = false;
    waitFor(Wait.NOTHING);
    stream.begun(starter.begin(stream.request(), malformed, client, stream, loop));
  }

  /** After everything that can change who wants what: reading and deadlines. */
  private void settle() {
    if (phase != Phase.OPEN || wait == Wait.REST) {
      return;
    }
    Http1ServerStream stream = current;
    if (isInputShut && stream != null && stream.endsWithInput()) {
      close();
      return;
    }
    boolean lacksInput = stream == null || stream.lacksInput();
    if (isInputShut && lacksInput) {
      // The client has ended its output where more of it was needed.
      if (stream != null && stream.isTunnel()) {
        stream.tunnelEnded();
        return;
      }
      if (stream == null) {
        closeWhenSent(false);
      } else {
        close();
      }
      return;
    }
    read(lacksInput || input.isEmpty());
    if (stream == null) {
      waitFor(input.isEmpty() ? Wait.NEXT_REQUEST : Wait.HEAD);
    } else if (!stream.isDraining()) {
      waitFor(lacksInput && !stream.isTunnel() ? Wait.BODY : Wait.NOTHING);
    }
  }

  private void read(boolean wanted) {
    // Once the input is shut there is nothing to read, and asking would only wake the loop.
    if (isReading != wanted && !isInputShut) {
      isReading = wanted;
      channel.config().setAutoRead(wanted);
    }
  }

  private void waitFor(Wait what) {
    if (wait == what) {
      return;
    }
    if (wait == Wait.BODY && bodyWatch != null) {
      bodyWatch.pause();
    }
    wait = what;
    switch (what) {
      case NOTHING -> loop.clear(inputAlarm);
      case NEXT_REQUEST -> loop.set(inputAlarm, limits.idleNanos());
      case HEAD -> loop.set(inputAlarm, limits.headerNanos());
      case BODY -> loop.set(inputAlarm, awaitBody());
      case DRAIN -> loop.set(inputAlarm, DRAIN_NANOS);
      case REST -> loop.set(inputAlarm, REST_NANOS);
      case LINGER -> loop.set(inputAlarm, LINGER_NANOS);
    }
  }

  private long awaitBody() {
    BodyWatch watch = bodyWatch;
    if (watch == null) {
      watch = new BodyWatch(loop.ticker(), limits);
      bodyWatch = watch;
    }
    if (!isBodyAwaited) {
      isBodyAwaited = true;
      watch.begin();
    }
    return watch.await();
  }

  // ---- what the current exchange tells

  /** A piece of the body came; the alarm looks at it when it goes off. */
  void bodyProgressed(int bytes) {
    if (isBodyAwaited && bodyWatch != null) {
      bodyWatch.moved(bytes);
    }
  }

  boolean isDraining() {
    return isDraining;
  }

  /** Whether the client has ended its output, and nothing of it is left. */
  boolean isInputOver() {
    return isInputShut && input.isEmpty();
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  /** Whether the stream will hear that what came has been told. */
  boolean isTelling() {
    return isProcessing || isInBurst;
  }

  /** Flushes now, or with the rest of what this burst of reads brings about. */
  void flush() {
    if (!isInBurst) {
      flushNow();
    }
  }

  private void flushNow() {
    OutputWatch watch = outputWatch;
    if (watch != null) {
      watch.beforeFlush();
    }
    out.flush();
    if (OutputWatch.isWaiting(channel) && !isTunnel()) {
      watchOutput();
    }
  }

  /** A tunnel watches over its client itself, until it is over and the rest must be taken. */
  private boolean isTunnel() {
    Http1ServerStream stream = current;
    return stream != null && stream.isTunnel();
  }

  /** No HTTP comes any more. */
  void tunnelBegun(Http1ServerStream stream) {
    if (outputWatch != null) {
      outputWatch.stop();
    }
    if (isDraining) {
      loop.execute(stream::onDraining);
    }
  }

  /** Writes are over; {@code isKept} tells whether the connection may be used on. */
  void answered(Http1ServerStream stream, boolean isKept) {
    if (!isKept) {
      because(isDraining ? CloseReason.DRAINED : CloseReason.RESPONSE);
      closeWhenSent(
          isBroken || !stream.isLastRequest() || !stream.isBodyRead() || !input.isEmpty());
      return;
    }
    flush();
    if (stream.isBodyRead()) {
      bodyDrained();
      if (stream.isRestOwed()) {
        waitFor(Wait.REST);
        read(false);
        return;
      }
    } else {
      waitFor(Wait.DRAIN);
    }
    process();
  }

  /** The connection is in step again. */
  void bodyDrained() {
    current = null;
    parser.reset();
  }

  /** What is left of the request is too much, or broken. */
  void drainFailed() {
    because(CloseReason.RESPONSE);
    closeWhenSent(true);
  }

  /**
   * Closes without an answer, or in the middle of one.
   *
   * @param reset so that a body which ends with the connection is not taken for complete
   */
  void abort(boolean reset) {
    because(CloseReason.ABORTED);
    current = null;
    if (reset) {
      reset(null);
    } else {
      close();
    }
  }

  // ---- the end

  /**
   * @param mayLose whether the client may still be sending: closing right away would make its
   *     kernel throw away our last answer (RFC 9112 section 9.6)
   */
  private void closeWhenSent(boolean mayLose) {
    phase = Phase.CLOSING;
    current = null;
    input.close();
    isLingerNeeded = mayLose && !isInputShut;
    waitFor(Wait.NOTHING);
    flushNow();
    var _ =
        channel
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(_ -> {
              if (phase == Phase.CLOSING) {
                sent();
              }
            });
  }

  private void sent() {
    if (!isLingerNeeded || isInputShut || !(channel instanceof DuplexChannel duplex)) {
      close();
      return;
    }
    phase = Phase.LINGERING;
    if (outputWatch != null) {
      outputWatch.stop();
    }
    waitFor(Wait.LINGER);
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      var _ = duplex.shutdownOutput();
    } else {
      var _ =
          tls.closeOutbound()
              .addListener(_ -> {
                var _ = duplex.shutdownOutput();
              });
    }
    read(true);
  }

  private void linger(int bytes) {
    lingeredBytes += bytes;
    if (lingeredBytes > MAX_LINGER_BYTES) {
      close();
    }
  }

  private void close() {
    gone(null);
    var _ = channel.close();
  }

  /**
   * Idempotent.
   *
   * @param tooSlow why, if the client did not take the response in time
   */
  private void gone(@Nullable Fault tooSlow) {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    wait = Wait.NOTHING;
    loop.remove(inputAlarm);
    if (outputWatch != null) {
      loop.remove(outputWatch);
    }
    input.close();
    out.close();
    Http1ServerStream stream = current;
    current = null;
    if (stream != null) {
      stream.onGone(tooSlow);
    }
  }

  private void watchOutput() {
    OutputWatch watch = outputWatch;
    if (watch == null) {
      watch = new ClientOutput();
      outputWatch = watch;
    }
    watch.begin();
  }

  private void notTaken(boolean isRate) {
    because(isRate ? CloseReason.RESPONSE_RATE : CloseReason.RESPONSE_TIMEOUT);
    LOG.debug("{}: client does not read, or too slowly", client.peer());
    reset(NOT_TAKEN);
  }

  private void onInputAlarm() {
    if (wait == Wait.BODY) {
      onBodyAlarm();
      return;
    }
    Wait expired = wait;
    wait = Wait.NOTHING;
    switch (expired) {
      case NOTHING, BODY -> {}
      case NEXT_REQUEST -> {
        // What was sent last may still be on its way to a slow reader: it is watched by the other
        // alarm.
        because(CloseReason.IDLE);
        closeWhenSent(false);
      }
      case HEAD -> {
        refuse(TIMEOUT, CloseReason.HEAD_TIMEOUT);
        process();
      }
      case DRAIN -> drainFailed();
      case REST -> process();
      case LINGER -> close();
    }
  }

  private void onBodyAlarm() {
    BodyWatch watch = requireNonNull(bodyWatch);
    long left = watch.look();
    if (left > 0) {
      loop.set(inputAlarm, left);
      return;
    }
    waitFor(Wait.NOTHING);
    Http1ServerStream stream = current;
    if (stream != null) {
      boolean isTooSlow = watch.isTooSlow();
      because(isTooSlow ? CloseReason.REQUEST_RATE : CloseReason.BODY_TIMEOUT);
      stream.onBodyTimeout(isTooSlow ? TOO_SLOW : TIMEOUT);
      process();
    }
  }

  /** Past TLS too: its close_notify would say that all is well. */
  private void reset(@Nullable Fault tooSlow) {
    gone(tooSlow);
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.unsafe().close(channel.newPromise());
  }

  private final class InputAlarm extends Alarm {
    @Override
    protected void onAlarm() {
      onInputAlarm();
    }
  }

  private final class ClientOutput extends OutputWatch {
    ClientOutput() {
      super(channel, out::flushedBytes, loop, limits);
    }

    @Override
    public void onNotTaken(boolean isRate) {
      notTaken(isRate);
    }
  }
}
