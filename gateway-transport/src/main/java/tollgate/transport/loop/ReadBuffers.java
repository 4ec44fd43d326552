package tollgate.transport.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the sockets of one loop read into: the loop's own buffer where it is free, which is nearly
 * always, else one from the pool of about the size of what last came on this socket. Reads until
 * nothing is left, or asks to be told again. Event loop only.
 */
public final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
  private static final int LENT_BYTES = 64 * 1024;
  private static final int LEAST_BYTES = 2 * 1024;

  private final LentBuffer lent = new LentBuffer(LENT_BYTES);

  ReadBuffers() {}

  @Override
  public MaxMessageHandle newHandle() {
    return new SocketReads();
  }

  void free() {
    lent.free();
  }

  private final class SocketReads extends MaxMessageHandle {
    private int expected = LEAST_BYTES;
    private @Nullable ChannelConfig socket;
    private boolean isCutShort;

    @Override
    public void reset(ChannelConfig config) {
      super.reset(config);
      socket = config;
      isCutShort = false;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator pool) {
      ByteBuf ours = lent.borrow(LENT_BYTES);
      return ours != null ? ours : pool.ioBuffer(expected);
    }

    @Override
    public int guess() {
      return expected;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier mayBeMore) {
      boolean goesOn = super.continueReading(mayBeMore);
      ChannelConfig read = socket;
      isCutShort = !goesOn && read != null && read.isAutoRead() && mayBeMore.get();
      return goesOn;
    }

    @Override
    public void readComplete() {
      ChannelConfig read = socket;
      if (isCutShort && read != null) {
        // The others have their turn, and epoll tells of this one again.
        read.setAutoRead(false);
        read.setAutoRead(true);
      }
      int came = Math.clamp(totalBytesRead(), LEAST_BYTES, LENT_BYTES);
      expected = Integer.highestOneBit(came - 1) << 1;
    }
  }
}
