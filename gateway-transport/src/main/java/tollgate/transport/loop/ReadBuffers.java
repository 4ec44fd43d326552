package tollgate.transport.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * What the sockets of one loop read into: the loop's own buffer where it is free, which is nearly
 * always, else one from the pool of about the size of what last came on this socket. Event loop
 * only.
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
    public void readComplete() {
      int came = Math.clamp(totalBytesRead(), LEAST_BYTES, LENT_BYTES);
      expected = Integer.highestOneBit(came - 1) << 1;
    }
  }
}
