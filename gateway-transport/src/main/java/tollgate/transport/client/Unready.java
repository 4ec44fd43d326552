package tollgate.transport.client;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands last on a connection that is not ready for HTTP yet: what a backend says before it is
 * asked is dropped, and a handshake that fails is told by its future alone. Any thread.
 */
@Sharable
final class Unready extends ChannelInboundHandlerAdapter {
  static final Unready HANDLER = new Unready();

  private Unready() {}

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    ReferenceCountUtil.release(msg);
    var _ = ctx.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
