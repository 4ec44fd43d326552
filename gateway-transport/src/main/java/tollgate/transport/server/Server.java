package tollgate.transport.server;

import static java.util.Objects.requireNonNull;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.exchange.ExchangeStarter;
import tollgate.core.telemetry.CloseReason;
import tollgate.core.telemetry.ConnectionTelemetry;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.loop.NettyLoop;

/**
 * A group of listeners that go down together, and the connections they accepted. A connection and
 * everything about it live on one event loop. Any thread.
 */
public final class Server {
  private static final int BACKLOG = 4096;

  /**
   * Connections accepted before others have their turn. With Netty's 16 a loop that is busy for 30
   * ms a turn would let the last of two thousand clients wait for seconds.
   */
  private static final int ACCEPTS_PER_TURN = 128;

  private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(32 * 1024, 64 * 1024);
  private static final Logger log = LoggerFactory.getLogger(Server.class);

  private final EventLoops loops;
  private final ConnectionTelemetry telemetry;
  private final List<LoopConnections> connections;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private volatile @Nullable Draining draining;

  private Server(EventLoops loops, ConnectionTelemetry telemetry) {
    this.loops = loops;
    this.telemetry = requireNonNull(telemetry, "telemetry");
    var made = new ArrayList<LoopConnections>();
    for (int i = 0; i < loops.count(); i++) {
      made.add(new LoopConnections());
    }
    this.connections = List.copyOf(made);
  }

  /** Listens on nothing yet. */
  public static Server create(EventLoops loops, ConnectionTelemetry telemetry) {
    return new Server(loops, telemetry);
  }

  /**
   * Listens. For a Unix socket this touches the file system: the folder is made with mode 0700 if
   * it is missing, a socket file that nobody listens on is removed, the new one gets mode 0600.
   *
   * @param starter takes the requests
   * @return fails with an IOException that names the listener and the address
   */
  public CompletionStage<Listener> listen(ListenerSettings settings, ExchangeStarter starter) {
    var listener = new Listener(this, settings, starter, loops.loop(0).ticker());
    var listening = new CompletableFuture<Listener>();
    SocketAddress address = settings.address();
    if (address instanceof UnixDomainSocketAddress unix) {
      try {
        UnixSocketFile.prepareBlocking(unix.getPath());
      } catch (IOException e) {
        listening.completeExceptionally(failure(settings, e));
        return listening;
      }
      address = loops.sockets().unixAddress(unix.getPath());
    }
    ChannelFuture binding = bootstrap(listener).bind(address);
    binding.addListener(_ -> {
      try {
        onBound(listener, binding);
        listening.complete(listener);
      } catch (IOException e) {
        var _ = binding.channel().close();
        listening.completeExceptionally(failure(settings, e));
      }
    });
    return listening;
  }

  public List<Listener> listeners() {
    return List.copyOf(listeners);
  }

  /** Connections that are open now. */
  public int connections() {
    return open.get();
  }

  /** Closes all listening sockets; connections go on. */
  public CompletionStage<Void> stopAccepting() {
    return CompletableFuture.allOf(
        listeners.stream()
            .map(listener -> listener.stopAccepting().toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /**
   * Tells all connections to end: idle ones at once, busy ones with their response. To be called
   * once, after {@link #stopAccepting}.
   *
   * @param timeout after it what is left is cut
   * @return how many connections were cut; complete when none is open
   */
  public CompletionStage<Integer> drain(Duration timeout) {
    var begun = new Draining();
    draining = begun;
    onAllLoops(AcceptedConnection::drain);
    if (open.get() == 0) {
      begun.complete();
    }
    var _ =
        loops
            .loop(0)
            .eventLoop()
            .schedule(() -> abortRest(begun), timeout.toNanos(), TimeUnit.NANOSECONDS);
    return begun.done;
  }

  /**
   * Closes the connections of these listeners that wait for a request; returns before it is done.
   */
  public void closeIdle(Predicate<Listener> which) {
    onAllLoops(connection -> {
      if (which.test(connection.listener())) {
        connection.closeIfIdle();
      }
    });
  }

  ConnectionTelemetry telemetry() {
    return telemetry;
  }

  private void abortRest(Draining begun) {
    int left = open.get();
    if (left > 0 && !begun.done.isDone()) {
      log.warn("{} connections cut: they had not ended in time", left);
      begun.aborted = left;
      onAllLoops(connection -> connection.close(CloseReason.ABORTED));
    }
  }

  private void onAllLoops(Consumer<AcceptedConnection> action) {
    for (NettyLoop loop : loops.all()) {
      loop.execute(() -> connections.get(loop.index()).forEach(action));
    }
  }

  private ServerBootstrap bootstrap(Listener listener) {
    ListenerSettings settings = listener.settings();
    var bootstrap =
        new ServerBootstrap()
            .group(loops.group(), loops.group())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(ACCEPTS_PER_TURN))
            .handler(listener.accepting())
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    onAccepted(listener, channel);
                  }
                });
    if (settings.isUnix()) {
      return bootstrap.channelFactory(loops.sockets().unixServer());
    }
    return bootstrap
        .channelFactory(loops.sockets().server())
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true);
  }

  /** On the listening socket's loop. */
  private void onBound(Listener listener, ChannelFuture binding) throws IOException {
    Throwable cause = binding.cause();
    if (cause != null) {
      throw cause instanceof IOException io ? io : new IOException(cause);
    }
    if (listener.settings().address() instanceof UnixDomainSocketAddress unix) {
      UnixSocketFile.restrictBlocking(unix.getPath());
    }
    listener.bound(binding.channel());
    listeners.add(listener);
    log.debug("Listener {} on {}", listener.name(), listener.address());
  }

  /** On the connection's own loop. */
  private void onAccepted(Listener listener, Channel channel) {
    NettyLoop loop = loops.of(channel);
    channel.config().setRecvByteBufAllocator(loop.readBuffers());
    var connection = new AcceptedConnection(listener, channel, loop);
    channel.pipeline().addLast(connection);
    connections.get(loop.index()).add(connection);
    open.incrementAndGet();
    boolean isWelcome = listener.admission().accepted(connection.peer().getAddress());
    telemetry.opened(loop.index(), listener.name(), connection.protocol());
    channel.closeFuture().addListener(_ -> onClosed(connection, loop));
    if (!isWelcome) {
      connection.close(CloseReason.LIMIT);
      return;
    }
    connection.start();
    if (draining != null) {
      connection.drain(); // was accepted while the listener was being closed
    }
  }

  private void onClosed(AcceptedConnection connection, NettyLoop loop) {
    connections.get(loop.index()).remove(connection);
    connection.listener().admission().closed(connection.held());
    telemetry.closed(
        loop.index(), connection.listener().name(), connection.protocol(), connection.reason());
  }

  /** A connection has closed and nothing more will come of it. On the connection's own loop. */
  void ended() {
    Draining begun = draining;
    if (open.decrementAndGet() == 0 && begun != null) {
      begun.complete();
    }
  }

  private static IOException failure(ListenerSettings settings, IOException cause) {
    String address =
        settings.address() instanceof InetSocketAddress inet
            ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
            : settings.address().toString();
    return new IOException(
        "listener " + settings.name() + " on " + address + ": " + cause.getMessage(), cause);
  }

  private static final class Draining {
    private final CompletableFuture<Integer> done = new CompletableFuture<>();
    private volatile int aborted;

    void complete() {
      done.complete(aborted);
    }
  }
}
