package tollgate.transport.http2;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Predicate;
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
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.Input;
import tollgate.transport.wire.Malformed;
import tollgate.transport.wire.OutputWatch;
import tollgate.transport.wire.Preface;
import tollgate.transport.wire.ServedConnection;

/**
 * One client connection speaking HTTP/2: begins an exchange for each stream the client opens, and
 * says when the connection is to end. Event loop only.
 *
 * <pre>
 *   OPEN --drain--> told with GOAWAY(2^31-1) --PING answered, or a second--> GOAWAY(last stream)
 *     |                                                                          | no stream left
 *     +--error, flood, idle: GOAWAY----------------------------------------> LINGERING --> closed
 * </pre>
 *
 * <p>More than 400 lines: when a stream may begin and when the connection ends depend on each
 * other.
 */
public final class Http2ServerConnection extends Http2Connection implements ServedConnection {
  /** What the streams of a client may have sent together that no backend has taken. */
  private static final int CONNECTION_WINDOW = 512 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Http2ServerConnection.class);
  private static final long DRAIN_PING = 0x746f6c6c67617465L;
  private static final long DRAIN_NANOS = 1_000_000_000L;
  private static final long LOOK_NANOS = 1_000_000_000L;

  /** How long a client may take to see our end and close its own. */
  private static final long LINGER_NANOS = 5_000_000_000L;

  private static final int REMEMBERED_SKIPS = 16;

  /**
   * Streams of a client that takes nothing on them, beyond which no further exchange begins: each
   * may keep a connection of a backend from others.
   */
  private static final int MAX_UNTAKEN = 16;

  private static final long MAX_LINGER_BYTES = 16L * 1024 * 1024;

  private static final Fault MISDIRECTED =
      Fault.of(
          FaultCode.MISDIRECTED,
          "The authority differs from the server name of the TLS handshake.");
  private static final Fault BROKEN =
      Fault.of(FaultCode.MALFORMED_REQUEST, "The request breaks the rules of HTTP/2.");

  /** What the client is given time for. */
  private enum Wait {
    NOTHING,
    NEXT_REQUEST,
    HEAD,
    LINGER
  }

  private final ExchangeStarter starter;
  private final ClientConnection client;
  private final HttpLimits limits;
  private final RequestHeads heads;
  private final Alarm inputAlarm = new InputAlarm();
  private final Alarm drainAlarm = new DrainAlarm();
  private final Alarm lookAlarm = new LookAlarm();
  private final Predicate<Http2Stream> untaken = this::isUntaken;
  private @Nullable OutputWatch outputWatch;
  private Wait wait = Wait.NOTHING;
  private @Nullable CloseReason reason;

  // Streams whose exchanges begin when the burst that brought them has been read.
  private @Nullable Http2ServerStream firstUnbegun;
  private @Nullable Http2ServerStream lastUnbegun;
  private int prefaceRead;
  private int lastStream;

  /** Null for a client that takes one id after the other. */
  private int @Nullable [] skipped;

  /** The last stream that is served; those above are dropped. */
  private int lastServed = Integer.MAX_VALUE;

  private boolean isBegun;
  private boolean isDraining;
  private boolean isLooking;
  private boolean isBeginScheduled;
  private boolean isTooSlow;
  private long lingeredBytes;

  /**
   * @param channel open, not necessarily active; this is to be added to its pipeline as the last
   *     handler
   * @param sent the loop's buffer for what is written at once
   */
  public Http2ServerConnection(
      Channel channel,
      ExchangeStarter starter,
      ClientConnection client,
      Loop loop,
      LentBuffer sent,
      HttpLimits limits) {
    super(channel, loop, sent, listBytes(limits), CONNECTION_WINDOW);
    this.starter = requireNonNull(starter, "starter");
    this.client = requireNonNull(client, "client");
    this.limits = limits;
    this.heads = new RequestHeads(client.tls() == null ? "http" : "https", limits);
  }

  /** As lists count: 32 more for each field than HTTP/1, and the target is in it. */
  private static int listBytes(HttpLimits limits) {
    return limits.headerBytes() + limits.requestLineBytes() + 32 * limits.headerLines();
  }

  /** What had been read before this stood in the pipeline; the end of that burst is told to it. */
  public void takeFirst(@Owned ByteBuf bytes) {
    takeRead(bytes);
  }

  /** Takes no further request after those on their way, and closes when all are answered. */
  @Override
  public void retire() {
    if (isDraining || isOver()) {
      return;
    }
    isDraining = true;
    because(CloseReason.DRAINED);
    out().goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR);
    out().ping(DRAIN_PING, false);
    loop().set(drainAlarm, DRAIN_NANOS);
    requestFlush();
  }

  @Override
  public void drain() {
    retire();
    streams().forEach(stream -> ((Http2ServerStream) stream).onDraining());
  }

  /** Closes if no request is under way. */
  @Override
  public void closeIfIdle(CloseReason why) {
    if (streams().count() == 0) {
      because(why);
      fail(ErrorCode.NO_ERROR, "idle");
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

  ClientConnection client() {
    return client;
  }

  HttpLimits limits() {
    return limits;
  }

  // ---- what the channel tells

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (channel().isActive()) {
      begin();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    begin();
  }

  private void begin() {
    if (isBegun) {
      return;
    }
    isBegun = true;
    out()
        .settings(
            Frame.SETTING_MAX_CONCURRENT_STREAMS,
            limits.maxStreams(),
            Frame.SETTING_MAX_HEADER_LIST_SIZE,
            listBytes(limits),
            Frame.SETTING_ENABLE_CONNECT_PROTOCOL,
            1);
    announceWindow();
    flushNow();
    settle();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    because(CloseReason.CLIENT);
    super.channelInactive(context);
    onBurstEnd();
    loop().remove(inputAlarm);
  }

  @Override
  void onFailure(boolean isPeer) {
    because(isPeer ? CloseReason.CLIENT : CloseReason.ERROR);
  }

  @Override
  void onReadAfterEnd(int bytes) {
    lingeredBytes += bytes;
    if (lingeredBytes > MAX_LINGER_BYTES) {
      close();
    }
  }

  // ---- what the client asks

  @Override
  boolean isPrefaceRead(Input in) throws Http2Error {
    while (prefaceRead < Preface.length()) {
      if (in.isEmpty()) {
        return false;
      }
      if (in.readByte() != Preface.at(prefaceRead++)) {
        throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "no connection preface");
      }
    }
    return true;
  }

  @Override
  boolean isIdle(int streamId) {
    return (streamId & 1) == 0 || streamId > lastStream;
  }

  @Override
  int lastPeerStream() {
    return Math.min(lastStream, lastServed);
  }

  @Override
  void onHeaderList(int streamId, HeaderList list, boolean endStream) throws Http2Error {
    if ((streamId & 1) == 0) {
      // RFC 9113 5.1.1
      throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "a client's stream is odd");
    }
    if (streamId <= lastStream) {
      onTrailers(streamId, list, endStream);
      return;
    }
    if (streamId > lastStream + 2) {
      skipped(lastStream + 2, streamId);
    }
    lastStream = streamId;
    if (streamId > lastServed) {
      ignore(streamId); // RFC 9113 6.8: told by GOAWAY, and free to ask elsewhere
      return;
    }
    if (streams().count() >= limits.maxStreams()) {
      throw Http2Error.ofStream(streamId, ErrorCode.REFUSED_STREAM, "more streams than allowed");
    }
    floods().opened();
    ReceivedRequest request;
    try {
      request = heads.read(streamId, list, endStream);
    } catch (Malformed refused) {
      begin(streamId, heads.remains(), refused.fault(), endStream, false);
      return;
    } catch (Http2Error broken) {
      begin(streamId, heads.remains(), BROKEN, endStream, true);
      throw broken;
    }
    begin(streamId, request, isMisdirected(request) ? MISDIRECTED : null, endStream, false);
  }

  /**
   * An exchange like any other where it is refused, too, so that it is recorded.
   *
   * @param isBroken whether nothing is to be sent: the stream is about to be reset
   */
  private void begin(
      int streamId,
      ReceivedRequest request,
      @Nullable Fault refused,
      boolean endStream,
      boolean isBroken)
      throws Http2Error {
    var stream = new Http2ServerStream(this, streamId, request, refused, isBroken);
    if (isBroken) {
      begin(stream);
      return;
    }
    opened(stream);
    addUnbegun(stream);
    if (refused == null) {
      stream.declare(heads.declared());
    }
    if (endStream) {
      stream.receivedNone();
    }
    touch(stream);
  }

  private void addUnbegun(Http2ServerStream stream) {
    Http2ServerStream last = lastUnbegun;
    if (last == null) {
      firstUnbegun = stream;
    } else {
      last.nextUnbegun = stream;
    }
    lastUnbegun = stream;
  }

  /**
   * Requests are looked at when all that came with them has been read: what was taken back by then
   * costs no backend anything (B3 and B4 of the bad-input table). Those of a client that opens no
   * window for what it has asked already wait until it does.
   */
  @Override
  void onBurstEnd() {
    Http2ServerStream stream = firstUnbegun;
    if (stream == null) {
      return;
    }
    firstUnbegun = null;
    lastUnbegun = null;
    int room = MAX_UNTAKEN;
    if (streams().count() > MAX_UNTAKEN) {
      room -= streams().count(untaken);
    }
    while (stream != null) {
      Http2ServerStream next = stream.nextUnbegun;
      stream.nextUnbegun = null;
      if (room > 0 || stream.isOver() || isOver()) {
        begin(stream);
        if (isUntaken(stream)) {
          room--;
        }
      } else {
        addUnbegun(stream);
      }
      stream = next;
    }
  }

  private boolean isUntaken(Http2Stream stream) {
    return isClosedTo(stream)
        && !stream.isOutputEnded()
        && !stream.isForgotten
        && ((Http2ServerStream) stream).isBegun();
  }

  /** One that took nothing is gone: another may begin. */
  private void beginLater() {
    if (firstUnbegun != null && !isInBurst() && !isBeginScheduled) {
      isBeginScheduled = true;
      loop()
          .execute(() -> {
            isBeginScheduled = false;
            onBurstEnd();
            if (!isOver()) {
              requestFlush();
            }
          });
    }
  }

  private void begin(Http2ServerStream stream) {
    if (stream.isOver()) {
      starter.takenBack(stream.request(), client, stream, loop());
    } else {
      stream.begun(starter.begin(stream.request(), stream.refusal(), client, stream, loop()));
    }
  }

  /**
   * Ids from {@code from} to before {@code to} can never be used any more; the last few are known.
   */
  private void skipped(int from, int to) {
    int[] ranges = skipped;
    if (ranges == null) {
      ranges = new int[REMEMBERED_SKIPS];
      skipped = ranges;
    }
    System.arraycopy(ranges, 0, ranges, 2, ranges.length - 2);
    ranges[0] = from;
    ranges[1] = to;
  }

  private boolean isSkipped(int streamId) {
    int[] ranges = skipped;
    for (int i = 0; ranges != null && i < ranges.length; i += 2) {
      if (streamId >= ranges[i] && streamId < ranges[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /** RFC 9110 7.4: the handshake, and what was checked in it, was for another host. */
  private boolean isMisdirected(ReceivedRequest request) {
    ClientConnection.TlsFacts tls = client.tls();
    String serverName = tls == null ? null : tls.serverName();
    String host = Authority.host(request.authority());
    return serverName != null && !host.isEmpty() && !host.equals(serverName);
  }

  private void onTrailers(int streamId, HeaderList list, boolean endStream) throws Http2Error {
    Http2Stream stream = streams().get(streamId);
    if (stream == null) {
      if (isRecentlyReset(streamId)) {
        return;
      }
      if (isSkipped(streamId)) {
        // RFC 9113 5.1.1
        throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "an id that was passed over");
      }
      throw Http2Error.ofConnection(ErrorCode.STREAM_CLOSED, "HEADERS on a closed stream");
    }
    if (stream.isInputEnded) {
      throw Http2Error.ofStream(streamId, ErrorCode.STREAM_CLOSED, "HEADERS after the end");
    }
    if (!endStream) {
      // RFC 9113 8.1
      throw Http2Error.ofStream(streamId, ErrorCode.PROTOCOL_ERROR, "a second head");
    }
    stream.receivedAll(TrailerFields.read(streamId, list));
  }

  @Override
  void onPeerGoAway(int lastStreamId, long code) {
    // The client wants no more; what it has asked is answered, and it closes.
  }

  @Override
  void onPeerSetting(int id, long value) throws Http2Error {
    if (id == Frame.SETTING_ENABLE_PUSH && value > 1) {
      throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "ENABLE_PUSH");
    }
    if (id == Frame.SETTING_ENABLE_CONNECT_PROTOCOL && value > 1) {
      throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "ENABLE_CONNECT_PROTOCOL");
    }
  }

  @Override
  void onPingAck(long data) {
    if (data == DRAIN_PING && isDraining) {
      endDraining();
    }
  }

  private void endDraining() {
    if (lastServed == Integer.MAX_VALUE && !isOver()) {
      lastServed = lastStream;
      loop().remove(drainAlarm);
      out().goAway(lastServed, ErrorCode.NO_ERROR);
      requestFlush();
      settle();
    }
  }

  // ---- time

  @Override
  void settle() {
    if (isOver()) {
      return;
    }
    beginLater();
    boolean hasStreams = streams().count() > 0;
    if (!hasStreams && lastServed != Integer.MAX_VALUE) {
      fail(ErrorCode.NO_ERROR, "drained");
      return;
    }
    if (!isFirstFrameRead() || isInsideHead()) {
      waitFor(Wait.HEAD);
    } else {
      waitFor(hasStreams ? Wait.NOTHING : Wait.NEXT_REQUEST);
    }
    if (hasStreams && !isLooking) {
      isLooking = true;
      loop().set(lookAlarm, LOOK_NANOS);
    }
  }

  private void waitFor(Wait what) {
    if (wait == what) {
      return;
    }
    wait = what;
    switch (what) {
      case NOTHING -> loop().clear(inputAlarm);
      case NEXT_REQUEST -> loop().set(inputAlarm, limits.idleNanos());
      case HEAD -> loop().set(inputAlarm, limits.headerNanos());
      case LINGER -> loop().set(inputAlarm, LINGER_NANOS);
    }
  }

  private void onInputAlarm() {
    Wait expired = wait;
    wait = Wait.NOTHING;
    switch (expired) {
      case NOTHING -> {}
      case NEXT_REQUEST -> {
        because(CloseReason.IDLE);
        fail(ErrorCode.NO_ERROR, "idle");
      }
      case HEAD -> {
        because(CloseReason.HEAD_TIMEOUT);
        fail(ErrorCode.PROTOCOL_ERROR, "a frame did not come in time");
      }
      case LINGER -> close();
    }
  }

  /** Looks at streams whose client is to send or to take, and does not. */
  private void look() {
    isLooking = false;
    if (isOver()) {
      return;
    }
    boolean isWritable = channel().isWritable();
    streams().forEach(stream -> ((Http2ServerStream) stream).look(LOOK_NANOS, isWritable));
    settle();
  }

  @Override
  void beforeFlush() {
    OutputWatch watch = outputWatch;
    if (watch != null) {
      watch.beforeFlush();
    }
  }

  @Override
  void onFlushed() {
    if (OutputWatch.isWaiting(channel())) {
      OutputWatch watch = outputWatch;
      if (watch == null) {
        watch = new ClientOutput();
        outputWatch = watch;
      }
      watch.begin();
    }
  }

  private void notTaken(boolean isRate) {
    because(isRate ? CloseReason.RESPONSE_RATE : CloseReason.RESPONSE_TIMEOUT);
    LOG.debug("{}: client does not read, or too slowly", client.peer());
    isTooSlow = true;
    over("not taken");
    channel().config().setOption(ChannelOption.SO_LINGER, 0);
    channel().unsafe().close(channel().newPromise());
  }

  /** Whether it ended because the client took too little. */
  boolean isTooSlow() {
    return isTooSlow;
  }

  // ---- the end

  @Override
  void onOver(String cause) {
    wait = Wait.NOTHING;
    loop().remove(inputAlarm);
    loop().remove(drainAlarm);
    loop().remove(lookAlarm);
    if (outputWatch != null) {
      loop().remove(outputWatch);
    }
  }

  @Override
  void closeWhenSent(ErrorCode why) {
    because(
        why == ErrorCode.ENHANCE_YOUR_CALM
            ? CloseReason.LIMIT
            : why == ErrorCode.NO_ERROR ? CloseReason.DRAINED : CloseReason.MALFORMED);
    out().flush();
    channel().config().setAutoRead(true); // what comes is dropped
    waitFor(Wait.LINGER);
    var _ = channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> sent());
  }

  /** The client may still be sending: closing right away would throw away our last words. */
  private void sent() {
    if (!(channel() instanceof DuplexChannel duplex) || !duplex.isActive()) {
      close();
      return;
    }
    SslHandler tls = duplex.pipeline().get(SslHandler.class);
    if (tls == null) {
      var _ = duplex.shutdownOutput();
    } else {
      var _ =
          tls.closeOutbound()
              .addListener(_ -> {
                var _ = duplex.shutdownOutput();
              });
    }
  }

  private void close() {
    loop().remove(inputAlarm);
    out().close();
    var _ = channel().close();
  }

  private final class InputAlarm extends Alarm {
    @Override
    protected void onAlarm() {
      onInputAlarm();
    }
  }

  private final class DrainAlarm extends Alarm {
    @Override
    protected void onAlarm() {
      endDraining();
    }
  }

  private final class LookAlarm extends Alarm {
    @Override
    protected void onAlarm() {
      look();
    }
  }

  private final class ClientOutput extends OutputWatch {
    ClientOutput() {
      super(channel(), out()::flushedBytes, loop(), limits);
    }

    @Override
    public void onNotTaken(boolean isRate) {
      notTaken(isRate);
    }
  }
}
