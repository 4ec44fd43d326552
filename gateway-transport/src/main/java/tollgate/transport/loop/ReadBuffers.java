package tollgate.transport.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * What the sockets of one loop read into: the loop's own buffer where it is free, which is nearly
 * always where peers take what they are sent, else one from the pool of about the size of what last
 * came on this socket, or more where that did not hold all of it. Event loop only.
 */
public final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
  private static final int LENT_BYTES = 64 * 1024;
  private static final int LEAST_BYTES = 2 * 1024;

  /** Who waits keeps what he last read: a hundred streams of one client less than 1 MiB. */
  private static final int FIRST_POOLED_BYTES = 4 * 1024;

  private static final int POOLED_BYTES = 8 * 1024;

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
      if (lastBytesRead() == attemptedBytesRead()) {
        expected = POOLED_BYTES; // each further piece costs a turn of the loop
        return;
      }
      int came = Math.clamp(totalBytesRead(), LEAST_BYTES, FIRST_POOLED_BYTES);
      expected = Integer.highestOneBit(came - 1) << 1;
    }
  }
}
