package tollgate.transport.http2;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import tollgate.core.port.Loop;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.port.UpstreamStream;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.transport.loop.LentBuffer;
import tollgate.transport.wire.Input;
import tollgate.transport.wire.Preface;

/**
 * One connection to a backend speaking HTTP/2: carries as many requests at the same time as the
 * backend and the settings allow. Event loop only.
 *
 * <pre>
 *   NEW --the backend's SETTINGS--> READY --drain, GOAWAY, a dead silence--> DRAINING --no request--.
 *    '--error, flood, the backend's end, close------------------------------------------------> over
 * </pre>
 *
 * <p>A request takes its place with {@link #start} and its id when its head is sent: ids go up in
 * the order of heads. The window of the connection is that of all its streams together, so that
 * those that nobody reads do not hold up the others.
 */
public final class Http2ClientConnection extends Http2Connection {
  /** What a response's head may hold, as lists count. */
  private static final int MAX_LIST_BYTES = 64 * 1024;

  private static final int LARGEST_WINDOW = 1 << 30;

  /** Whose connection it is: a pool. Called on the event loop. */
  public interface Owner {
    /** The backend speaks HTTP/2: requests may be started. Told once. */
    void ready(Http2ClientConnection connection);

    /**
     * There is more room than before, also for a request within this call. Called before the events
     * of a request that made it hear of their end.
     */
    void freed(Http2ClientConnection connection);

    /** No further request may be started; it closes when the last has ended. */
    void draining(Http2ClientConnection connection);

    /** It is over; told once. */
    void closed(Http2ClientConnection connection, String cause);
  }

  private final Owner owner;
  private final boolean isHttps;
  private final int maxStreams;
  private boolean takesTunnels;
  private int peerMaxStreams = Integer.MAX_VALUE;
  private int nextStream = 1;
  private int lastProcessed = Integer.MAX_VALUE;

  /** Requests that have a place and no id yet. */
  private int reserved;

  private int knownRoom;
  private int requests;
  private int reads;
  private boolean isReady;
  private boolean isDraining;

  private Http2ClientConnection(
      Channel channel, Loop loop, LentBuffer heads, Owner owner, boolean isHttps, int maxStreams) {
    super(channel, loop, heads, MAX_LIST_BYTES, window(maxStreams));
    this.owner = owner;
    this.isHttps = isHttps;
    this.maxStreams = maxStreams;
  }

  private static int window(int maxStreams) {
    return (int) Math.min(LARGEST_WINDOW, (long) maxStreams * MAX_STREAM_WINDOW);
  }

  /**
   * Makes a connection of a channel, and says the preface.
   *
   * @param channel connected and, with TLS, shaken hands; closes fully when its input ends
   * @param heads the loop's buffer for what is written at once
   * @param maxStreams requests at the same time, whatever more the backend allows
   */
  public static Http2ClientConnection attach(
      Channel channel, Loop loop, LentBuffer heads, Owner owner, boolean isHttps, int maxStreams) {
    var connection =
        new Http2ClientConnection(
            channel, loop, heads, requireNonNull(owner, "owner"), isHttps, maxStreams);
    channel.pipeline().addLast(connection);
    connection.begin();
    return connection;
  }

  private void begin() {
    out().raw(Preface.bytes());
    out()
        .settings(Frame.SETTING_ENABLE_PUSH, 0, Frame.SETTING_MAX_HEADER_LIST_SIZE, MAX_LIST_BYTES);
    announceWindow();
    flushNow();
  }

  // ---- what the owner asks

  /**
   * Takes a place for a request; there is room.
   *
   * @param events what comes back; never called before {@link UpstreamStream#sendHead}
   */
  public UpstreamStream start(UpstreamEvents events, AttemptTimeouts timeouts) {
    if (!hasRoom()) {
      throw new IllegalStateException("no room");
    }
    reserved++;
    requests++;
    knownRoom = limit() - load();
    return new Http2ClientStream(this, events, timeouts, requests > 1);
  }

  /** Whether a request may be started, as far as is known. */
  public boolean hasRoom() {
    return isReady && !isDraining && !isOver() && load() < limit() && channel().isActive();
  }

  /** Requests under way. */
  public int load() {
    return streams().count() + reserved;
  }

  /** Requests there may be at the same time; the backend may change its mind. */
  public int limit() {
    return Math.min(maxStreams, peerMaxStreams);
  }

