package tollgate.core.port;

import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.Executor;
import tollgate.core.time.Alarm;
import tollgate.core.time.Ticker;

/**
 * The event loop that owns an exchange: its client channel, its handlers and its upstream channel.
 * {@link #execute} from any thread; the rest on the loop only.
 */
public interface Loop extends Executor {
  /** 0 to the number of loops - 1: the index into what is striped per loop. */
  int index();

  boolean inEventLoop();

  Ticker ticker();

  ByteBufAllocator allocator();

  /**
   * Sets off {@code alarm} on this loop after {@code delayNanos}, up to a tick (tens of
   * milliseconds) late; replaces an earlier setting.
   */
  void set(Alarm alarm, long delayNanos);

  /** Disarms, cheaply: the loop may refer to the alarm for a while yet. */
  void clear(Alarm alarm);

  /** Disarms an alarm that is not set again, so that the loop does not keep what it belongs to. */
  void remove(Alarm alarm);
}
