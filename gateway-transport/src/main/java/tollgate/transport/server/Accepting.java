package tollgate.transport.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a listening socket accepts; the one owner of its autoRead. Two can want it to pause:
 * whoever calls {@link #pause}, for as long as it likes, and a failed accept (most likely for want
 * of file descriptors), for a second. It accepts while neither does. Event loop only, but for
 * {@link #pause}.
 *
 * <p>First on the socket, before Netty's acceptor: that would pause after a failure too, and after
 * a second resume what somebody else had paused meanwhile. It never hears of a failure.
 */
final class Accepting extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Accepting.class);
  private static final long REST_SECONDS = 1;

  private final String listener;
  private volatile @Nullable Channel channel;
  private boolean isPaused;
  private boolean isResting;

  Accepting(String listener) {
    this.listener = listener;
  }

  /** Leaves new connections in the kernel's queue, or takes them from it again. Any thread. */
  void pause(boolean isWanted) {
    Channel bound = channel;
    if (bound != null) {
      bound
          .eventLoop()
          .execute(() -> {
            isPaused = isWanted;
            settle(bound);
          });
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (isResting) {
      return;
    }
    log.warn("Listener {} cannot accept, pausing for a second: {}", listener, cause.toString());
    isResting = true;
    settle(ctx.channel());
    var _ =
        ctx.executor()
            .schedule(
                () -> {
                  isResting = false;
                  settle(ctx.channel());
                },
                REST_SECONDS,
                TimeUnit.SECONDS);
  }

  private void settle(Channel bound) {
    bound.config().setAutoRead(!isPaused && !isResting);
  }
}
