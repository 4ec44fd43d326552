package tollgate.transport.loop;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import tollgate.core.port.Loop;
import tollgate.core.time.Alarm;
import tollgate.core.time.AlarmWheel;
import tollgate.core.time.Ticker;

/**
 * One event loop: a thread, its sockets and its alarms. {@link #execute}, {@link #index}, {@link
 * #pendingTasks} and {@link #lagNanos} from any thread; the rest on the loop only.
 *
 * <p>The wheel is turned by a task of the loop that is scheduled only while an alarm is linked, so
 * that an idle gateway sleeps.
 */
public final class NettyLoop implements Loop {
  private static final long TICK_NANOS = MILLISECONDS.toNanos(20);
  private static final int HEAD_BYTES = 16 * 1024;
  private static final VarHandle LAG;

  static {
    try {
      LAG = MethodHandles.lookup().findVarHandle(NettyLoop.class, "lagNanos", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int index;
  private final EventLoop eventLoop;
  private final LoopTicker ticker;
  private final AlarmWheel wheel;
  private final ReadBuffers readBuffers = new ReadBuffers();
  private final LentBuffer headBuffer = new LentBuffer(HEAD_BYTES);
  private final Runnable tick = this::tick;
  private volatile boolean isTicking;
  private long tickDueNanos;

  @SuppressWarnings("UnusedVariable") // written and read through LAG
  private long lagNanos;

  NettyLoop(int index, EventLoop eventLoop, Ticker ticker) {
    this.index = index;
    this.eventLoop = eventLoop;
    this.ticker = new LoopTicker(ticker);
    this.wheel = new AlarmWheel(TICK_NANOS, ticker.nanos());
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public boolean inEventLoop() {
    return eventLoop.inEventLoop();
  }

  @Override
  public Ticker ticker() {
    return ticker;
  }

  @Override
  public ByteBufAllocator allocator() {
    return ByteBufAllocator.DEFAULT;
  }

  @Override
  public void execute(Runnable task) {
    eventLoop.execute(task);
  }

  @Override
  public void set(Alarm alarm, long delayNanos) {
    assert inEventLoop() : "not on the event loop";
    if (isTicking) {
      // A clock is not read for it: the last reading is a tick old at most, which the alarm is late
      // for, unless something has kept the loop busy that long since.
      wheel.set(alarm, ticker.recent(), delayNanos + TICK_NANOS);
    } else {
      wheel.set(alarm, ticker.nanos(), delayNanos);
      isTicking = true;
      scheduleTick();
    }
  }

  @Override
  public void clear(Alarm alarm) {
    wheel.clear(alarm);
  }

  @Override
  public void remove(Alarm alarm) {
    wheel.remove(alarm);
  }

  /** What the sockets of this loop read into. */
  public ReadBuffers readBuffers() {
    return readBuffers;
  }

  /** Room for a head that is written and flushed at once. */
  public LentBuffer headBuffer() {
    return headBuffer;
  }

  /** Where its sockets are registered. */
  public EventLoop eventLoop() {
    return eventLoop;
  }

  /** Tasks waiting to be run. */
  public int pendingTasks() {
    return eventLoop instanceof SingleThreadEventLoop single ? single.pendingTasks() : 0;
  }

  /**
   * How late the last tick of the alarms was: how long the loop had been busy with other things.
   */
  public long lagNanos() {
    return (long) LAG.getOpaque(this);
  }

  /** Once its thread has ended. */
  void freeBuffers() {
    readBuffers.free();
    headBuffer.free();
  }

  /** Whether an alarm is linked; written on the loop. */
  boolean isTicking() {
    return isTicking;
  }

  private void scheduleTick() {
    tickDueNanos = System.nanoTime() + TICK_NANOS;
    var _ = eventLoop.schedule(tick, TICK_NANOS, NANOSECONDS);
  }

  private void tick() {
    LAG.setOpaque(this, Math.max(0, System.nanoTime() - tickDueNanos));
    try {
      wheel.advance(ticker.nanos());
    } finally {
      if (wheel.isEmpty()) {
        isTicking = false;
      } else {
        scheduleTick();
      }
    }
  }
}
