package tollgate.transport.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tollgate.core.port.Loop;
import tollgate.core.time.Alarm;

/**
 * Whether a client takes what is sent to it: something within the idle time, and no fewer bytes a
 * second than it must. Time counts while flushed bytes wait in the channel; what the kernel has
 * taken counts as taken. A connection has one once a write was left over. Event loop only.
 *
 * <p>What waits is looked at before and after a flush, and when the alarm goes off. Nothing can
 * begin to wait in between, so that a time without anything waiting is always seen.
 */
public abstract class OutputWatch extends Alarm {
  /** What was taken is seen by looking: so much later at most. */
  private static final long LOOK_NANOS = Pace.GRACE_NANOS;

  private final Channel channel;
  private final LongSupplier flushedBytes;
  private final Loop loop;
  private final long idleNanos;
  private final Pace pace;
  private boolean isWaiting;
  private long countedNanos;
  private long lastTakenNanos;
  private long taken;

  public OutputWatch(Channel channel, LongSupplier flushedBytes, Loop loop, HttpLimits limits) {
    this.channel = channel;
    this.flushedBytes = flushedBytes;
    this.loop = loop;
    this.idleNanos = limits.idleNanos();
    this.pace = new Pace(limits.minResponseRate(), limits.idleNanos());
  }

  /**
   * The client does not take its bytes.
   *
   * @param isRate whether it took some, but too few
   */
  public abstract void onNotTaken(boolean isRate);

  /** Whether flushed bytes wait to be taken. */
  public static boolean isWaiting(Channel channel) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer != null && !buffer.isEmpty();
  }

  /** A flush has left something over. */
  public final void begin() {
    if (isWaiting) {
      return;
    }
    isWaiting = true;
    countedNanos = loop.ticker().nanos();
    lastTakenNanos = countedNanos;
    countTaken();
    pace.resume();
    loop.set(this, Math.min(leftNanos(), LOOK_NANOS));
  }

  /** Before a flush: all that waited may have been taken. */
  public final void beforeFlush() {
    if (isWaiting && !isWaiting(channel)) {
      stop();
    }
  }

  public final void stop() {
    isWaiting = false;
    loop.clear(this);
  }

  @Override
  protected final void onAlarm() {
    if (!isWaiting || !isWaiting(channel)) {
      isWaiting = false;
      return;
    }
    long now = loop.ticker().nanos();
    pace.waited(now - countedNanos);
    countedNanos = now;
    if (countTaken()) {
      lastTakenNanos = now;
    }
    long left = leftNanos();
    if (left > 0) {
      loop.set(this, Math.min(left, LOOK_NANOS));
    } else {
      isWaiting = false;
      onNotTaken(lastTakenNanos + idleNanos - now > 0);
    }
  }

  private long leftNanos() {
    return Math.min(idleNanos - (countedNanos - lastTakenNanos), pace.leftNanos());
  }

  /** Whether anything was taken since it was last called. */
  private boolean countTaken() {
    // With TLS the one is of plain and the other of encrypted bytes. The difference is that of the
    // few that wait, and does not add up.
    long now = flushedBytes.getAsLong() - waitingBytes();
    boolean isMore = now > taken;
    if (isMore) {
      pace.moved(now - taken);
      taken = now;
    }
    return isMore;
  }

  private long waitingBytes() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    if (buffer == null) {
      return 0;
    }
    var sum = new Sum();
    try {
      buffer.forEachFlushedMessage(sum);
    } catch (Exception e) {
      throw new ChannelException(e); // the sum throws nothing
    }
    return sum.bytes;
  }

  private static final class Sum implements ChannelOutboundBuffer.MessageProcessor {
    long bytes;

    @Override
    public boolean processMessage(@Nullable Object message) {
      if (message instanceof ByteBuf waiting) {
        bytes += waiting.readableBytes();
      }
      return true;
    }
  }
}
