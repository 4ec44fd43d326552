package tollgate.transport.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamFailure.Kind;
import tollgate.core.port.UpstreamStream;
import tollgate.core.time.Alarm;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Target;
import tollgate.transport.http1.Http1ClientConnection;
import tollgate.transport.http2.Http2ClientConnection;
import tollgate.transport.loop.NettyLoop;
import tollgate.transport.tls.ClientTls;

/**
 * One connection to a target, from the moment a permit was taken for it. Event loop only. Its alarm
 * ends the dialling, and later the rest between two exchanges. The states are told in {@link
 * LoopPool}. More than 400 lines, because it is one life: dialling, what is spoken, rest and end.
 */
final class PooledConnection extends Alarm
    implements Http1ClientConnection.Owner, Http2ClientConnection.Owner {
  /** Where no connect timeout is set: the system's would be minutes. */
  private static final long LONGEST_CONNECT_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Given up that much before the backend does, so that no request meets its close on the way. */
  private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** A peer that acknowledges nothing for so long is gone, whatever the connection waits for. */
  private static final Duration DEAD_AFTER = Duration.ofSeconds(60);

  private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  private static final String H2 = "h2";

  private enum State {
    DIALLING,
    ACTIVE,
    IDLE,
    DRAINING,
    CLOSED
  }

  private final LoopPool pool;
  private final NettyLoop loop;

  /** Whom the dialling is for; null when that one has been served or has given up. */
  @Nullable Waiter initiator;

  @Nullable PooledConnection above;
  @Nullable PooledConnection below;

  /** Whether the pool lists it as shared; the pool's alone. */
  boolean isShared;

  private State state = State.DIALLING;
  private long startNanos;
  private long deadlineNanos;
  private int firstAddress;
  private int triedAddresses;
  private boolean isDialledAgain;

  /** Those known when {@link #address} was last found among them. */
  private @Nullable Addresses addresses;

  private @Nullable InetAddress address;
  private @Nullable Channel channel;
  private @Nullable Http1ClientConnection http;
  private @Nullable Http2ClientConnection http2;

  PooledConnection(LoopPool pool, Waiter initiator) {
    this.pool = pool;
    this.loop = pool.loop();
    this.initiator = initiator;
  }

  /**
   * Looks the name up, connects and shakes hands.
   *
   * @param connectNanos for all of it; 0 is no limit
   */
  void dial(long connectNanos) {
    long limit = connectNanos == 0 ? LONGEST_CONNECT_NANOS : connectNanos;
    startNanos = loop.ticker().nanos();
    deadlineNanos = startNanos + limit;
    loop.set(this, limit);
    HostName host = pool.target().host();
    if (host.current() == null) {
      host.whenAsked(loop, this::onAsked);
    } else {
      onAsked();
    }
  }

  /** Hands the connection to an exchange. */
  void begin(AttemptTimeouts timeouts, UpstreamEvents events) {
    state = State.ACTIVE;
    Http2ClientConnection many = http2;
    if (many == null) {
      events.onConnected(established().start(events, timeouts));
      return;
    }
    UpstreamStream stream = many.start(events, timeouts);
    if (many.hasRoom()) {
      pool.share(this);
    } else {
      pool.unshare(this);
    }
    events.onConnected(stream);
  }

  /** Whether it carries many exchanges at the same time. */
  boolean isMultiplexed() {
    return http2 != null;
  }

  // The next ones are for those that do.

  int load() {
    return many().load();
  }

  int limit() {
    return many().limit();
  }

  boolean hasRoom() {
    return many().hasRoom();
  }

  /** Whether the name still has its address. */
  boolean isFit() {
    return isStillAnAddress();
  }

  /** Takes no further exchange; closes when the last one has ended. */
  void drain() {
    many().drain();
  }

  /** Has been put on the idle stack. */
  void rest(long maxIdleNanos) {
    state = State.IDLE;
    long told = http2 == null ? established().idleLimitNanos() : Long.MAX_VALUE;
    long margin = Math.min(told / 2, MARGIN_NANOS);
    loop.set(this, Math.min(maxIdleNanos, told - margin));
  }

  /**
   * Has been taken from the idle stack.
   *
   * @return false if it is of no use and was closed
   */
  boolean wakeUp() {
    loop.clear(this);
    state = State.ACTIVE;
    boolean isGood = http2 == null ? established().isIdle() : many().hasRoom();
    if (isGood && isStillAnAddress()) {
      return true;
    }
    close();
    return false;
  }

  /** Closes it, idle or not; the pool hears of it when the socket has closed. */
  void close() {
    if (state == State.IDLE) {
      leaveIdle();
    }
    Http2ClientConnection many = http2;
    if (many != null) {
      many.close();
    }
    closeChannel();
  }

  @Override
  public void idle(Http1ClientConnection connection) {
    pool.offer(this);
  }

  /** Found unfit, perhaps before the socket has closed: not to be used any more from here on. */
  @Override
  public void closed(Http1ClientConnection connection) {
    if (state == State.IDLE) {
      leaveIdle();
    }
  }

  @Override
  public void ready(Http2ClientConnection connection) {
    if (state != State.DIALLING) {
      return;
    }
    if (!connection.hasRoom()) {
      fail(new UpstreamFailure(Kind.CONNECT, "takes no requests"));
      return;
    }
    onReady(connected());
  }

  @Override
  public void freed(Http2ClientConnection connection) {
    if (state == State.ACTIVE) {
      pool.onFreed(this);
    }
  }

  @Override
  public void draining(Http2ClientConnection connection) {
    if (state == State.IDLE) {
      leaveIdle();
    }
    if (state == State.ACTIVE) {
      state = State.DRAINING;
      pool.onDraining(this);
    }
  }

  @Override
  public void closed(Http2ClientConnection connection, String cause) {
    switch (state) {
      case DIALLING -> {
        // What ends it while it is open is what came, or did not.
        Kind kind = connected().isActive() ? Kind.PROTOCOL : Kind.CONNECT;
        fail(new UpstreamFailure(kind, cause));
      }
      case IDLE -> leaveIdle();
      case ACTIVE -> pool.unshare(this);
      case DRAINING, CLOSED -> {}
    }
  }

  @Override
  protected void onAlarm() {
    switch (state) {
      case DIALLING -> fail(new UpstreamFailure(Kind.CONNECT_TIMEOUT, phase()));
      case IDLE -> close();
      case ACTIVE, DRAINING, CLOSED -> {}
    }
  }

  private void onAsked() {
    if (state != State.DIALLING) {
      return;
    }
    addresses = pool.target().host().current();
    if (addresses == null) {
      fail(new UpstreamFailure(Kind.CONNECT, "no address for the name"));
      return;
    }
    firstAddress = pool.nextAddress(addresses.list().size());
    connectToNext(addresses);
  }

  /** Each address once; those still to come get an equal share of the time that is left. */
  private void connectToNext(Addresses all) {
    Target target = pool.target().target();
    int count = all.list().size();
    InetAddress next = all.list().get((firstAddress + triedAddresses) % count);
    long share = (deadlineNanos - loop.ticker().nanos()) / (count - triedAddresses);
    triedAddresses++;
    address = next;
    var connecting =
        pool.target()
            .loops()
            .sockets()
            .watched(new Bootstrap(), DEAD_AFTER)
            .group(loop.eventLoop())
            .channelFactory(pool.target().loops().sockets().socket())
            .resolver(NoopAddressResolverGroup.INSTANCE)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
            .option(ChannelOption.RECVBUF_ALLOCATOR, loop.readBuffers())
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.clamp(TimeUnit.NANOSECONDS.toMillis(share), 1, Integer.MAX_VALUE))
            .handler(Unready.HANDLER)
            .connect(new InetSocketAddress(next, target.port()));
    channel = connecting.channel();
    connecting.addListener(this::onConnectTold);
  }

  /**
   * A channel that could not be made belongs to no loop: Netty tells of it on a thread of its own.
   */
  private void onConnectTold(Future<?> connecting) {
    if (loop.inEventLoop()) {
      onConnected(connecting);
    } else {
      loop.execute(() -> onConnected(connecting));
    }
  }

  private void onConnected(Future<?> connecting) {
    if (state != State.DIALLING) {
      closeChannel();
      return;
    }
    Addresses all = addresses;
    Throwable cause = connecting.cause();
    if (cause == null) {
      onConnected();
    } else if (all != null && cause instanceof ClosedChannelException && !isDialledAgain) {
      // Nobody here closed it. A descriptor freed and taken anew between two events of one
      // epoll_wait gets its last owner's: Netty takes an end of input for one of the socket that is
      // still connecting, and closes it.
      isDialledAgain = true;
      triedAddresses--;
      connectToNext(all);
    } else if (all != null && triedAddresses < all.list().size()) {
      connectToNext(all);
    } else {
      Kind kind = cause instanceof ConnectTimeoutException ? Kind.CONNECT_TIMEOUT : Kind.CONNECT;
      fail(new UpstreamFailure(kind, cause.toString()));
    }
  }

  private void onConnected() {
    Channel open = connected();
    Target target = pool.target().target();
    ClientTls tls = pool.target().settings().tls();
    if (!target.isTls() || tls == null) {
      if (pool.target().settings().protocol() == PoolProtocol.H2) {
        onMultiplexed(open, false);
      } else {
        onSingle(open);
      }
      return;
    }
    SslHandler handler = tls.newHandler(open.alloc(), target.host(), target.port());
    handler.setHandshakeTimeoutMillis(0); // the alarm watches the time
    open.pipeline().addFirst(handler);
    handler.handshakeFuture().addListener(done -> onHandshake(done, handler));
  }

  private void onHandshake(Future<?> handshake, SslHandler handler) {
    if (state != State.DIALLING) {
      closeChannel();
      return;
    }
    Throwable cause = handshake.cause();
    PoolProtocol wanted = pool.target().settings().protocol();
    if (cause != null) {
      fail(new UpstreamFailure(Kind.TLS, cause.toString()));
    } else if (wanted != PoolProtocol.HTTP1 && H2.equals(handler.applicationProtocol())) {
      onMultiplexed(connected(), true);
    } else if (wanted == PoolProtocol.H2) {
      fail(new UpstreamFailure(Kind.TLS, "does not choose h2 by ALPN"));
    } else {
      onSingle(connected());
    }
  }

  private void onSingle(Channel open) {
    if (!isFitForHttp(open)) {
      return;
    }
    http = Http1ClientConnection.attach(open, loop, loop.headBuffer(), this);
    onReady(open);
  }

  /** It is ready when the backend has said its settings. */
  private void onMultiplexed(Channel open, boolean isHttps) {
    if (isFitForHttp(open)) {
      int maxStreams = pool.target().settings().maxStreams();
      http2 =
          Http2ClientConnection.attach(open, loop, loop.headBuffer(), this, isHttps, maxStreams);
    }
  }

  private boolean isFitForHttp(Channel open) {
    if (!open.isActive()) {
      fail(new UpstreamFailure(Kind.CONNECT, "closed as soon as it was open"));
      return false;
    }
    open.pipeline().remove(Unready.HANDLER);
    return true;
  }

  private void onReady(Channel open) {
    loop.clear(this);
    state = State.ACTIVE;
    open.closeFuture().addListener(_ -> onChannelClosed());
    pool.onDialled(this, loop.ticker().nanos() - startNanos);
  }

  private void onChannelClosed() {
    if (state == State.IDLE) {
      pool.onIdleGone(this);
    }
    pool.unshare(this);
    boolean wasDraining = state == State.DRAINING;
    loop.remove(this);
    state = State.CLOSED;
    pool.onClosed(wasDraining);
  }

  private void fail(UpstreamFailure failure) {
    state = State.CLOSED;
    loop.remove(this);
    closeChannel();
    pool.onDialFailed(this, failure);
  }

  private void leaveIdle() {
    pool.onIdleGone(this);
    loop.clear(this);
    state = State.ACTIVE;
  }

  private boolean isStillAnAddress() {
    Addresses known = pool.target().host().current();
    if (known != addresses) {
      if (known == null || address == null || !known.list().contains(address)) {
        return false;
      }
      addresses = known;
    }
    return true;
  }

  private String phase() {
    return addresses == null
        ? "waiting for a name server"
        : http2 != null
            ? "waiting for the backend's SETTINGS"
            : channel != null && channel.isActive() ? "in the TLS handshake" : "connecting";
  }

  private void closeChannel() {
    // One that could not even be made, for want of a descriptor, is registered nowhere.
    if (channel != null && channel.isRegistered()) {
      var _ = channel.close();
    }
  }

  private Channel connected() {
    if (channel == null) {
      throw new IllegalStateException("not connected");
    }
    return channel;
  }

  private Http2ClientConnection many() {
    if (http2 == null) {
      throw new IllegalStateException("carries one exchange at a time");
    }
    return http2;
  }

  private Http1ClientConnection established() {
    if (http == null) {
      throw new IllegalStateException("not established");
    }
    return http;
  }
}
