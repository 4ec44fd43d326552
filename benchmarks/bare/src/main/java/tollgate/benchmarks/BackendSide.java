package tollgate.benchmarks;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.NullMarked;

/** One pooled connection to the backend: tells whom it serves. Event loop only. */
@NullMarked
final class BackendSide extends ChannelInboundHandlerAdapter {
  private ClientSide served;

  BackendSide(ClientSide served) {
    this.served = served;
  }

  void serve(ClientSide next) {
    served = next;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    served.onResponsePart(context.channel(), message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    served.onReadComplete(context.channel());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      served.onUpstreamWritable(context.channel());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    served.onUpstreamGone(context.channel());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    var _ = context.close();
  }
}
