package tollgate.transport.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;

/** A channel whose other side takes as many bytes as it is let; at first all. */
public final class NarrowChannel extends EmbeddedChannel {
  public NarrowChannel() {}

  private long room = Long.MAX_VALUE;

  /** From now on so many bytes more are taken, beginning with what waits. */
  public void take(long bytes) {
    room = bytes;
    unsafe().flush();
    runPendingTasks();
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer in) throws Exception {
    if (room == Long.MAX_VALUE) {
      super.doWrite(in);
      return;
    }
    while (room > 0 && in.current() instanceof ByteBuf bytes) {
      int taken = (int) Math.min(room, bytes.readableBytes());
      outboundMessages().add(bytes.readRetainedSlice(taken));
      room -= taken;
      if (!bytes.isReadable()) {
        in.remove();
      }
    }
  }
}
