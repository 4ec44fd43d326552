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
import tollgate.core.time.Alarm;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Target;
import tollgate.transport.http1.Http1ClientConnection;
import tollgate.transport.loop.NettyLoop;
import tollgate.transport.tls.ClientTls;

/**
 * One connection to a target, from the moment a permit was taken for it. Event loop only. Its alarm
 * ends the dialling, and later the rest between two exchanges. The states are told in {@link
 * LoopPool}.
 */
final class PooledConnection extends Alarm implements Http1ClientConnection.Owner {
  /** Where no connect timeout is set: the system's would be minutes. */
  private static final long LONGEST_CONNECT_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Given up that much before the backend does, so that no request meets its close on the way. */
  private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** A peer that acknowledges nothing for so long is gone, whatever the connection waits for. */
  private static final Duration DEAD_AFTER = Duration.ofSeconds(60);

  private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  private enum State {
    DIALLING,
    ACTIVE,
    IDLE,
    CLOSED
  }

  private final LoopPool pool;
  private final NettyLoop loop;

  /** Whom the dialling is for; null when that one has been served or has given up. */
  @Nullable Waiter initiator;

  @Nullable PooledConnection above;
  @Nullable PooledConnection below;

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
    events.onConnected(established().start(events, timeouts));
  }

  /** Has been put on the idle stack. */
  void rest(long maxIdleNanos) {
    state = State.IDLE;
    long told = established().idleLimitNanos();
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
    if (established().isIdle() && isStillAnAddress()) {
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
  protected void onAlarm() {
    switch (state) {
      case DIALLING -> fail(new UpstreamFailure(Kind.CONNECT_TIMEOUT, phase()));
      case IDLE -> close();
      case ACTIVE, CLOSED -> {}
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
      onReady();
      return;
    }
    SslHandler handler = tls.newHandler(open.alloc(), target.host(), target.port());
    handler.setHandshakeTimeoutMillis(0); // the alarm watches the time
    open.pipeline().addFirst(handler);
    handler.handshakeFuture().addListener(this::onHandshake);
  }

  private void onHandshake(Future<?> handshake) {
    if (state != State.DIALLING) {
      closeChannel();
      return;
    }
    Throwable cause = handshake.cause();
    if (cause == null) {
      onReady();
    } else {
      fail(new UpstreamFailure(Kind.TLS, cause.toString()));
    }
  }

  private void onReady() {
    Channel open = connected();
    loop.clear(this);
    if (!open.isActive()) {
      fail(new UpstreamFailure(Kind.CONNECT, "closed as soon as it was open"));
      return;
    }
    state = State.ACTIVE;
    open.closeFuture().addListener(_ -> onChannelClosed());
    open.pipeline().remove(Unready.HANDLER);
    http = Http1ClientConnection.attach(open, loop, loop.headBuffer(), this);
    pool.onDialled(this, loop.ticker().nanos() - startNanos);
  }

  private void onChannelClosed() {
    if (state == State.IDLE) {
      pool.onIdleGone(this);
    }
    loop.remove(this);
    state = State.CLOSED;
    pool.onClosed();
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

  private Http1ClientConnection established() {
    if (http == null) {
      throw new IllegalStateException("not established");
    }
    return http;
  }
}
