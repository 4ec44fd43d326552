package tollgate.transport.http2;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;
import tollgate.core.port.Loop;
import tollgate.transport.loop.LentBuffer;
import tollgate.transport.wire.Input;

/**
 * One connection speaking HTTP/2, either side of it: the last handler of its pipeline, and the only
 * one for all its streams. Reads frames, keeps both windows, shares what may be sent among the
 * streams. Event loop only.
 *
 * <pre>
 *   OPEN --error, GOAWAY and nothing left, peer gone--> over (streams told, channel closing)
 * </pre>
 *
 * <p>Sending: a stream whose data cannot leave at once queues it, and stands in the ready list if
 * its own window lets it send. {@link #pump} takes one frame of each in turn while the connection's
 * window and the channel let it, so that a large response does not keep small ones waiting. A
 * stream that was told it is not writable is told when it is.
 *
 * <p>Receiving: what the chain does not want yet waits in its stream, within the stream's window. A
 * window opens again only by what the chain has taken.
 *
 * <p>Only {@link #process} reads frames, and never inside itself. Flushes of one turn of the loop
 * are put together: those of a burst of reads at its end, others in a task behind the events of the
 * turn. More than 400 lines, because windows, states and the end decide together what may be sent.
 */
abstract class Http2Connection extends ChannelInboundHandlerAdapter implements FrameEvents {
  private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);
  private static final long MAX_WINDOW = Integer.MAX_VALUE;

  /** What the peer may not know yet to be closed: its frames are dropped. */
  private static final int REMEMBERED_RESETS = 64;

  /** What WINDOW_UPDATE opens at most for one stream whose data is taken as it comes. */
  static final int MAX_STREAM_WINDOW = 256 * 1024;

  /** Output that waits to be taken beyond which nothing more is read. */
  private static final int MAX_PILED_BYTES = 256 * 1024;

  /**
   * How much is sent before one more of the waiting streams may bring a piece to the ready list.
   */
  private static final int TURN_BYTES = 32 * 1024;

  /** Data cut to less by a window is not worth its frame. */
  private static final int CRUMB_BYTES = 64;

  static final int TABLE_BYTES = 4096;

  private final Channel channel;
  private final Loop loop;
  private final FrameReader reader;
  private final HpackDecoder decoder = new HpackDecoder(TABLE_BYTES);
  private final HpackEncoder encoder = new HpackEncoder();
  private final HeaderList headers;
  private final Input input;
  private final FrameWriter out;
  private final StreamMap streams = new StreamMap();
  private final Floods floods;
  private final int connectionWindow;
  private final int[] recentResets = new int[REMEMBERED_RESETS];
  private final Runnable flushTask = this::flushScheduled;
  private int nextReset;
  private @Nullable Http2Stream firstReady;
  private @Nullable Http2Stream lastReady;
  private @Nullable Http2Stream dataStream;
  private @Nullable Http2Stream firstTouched;
  private long sendWindow = Frame.DEFAULT_WINDOW;
  private int receiveWindow;
  private int taken;
  private int peerInitialWindow = Frame.DEFAULT_WINDOW;
  private @Nullable Http2Stream firstWaiting;
  private @Nullable Http2Stream lastWaiting;
  private int sentSinceTold;
  private boolean isFirstFrameRead;
  private boolean isProcessing;
  private boolean isInBurst;
  private boolean isPumping;
  private boolean isFlushScheduled;
  private boolean isOver;
  private boolean isReadPaused;

  /**
   * @param maxListBytes as SETTINGS_MAX_HEADER_LIST_SIZE counts
   * @param connectionWindow what all streams together may have sent that nobody has taken
   */
  Http2Connection(
      Channel channel, Loop loop, LentBuffer heads, int maxListBytes, int connectionWindow) {
    this.channel = requireNonNull(channel, "channel");
    this.loop = requireNonNull(loop, "loop");
    this.headers = new HeaderList(maxListBytes);
    this.reader = new FrameReader(this, Math.max(Frame.MAX_PAYLOAD, 2 * maxListBytes));
    this.input = new Input(channel.alloc());
    this.out = new FrameWriter(channel, heads);
    this.floods = new Floods(loop.ticker());
    this.connectionWindow = connectionWindow;
    this.receiveWindow = connectionWindow;
  }

  // ---- what the two sides do differently

  /**
   * Reads what comes before the first frame.
   *
   * @return whether frames follow
   */
  abstract boolean isPrefaceRead(Input in) throws Http2Error;

  /** A whole header block. Called for any id but 0. */
  abstract void onHeaderList(int streamId, HeaderList list, boolean endStream) throws Http2Error;

  /** Whether no stream of this id has been opened yet, by either side. */
  abstract boolean isIdle(int streamId);

  /** The greatest id of the peer's streams that was looked at. */
  abstract int lastPeerStream();

  /** The peer wants to end; streams above {@code lastStreamId} were not looked at. */
  abstract void onPeerGoAway(int lastStreamId, long code);

  /** RFC 9113 6.5.2: what is not common to both sides. Unknown ones are ignored. */
  abstract void onPeerSetting(int id, long value) throws Http2Error;

  /** A whole SETTINGS frame was read. */
  void onPeerSettingsEnd() {}

  abstract void onPingAck(long data);

  /** After everything that can change what is awaited: deadlines, and whether to end. */
  abstract void settle();

  /** No more of what has come is left to be read; asked before what this brings about is sent. */
  void onBurstEnd() {}

  /** A flush has been done. */
  abstract void onFlushed();

  /** Before a flush. */
  abstract void beforeFlush();

  /** This connection is of no use any more; told once, before the streams are. */
  abstract void onOver(String cause);

  /** The last frames are written: the channel is to be closed when they have left. */
  abstract void closeWhenSent(ErrorCode why);

  // ---- what the sides use

  final Channel channel() {
    return channel;
  }

  final Loop loop() {
    return loop;
  }

  final FrameWriter out() {
    return out;
  }

  final HpackEncoder encoder() {
    return encoder;
  }

  final StreamMap streams() {
    return streams;
  }

  final Floods floods() {
    return floods;
  }

  final boolean isOver() {
    return isOver;
  }

  /** Whether a frame other than DATA, a header block, or the preface has begun and not ended. */
  final boolean isInsideHead() {
    return reader.isInsideHead() || (!input.isEmpty() && !reader.isInside());
  }

  final boolean isFirstFrameRead() {
    return isFirstFrameRead;
  }

  final boolean isInBurst() {
    return isInBurst;
  }

  /** A stream begins; the peer's window for it is what its settings say now. */
  final void opened(Http2Stream stream) {
    stream.sendWindow = peerInitialWindow;
    streams.put(stream);
  }

  /** Bytes of windows of our own that were not announced yet by the first settings. */
  final void announceWindow() {
    if (connectionWindow > Frame.DEFAULT_WINDOW) {
      out.windowUpdate(0, connectionWindow - Frame.DEFAULT_WINDOW);
    }
  }

  /** Both its directions have ended; what came on it and was not taken yet still may be. */
  final void closed(Http2Stream stream) {
    if (!stream.isForgotten) {
      stream.isForgotten = true;
      streams.remove(stream);
      if (!isOver) {
        settle();
      }
    }
  }

  /** It was cut short: what waits in it is dropped. */
  final void drop(Http2Stream stream) {
    closed(stream);
    stream.releaseAll();
  }

  /** Frames of a stream that was never begun are to be dropped. */
  final void ignore(int streamId) {
    recentResets[nextReset] = streamId;
    nextReset = (nextReset + 1) % REMEMBERED_RESETS;
  }

  /** Resets a stream, open or not; its exchange is told by who calls. */
  final void reset(int streamId, ErrorCode code) {
    if (isOver) {
      return;
    }
    ignore(streamId);
    out.reset(streamId, code);
    requestFlush();
  }

  /** Ends the connection with GOAWAY; streams that are open are told that it is over. */
  final void fail(ErrorCode code, String cause) {
    if (isOver) {
      return;
    }
    if (code != ErrorCode.NO_ERROR) {
      LOG.debug("{}: {} {}", channel.remoteAddress(), code, cause);
    }
    out.goAway(lastPeerStream(), code);
    over(cause);
    closeWhenSent(code);
  }

  /** The connection is gone, or is to be taken for it. */
  final void over(String cause) {
    if (isOver) {
      return;
    }
    isOver = true;
    onOver(cause);
    firstReady = null;
    lastReady = null;
    firstWaiting = null;
    lastWaiting = null;
    streams.forEach(stream -> {
      drop(stream);
      stream.onConnectionOver(cause);
    });
    if (!isProcessing) {
      input.close();
    }
  }

  // ---- what the channel tells

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (isOver) {
      onReadAfterEnd(bytes.readableBytes());
      bytes.release();
      return;
    }
    takeRead(bytes);
  }

  final void takeRead(@Owned ByteBuf bytes) {
    isInBurst = true;
    input.append(bytes);
    process();
  }

  /** Bytes came that nobody reads any more. */
  void onReadAfterEnd(int bytes) {}

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    onBurstEnd();
    isInBurst = false;
    if (isOver) {
      return;
    }
    input.keep();
    tellTouched();
    pump();
    flushNow();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (isOver || !channel.isWritable()) {
      return;
    }
    if (isReadPaused) {
      isReadPaused = false;
      channel.config().setAutoRead(true);
      loop.execute(this::processRest);
    }
    pump();
    requestFlush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    over("closed by the peer");
    out.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    // Memory is that of buffers: without heap the process ends. Overload is told as a whole.
    boolean isPeer =
        failure instanceof IOException
            || failure.getCause() instanceof IOException
            || failure instanceof OutOfMemoryError;
    if (isPeer) {
      LOG.debug("{}: connection failed: {}", channel.remoteAddress(), failure.toString());
    } else {
      LOG.error("{}: connection failed", channel.remoteAddress(), failure);
    }
    onFailure(isPeer);
    // A failed write is told inside the call that wrote; what the chain is told must not be.
    loop.execute(() -> {
      over(failure.toString());
      out.close();
      var _ = channel.close();
    });
  }

  abstract void onFailure(boolean isPeer);

  // ---- reading

  private void process() {
    if (isProcessing) {
      return;
    }
    isProcessing = true;
    try {
      boolean goesOn = true;
      while (goesOn && !isOver && mayAnswer()) {
        goesOn = step();
      }
    } finally {
      isProcessing = false;
      if (isOver) {
        input.close();
      }
    }
    if (!isOver) {
      settle();
    }
  }

  /**
   * Whether what is answered at once may be read on. Answers in frames that no window holds back
   * pile up before a peer who asks and does not read: then he is not read either.
   */
  private boolean mayAnswer() {
    if (out.pendingBytes() + channelBytes() <= MAX_PILED_BYTES) {
      return true;
    }
    flushNow();
    boolean isPiled = channelBytes() > MAX_PILED_BYTES;
    if (isPiled && !isReadPaused) {
      isReadPaused = true;
      channel.config().setAutoRead(false);
    }
    return !isPiled;
  }

  private long channelBytes() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  /** What was left unread while answers piled up. */
  private void processRest() {
    if (!isOver) {
      process();
      onBurstEnd();
      requestFlush();
    }
  }

  private boolean step() {
    try {
      return isPrefaceRead(input) && isFirstFrame() && reader.read(input);
    } catch (Http2Error error) {
      onError(error);
      return true;
    }
  }

  /** RFC 9113 3.4: the first frame is SETTINGS. */
  private boolean isFirstFrame() throws Http2Error {
    if (isFirstFrameRead) {
      return true;
    }
    if (input.readableBytes() < Frame.HEADER_BYTES) {
      return false;
    }
    ByteBuf bytes = input.bytes();
    int at = bytes.readerIndex();
    if (bytes.getByte(at + 3) != Frame.SETTINGS || (bytes.getByte(at + 4) & Frame.ACK) != 0) {
      throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "the first frame is not SETTINGS");
    }
    isFirstFrameRead = true;
    return true;
  }

  private void onError(Http2Error error) {
    int streamId = error.streamId();
    if (streamId == 0) {
      fail(error.code(), requireNonNull(error.getMessage()));
      return;
    }
    LOG.debug("{}: {} {}", channel.remoteAddress(), error.code(), error.getMessage());
    Http2Stream stream = streams.get(streamId);
    reset(streamId, error.code());
    if (stream != null) {
      drop(stream);
      stream.onBroken(requireNonNull(error.getMessage()));
    }
    try {
      floods.reset();
    } catch (Http2Error flood) {
      fail(flood.code(), requireNonNull(flood.getMessage()));
    }
  }

  @Override
  public final void onHeaders(int streamId, byte[] block, int length, boolean endStream)
      throws Http2Error {
    headers.clear();
    try {
      decoder.decode(block, 0, length, headers);
    } catch (HpackException broken) {
      throw Http2Error.ofConnection(
          ErrorCode.COMPRESSION_ERROR, requireNonNull(broken.getMessage()));
    }
    onHeaderList(streamId, headers, endStream);
  }

  @Override
  public final void onDataFrame(int streamId, int length, int padding) throws Http2Error {
    dataStream = null;
    receiveWindow -= length;
    if (receiveWindow < 0) {
      throw Http2Error.ofConnection(ErrorCode.FLOW_CONTROL_ERROR, "DATA beyond the window");
    }
    take(padding);
    Http2Stream stream = existing(streamId);
    if (stream == null) {
      return;
    }
    if (stream.isInputEnded) {
      throw Http2Error.ofStream(streamId, ErrorCode.STREAM_CLOSED, "DATA after the end");
    }
    stream.receiveWindow -= length;
    if (stream.receiveWindow < 0) {
      throw Http2Error.ofStream(streamId, ErrorCode.FLOW_CONTROL_ERROR, "DATA beyond the window");
    }
    stream.onDataFrame();
    stream.opens(padding);
    dataStream = stream;
  }

  @Override
  public final void onData(int streamId, @Owned ByteBuf piece) throws Http2Error {
    Http2Stream stream = dataStream;
    if (stream == null || stream.isForgotten) {
      take(piece.readableBytes());
      piece.release();
      return;
    }
    stream.received(piece);
  }

  @Override
  public final void onDataFrameEnd(int streamId, boolean endStream) throws Http2Error {
    Http2Stream stream = dataStream;
    dataStream = null;
    if (stream != null && !stream.isForgotten && endStream) {
      stream.receivedAll(Trailers.NONE);
    }
  }

  /**
   * The stream a frame is for.
   *
   * @return null if the peer may not know yet that it is closed: the frame is to be dropped
   */
  final @Nullable Http2Stream existing(int streamId) throws Http2Error {
    Http2Stream stream = streams.get(streamId);
    if (stream != null) {
      return stream;
    }
    if (isIdle(streamId)) {
      // RFC 9113 5.1
      throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "a frame on an idle stream");
    }
    if (!isRecentlyReset(streamId)) {
      throw Http2Error.ofStream(streamId, ErrorCode.STREAM_CLOSED, "a frame on a closed stream");
    }
    return null;
  }

  final boolean isRecentlyReset(int streamId) {
    for (int reset : recentResets) {
      if (reset == streamId) {
        return true;
      }
    }
    return false;
  }

  @Override
  public final void onPriority(int streamId) throws Http2Error {
    floods.idle(); // RFC 9113 5.3.2: it is not acted upon
  }

  @Override
  public final void onReset(int streamId, long code) throws Http2Error {
    if (isIdle(streamId)) {
      throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "RST_STREAM on an idle stream");
    }
    Http2Stream stream = streams.get(streamId);
    if (stream == null) {
      floods.idle();
      return;
    }
    if (stream.isWholeDespite(code)) {
      closed(stream);
      stream.releaseQueue();
      return;
    }
    drop(stream);
    stream.onPeerReset(code);
    floods.reset();
  }

  @Override
  public final void onSetting(int id, long value) throws Http2Error {
    switch (id) {
      case Frame.SETTING_HEADER_TABLE_SIZE ->
          encoder.tableSize((int) Math.min(value, Integer.MAX_VALUE));
      case Frame.SETTING_INITIAL_WINDOW_SIZE -> {
        if (value > MAX_WINDOW) {
          throw Http2Error.ofConnection(ErrorCode.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE");
        }
        initialWindow((int) value);
      }
      case Frame.SETTING_MAX_FRAME_SIZE -> {
        if (value < Frame.MAX_PAYLOAD || value > Frame.LARGEST_MAX_PAYLOAD) {
          throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "MAX_FRAME_SIZE");
        }
        out.maxPayload((int) value);
      }
      // Advisory; and an answer cannot be made smaller (B7 of the bad-input table).
      case Frame.SETTING_MAX_HEADER_LIST_SIZE -> {}
      default -> onPeerSetting(id, value);
    }
  }

  private void initialWindow(int value) throws Http2Error {
    int delta = value - peerInitialWindow;
    peerInitialWindow = value;
    if (delta == 0) {
      return;
    }
    boolean[] isOverflow = {false};
    streams.forEach(stream -> {
      isOverflow[0] |= (long) stream.sendWindow + delta > MAX_WINDOW;
      stream.sendWindow += delta;
    });
    if (isOverflow[0]) {
      throw Http2Error.ofConnection(ErrorCode.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE");
    }
    if (delta > 0) {
      streams.forEach(this::makeReady);
    }
  }

  @Override
  public final void onSettingsEnd() throws Http2Error {
    floods.settings();
    out.settingsAck();
    onPeerSettingsEnd();
    pump();
    requestFlush();
  }

  @Override
  public final void onSettingsAck() throws Http2Error {
    floods.settings();
  }

  @Override
  public final void onPing(long data, boolean isAck) throws Http2Error {
    floods.ping();
    if (isAck) {
      onPingAck(data);
    } else {
      out.ping(data, true);
      requestFlush();
    }
  }

  @Override
  public final void onGoAway(int lastStreamId, long code) throws Http2Error {
    floods.settings();
    onPeerGoAway(lastStreamId, code);
  }

  @Override
  public final void onWindowUpdate(int streamId, int increment) throws Http2Error {
    floods.update();
    if (streamId == 0) {
      sendWindow += increment;
      if (sendWindow > MAX_WINDOW) {
        throw Http2Error.ofConnection(ErrorCode.FLOW_CONTROL_ERROR, "window beyond 2^31-1");
      }
    } else {
      Http2Stream stream = streams.get(streamId);
      if (stream == null) {
        if (isIdle(streamId)) {
          throw Http2Error.ofConnection(
              ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE on an idle stream");
        }
        return; // RFC 9113 5.1: it may be on its way when a stream closes
      }
      if ((long) stream.sendWindow + increment > MAX_WINDOW) {
        throw Http2Error.ofStream(streamId, ErrorCode.FLOW_CONTROL_ERROR, "window beyond 2^31-1");
      }
      stream.sendWindow += increment;
      makeReady(stream);
    }
    pump();
    requestFlush();
  }

  @Override
  public final void onIdleFrame() throws Http2Error {
    floods.idle();
  }

  // ---- windows of ours

  /** The chain, or nobody, has taken so many bytes of the connection's window. */
  final void take(int bytes) {
    if (bytes == 0 || isOver) {
      return;
    }
    taken += bytes;
    if (taken >= connectionWindow / 2) {
      out.windowUpdate(0, taken);
      receiveWindow += taken;
      taken = 0;
      requestFlush();
    }
  }

  /** A stream has room for so many bytes more; the first ones taken make it larger. */
  final void open(Http2Stream stream, int bytes) {
    stream.taken += bytes;
    if (stream.taken < stream.window / 2 || stream.isInputEnded || isOver) {
      return;
    }
    int larger = Math.min(2 * stream.window, MAX_STREAM_WINDOW);
    int increment = stream.taken + Math.max(0, larger - stream.window);
    stream.window = Math.max(stream.window, larger);
    stream.taken = 0;
    stream.receiveWindow += increment;
    out.windowUpdate(stream.id(), increment);
    requestFlush();
  }

  // ---- sending

  /** Whether a stream with nothing queued may send a piece now. */
  final boolean maySend(Http2Stream stream) {
    return firstReady == null
        && stream.sendWindow > 0
        && sendWindow > 0
        && channel.isWritable()
        && !isOver;
  }

  /** Whether a window of the peer keeps the stream from sending anything. */
  final boolean isClosedTo(Http2Stream stream) {
    return stream.sendWindow <= 0 || sendWindow <= 0;
  }

  /** The stream was told that it must wait for room. */
  final void waits(Http2Stream stream) {
    if (stream.isWaiting || stream.isForgotten) {
      return;
    }
    stream.isWaiting = true;
    Http2Stream last = lastWaiting;
    if (last == null) {
      firstWaiting = stream;
    } else {
      last.nextWaiting = stream;
    }
    lastWaiting = stream;
  }

  /** Puts it in line if it has something to send and its window lets it. */
  final void makeReady(Http2Stream stream) {
    if (stream.isReady || stream.sendWindow <= 0 || !stream.hasQueued() || stream.isForgotten) {
      return;
    }
    stream.isReady = true;
    Http2Stream last = lastReady;
    if (last == null) {
      firstReady = stream;
    } else {
      last.nextReady = stream;
    }
    lastReady = stream;
  }

  /**
   * Writes as much of a piece as the windows let through, frame by frame.
   *
   * @return what is left of it, given away; null for nothing
   */
  final @Nullable ByteBuf write(Http2Stream stream, @Owned ByteBuf piece, boolean isOneFrame) {
    while (true) {
      int length = piece.readableBytes();
      long most = Math.min(Math.min(sendWindow, stream.sendWindow), out.maxPayload());
      if (most <= 0 || !channel.isWritable()) {
        return piece;
      }
      floods.sent();
      if (length <= most) {
        spend(stream, length);
        out.data(stream.id(), piece, false);
        return null;
      }
      if (most < CRUMB_BYTES) {
        crumb();
      }
      spend(stream, (int) most);
      out.data(stream.id(), piece.readRetainedSlice((int) most), false);
      if (isOneFrame) {
        return piece;
      }
    }
  }

  private void crumb() {
    try {
      floods.crumb();
    } catch (Http2Error flood) {
      // Not inside this call: whose piece it is would be told that it is over.
      loop.execute(() -> fail(flood.code(), requireNonNull(flood.getMessage())));
    }
  }

  private void spend(Http2Stream stream, int bytes) {
    sendWindow -= bytes;
    stream.sendWindow -= bytes;
    stream.sentBytes += bytes;
    sentSinceTold += bytes;
  }

  /** Sends what waits, a frame of each stream in turn; then who waits for room is told of it. */
  final void pump() {
    if (isPumping || isOver) {
      return;
    }
    isPumping = true;
    try {
      while (sendWindow > 0 && channel.isWritable()) {
        Http2Stream stream = firstReady;
        if (stream == null) {
          break;
        }
        firstReady = stream.nextReady;
        stream.nextReady = null;
        stream.isReady = false;
        if (firstReady == null) {
          lastReady = null;
        }
        if (!stream.isForgotten) {
          stream.sendQueuedFrame();
          makeReady(stream);
        }
      }
    } finally {
      isPumping = false;
    }
    tellWritable();
  }

  /** In the order they began to wait; who waits again has to wait for all others. */
  private void tellWritable() {
    if (firstReady != null || !channel.isWritable()) {
      tellInTurn();
      return;
    }
    sentSinceTold = 0;
    Http2Stream stream = firstWaiting;
    firstWaiting = null;
    lastWaiting = null;
    while (stream != null) {
      Http2Stream next = unlinked(stream);
      if (!stream.hasQueued() && maySend(stream) && !stream.isForgotten) {
        stream.onWritable();
      } else {
        waits(stream);
      }
      stream = next;
    }
  }

  /** While others stand in line: one for every {@link #TURN_BYTES} that were sent. */
  private void tellInTurn() {
    for (int looks = streams.count(); looks > 0 && sentSinceTold >= TURN_BYTES; looks--) {
      Http2Stream stream = firstWaiting;
      if (stream == null) {
        sentSinceTold = TURN_BYTES;
        return;
      }
      firstWaiting = unlinked(stream);
      if (firstWaiting == null) {
        lastWaiting = null;
      }
      if (stream.hasQueued() || stream.sendWindow <= 0) {
        waits(stream);
      } else if (!stream.isForgotten) {
        sentSinceTold -= TURN_BYTES;
        stream.isInvited = true;
        stream.onWritable();
      }
    }
  }

  private static @Nullable Http2Stream unlinked(Http2Stream stream) {
    Http2Stream next = stream.nextWaiting;
    stream.nextWaiting = null;
    stream.isWaiting = false;
    return next;
  }

  /** A stream got something in this burst of reads, and is told of the burst's end. */
  final void touch(Http2Stream stream) {
    if (!stream.isTouched) {
      stream.isTouched = true;
      stream.nextTouched = firstTouched;
      firstTouched = stream;
    }
  }

  private void tellTouched() {
    Http2Stream stream = firstTouched;
    firstTouched = null;
    while (stream != null) {
      Http2Stream next = stream.nextTouched;
      stream.nextTouched = null;
      stream.isTouched = false;
      stream.onReadComplete();
      stream = next;
    }
  }

  /** Flushes with the rest of what this turn of the loop brings about. */
  final void requestFlush() {
    if (!isInBurst && !isFlushScheduled && !isOver) {
      isFlushScheduled = true;
      loop.execute(flushTask);
    }
  }

  private void flushScheduled() {
    isFlushScheduled = false;
    if (!isOver) {
      tellTouched();
      pump();
      flushNow();
    }
  }

  final void flushNow() {
    beforeFlush();
    out.flush();
    onFlushed();
  }
}
