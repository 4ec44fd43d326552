package tollgate.transport.tls;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads the ClientHello for its server name (RFC 6066 section 3), at most 32 KiB of it, and puts
 * the TLS handler with the right certificate in its own place. Event loop only.
 */
final class ServerNameHandler extends AbstractSniHandler<SslContext> {
  /** Held twice, as records and put together, which makes 64 KiB. */
  private static final int MAX_CLIENT_HELLO_BYTES = 32 * 1024;

  /** RFC 8446 section 6.2: alert (21), fatal (2), unrecognized_name (112). */
  private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};

  private final TlsContexts contexts;

  ServerNameHandler(TlsContexts contexts, long handshakeTimeoutMillis) {
    super(MAX_CLIENT_HELLO_BYTES, handshakeTimeoutMillis);
    this.contexts = contexts;
  }

  @Override
  protected Future<SslContext> lookup(ChannelHandlerContext ctx, @Nullable String hostname) {
    SslContext context = contexts.acquire(hostname);
    return context == null
        ? ctx.executor().newFailedFuture(new UnrecognizedNameException())
        : ctx.executor().newSucceededFuture(context);
  }

  @Override
  protected void onLookupComplete(
      ChannelHandlerContext ctx, @Nullable String hostname, Future<SslContext> future) {
    if (!future.isSuccess()) {
      var _ =
          ctx.writeAndFlush(Unpooled.wrappedBuffer(UNRECOGNIZED_NAME))
              .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    SslContext context = future.getNow();
    SslHandler handler = null;
    try {
      handler = context.newHandler(ctx.alloc());
      handler.setHandshakeTimeoutMillis(handshakeTimeoutMillis);
      ctx.pipeline().replace(this, null, handler);
      handler = null;
    } finally {
      ReferenceCountUtil.release(context); // the engine holds its own reference
      if (handler != null) {
        ReferenceCountUtil.safeRelease(handler.engine());
      }
    }
  }
}
