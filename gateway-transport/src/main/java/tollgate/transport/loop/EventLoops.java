package tollgate.transport.loop;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.time.Ticker;

/** All event loops of the process, as many as processors. Immutable; any thread. */
public final class EventLoops implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventLoops.class);
  private static final long CLOSE_QUIET_MILLIS = 0;
  private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

  private final SocketKind sockets;
  private final EventLoopGroup group;
  private final List<NettyLoop> loops;
  private final IdentityHashMap<EventExecutor, NettyLoop> byExecutor;

  private EventLoops(SocketKind sockets, EventLoopGroup group, Ticker ticker) {
    this.sockets = sockets;
    this.group = group;
    var inOrder = new ArrayList<NettyLoop>();
    var found = new IdentityHashMap<EventExecutor, NettyLoop>();
    for (EventExecutor executor : group) {
      var loop = new NettyLoop(inOrder.size(), (EventLoop) executor, ticker);
      inOrder.add(loop);
      found.put(executor, loop);
    }
    this.loops = List.copyOf(inOrder);
    this.byExecutor = found;
  }

  /** One loop per available processor, on the system's clock. */
  public static EventLoops create() {
    return create(Runtime.getRuntime().availableProcessors(), Ticker.SYSTEM);
  }

  /**
   * @param count 1 or more
   */
  public static EventLoops create(int count, Ticker ticker) {
    if (count < 1) {
      throw new IllegalArgumentException("count: " + count + " (expected: >= 1)");
    }
    SocketKind sockets = SocketKind.choose();
    log.info("{} event loops on {}", count, sockets);
    return new EventLoops(
        sockets,
        new MultiThreadIoEventLoopGroup(count, new LoopThreads(), sockets.ioHandlers()),
        ticker);
  }

  public int count() {
    return loops.size();
  }

  public NettyLoop loop(int index) {
    return loops.get(index);
  }

  public List<NettyLoop> all() {
    return loops;
  }

  public SocketKind sockets() {
    return sockets;
  }

  /** The loop a channel of this process is registered with. */
  public NettyLoop of(Channel channel) {
    NettyLoop loop = byExecutor.get(channel.eventLoop());
    if (loop == null) {
      throw new IllegalArgumentException("channel of another group: " + channel);
    }
    return loop;
  }

  /** All of them, for a bootstrap. */
  public EventLoopGroup group() {
    return group;
  }

  /** Begins to stop all loops; what is left on them is closed. {@link #closed} tells the end. */
  @Override
  public void close() {
    group
        .shutdownGracefully(CLOSE_QUIET_MILLIS, CLOSE_TIMEOUT_MILLIS, MILLISECONDS)
        .addListener(_ -> loops.forEach(NettyLoop::freeBuffers));
  }

  /** Completes when the threads of all loops have ended. */
  public CompletionStage<Void> closed() {
    var closed = new CompletableFuture<Void>();
    group.terminationFuture().addListener(_ -> closed.complete(null));
    return closed;
  }

  /** Names the threads after the loops; they are made in the loops' order. */
  private static final class LoopThreads implements ThreadFactory {
    private int made;

    @Override
    public synchronized Thread newThread(Runnable task) {
      return new io.netty.util.concurrent.FastThreadLocalThread(task, "tollgate-loop-" + made++);
    }
  }
}