  /** Takes no further request, and closes when those under way have ended. */
  public void drain() {
    if (!isDraining && !isOver()) {
      isDraining = true;
      owner.draining(this);
      settle();
    }
  }

  /** Closes it; requests under way fail. */
  public void close() {
    fail(ErrorCode.NO_ERROR, "closed by the gateway");
  }

  // ---- what streams ask

  boolean isHttps() {
    return isHttps;
  }

  /** Counts the reads of this connection: whether anything came since. */
  int reads() {
    return reads;
  }

  /**
   * Gives a stream its id.
   *
   * @return false if the backend takes no more
   */
  boolean begin(Http2ClientStream stream) {
    reserved--;
    if (isOver() || lastProcessed != Integer.MAX_VALUE || nextStream < 0) {
      settle();
      return false;
    }
    stream.id(nextStream);
    nextStream += 2;
    floods().opened();
    opened(stream);
    if (nextStream < 0) {
      drain(); // 2^30 requests: there are no ids left
    }
    return true;
  }

  /** A stream was given up before it had an id. */
  void neverBegun(Http2ClientStream stream) {
    reserved--;
    settle();
  }

  /**
   * A response has not come in time.
   *
   * @param readsBefore when it last got on
   */
  void onTimeout(int readsBefore) {
    if (readsBefore == reads) {
      drain(); // nothing came for anybody: there may be nobody any more
    }
  }

  // ---- what the channel and the backend tell

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    reads++;
    super.channelRead(context, message);
  }

  @Override
  boolean isPrefaceRead(Input in) {
    return true; // a server's is its SETTINGS
  }

  @Override
  void onHeaderList(int streamId, HeaderList list, boolean endStream) throws Http2Error {
    if (existing(streamId) instanceof Http2ClientStream stream) {
      stream.onHeaderList(list, endStream);
    }
  }

  @Override
  boolean isIdle(int streamId) {
    // RFC 9113 8.4: even ones would be pushed, and we have said no to that.
    return (streamId & 1) == 0 || (nextStream > 0 && streamId >= nextStream);
  }

  @Override
  int lastPeerStream() {
    return 0;
  }

  /** Whether the backend has said that it takes an extended CONNECT (RFC 8441 section 3). */
  boolean takesTunnels() {
    return takesTunnels;
  }

  @Override
  void onPeerSetting(int id, long value) throws Http2Error {
    if (id == Frame.SETTING_MAX_CONCURRENT_STREAMS) {
      peerMaxStreams = (int) Math.min(value, Integer.MAX_VALUE);
    } else if (id == Frame.SETTING_ENABLE_PUSH && value != 0) {
      // RFC 9113 6.5.2: a server says nothing else.
      throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "ENABLE_PUSH");
    } else if (id == Frame.SETTING_ENABLE_CONNECT_PROTOCOL) {
      if (value > 1 || (value == 0 && takesTunnels)) {
        // RFC 8441 3
        throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "ENABLE_CONNECT_PROTOCOL");
      }
      takesTunnels = value == 1;
    }
  }

  @Override
  void onPeerSettingsEnd() {
    if (!isReady) {
      isReady = true;
      knownRoom = limit() - load();
      owner.ready(this);
    }
  }

  @Override
  void onPeerGoAway(int lastStreamId, long code) {
    lastProcessed = Math.min(lastProcessed, lastStreamId);
    if (!isDraining) {
      isDraining = true;
      owner.draining(this);
    }
    streams()
        .forEach(stream -> {
          if (stream.id() > lastStreamId && !stream.isForgotten) {
            ignore(stream.id());
            drop(stream);
            ((Http2ClientStream) stream).onNotProcessed();
          }
        });
  }

  @Override
  void onPingAck(long data) {}

  @Override
  void settle() {
    if (isOver()) {
      return;
    }
    if (isDraining) {
      if (load() == 0) {
        fail(ErrorCode.NO_ERROR, "drained");
      }
      return;
    }
    int room = limit() - load();
    boolean isMore = room > knownRoom;
    knownRoom = room;
    if (isMore && isReady) {
      owner.freed(this);
    }
  }

  @Override
  void onFlushed() {}

  @Override
  void beforeFlush() {}

  @Override
  void onFailure(boolean isPeer) {}

  @Override
  void onOver(String cause) {
    owner.closed(this, cause);
  }

  @Override
  void closeWhenSent(ErrorCode why) {
    out().flush();
    out().close();
    var _ = channel().close();
  }
}
