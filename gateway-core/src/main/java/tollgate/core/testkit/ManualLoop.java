package tollgate.core.testkit;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import tollgate.core.port.Loop;
import tollgate.core.time.Alarm;
import tollgate.core.time.AlarmWheel;
import tollgate.core.time.Ticker;

/** An event loop that runs when told to. One thread, but tasks may come from any. */
public final class ManualLoop implements Loop {
  private static final Duration TICK = Duration.ofMillis(1);

  private final ManualTicker ticker = new ManualTicker();
  private final AlarmWheel wheel = new AlarmWheel(TICK.toNanos(), ticker.nanos());
  private int setAlarms;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  public ManualLoop() {}

  /** Runs what was handed over, and what that hands over. */
  public void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** Lets time pass tick by tick, setting off alarms and running tasks. */
  public void advance(Duration duration) {
    for (long left = duration.toMillis(); left > 0; left--) {
      ticker.advance(TICK);
      wheel.advance(ticker.nanos());
      runTasks();
    }
  }

  @Override
  public int index() {
    return 0;
  }

  @Override
  public boolean inEventLoop() {
    return true;
  }

  @Override
  public Ticker ticker() {
    return ticker;
  }

  @Override
  public ByteBufAllocator allocator() {
    return UnpooledByteBufAllocator.DEFAULT;
  }

  @Override
  public void set(Alarm alarm, long delayNanos) {
    setAlarms++;
    wheel.set(alarm, ticker.nanos(), delayNanos);
  }

  /** How often an alarm was set. */
  public int setAlarms() {
    return setAlarms;
  }

  @Override
  public void clear(Alarm alarm) {
    wheel.clear(alarm);
  }

  @Override
  public void remove(Alarm alarm) {
    wheel.remove(alarm);
  }

  /** Whether it keeps an alarm, set or not, and what the alarm belongs to. */
  public boolean hasAlarms() {
    return !wheel.isEmpty();
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }
}
