package tollgate.transport.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import tollgate.core.time.Alarm;
import tollgate.transport.loop.NettyLoop;

/**
 * Takes the PROXY header off the front of a connection, then leaves its pipeline; TLS or HTTP get
 * the bytes that came behind it. Event loop only.
 */
final class ProxyHeaderHandler extends ChannelInboundHandlerAdapter {
  private final AcceptedConnection connection;
  private final NettyLoop loop;
  private final long timeoutNanos;
  private final Alarm tooLate =
      new Alarm() {
        @Override
        protected void onAlarm() {
          connection.refuseProxyHeader("no whole header in time");
        }
      };

  /** The beginning of a header, less than 4 KiB. */
  private @Nullable ByteBuf held;

  /**
   * @param timeoutNanos from now to the header's last byte
   */
  ProxyHeaderHandler(AcceptedConnection connection, NettyLoop loop, long timeoutNanos) {
    this.connection = connection;
    this.loop = loop;
    this.timeoutNanos = timeoutNanos;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    loop.set(tooLate, timeoutNanos);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    loop.remove(tooLate);
    ByteBuf bytes = held;
    held = null;
    ReferenceCountUtil.release(bytes);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf read) || !ctx.channel().isOpen()) {
      ReferenceCountUtil.release(message);
      return;
    }
    ByteBuf bytes = takeWithHeld(ctx, read);
    held = bytes;
    switch (ProxyHeader.read(bytes)) {
      case ProxyHeader.Unfinished _ -> {}
      case ProxyHeader.Broken broken -> connection.refuseProxyHeader(broken.why());
      case ProxyHeader.Whole whole -> {
        held = null;
        begin(ctx, whole.source(), bytes.skipBytes(whole.length()));
      }
    }
  }

  private void begin(ChannelHandlerContext ctx, @Nullable InetSocketAddress source, ByteBuf rest) {
    boolean isAdmitted = connection.beginFor(source);
    ctx.pipeline().remove(this);
    if (isAdmitted && rest.isReadable()) {
      ctx.fireChannelRead(rest);
    } else {
      rest.release();
    }
  }

  private ByteBuf takeWithHeld(ChannelHandlerContext ctx, ByteBuf read) {
    ByteBuf before = held;
    if (before == null) {
      return read;
    }
    ByteBuf both = ctx.alloc().buffer(before.readableBytes() + read.readableBytes());
    both.writeBytes(before).writeBytes(read);
    before.release();
    read.release();
    return both;
  }
}
