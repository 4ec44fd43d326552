package tollgate.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.FastThreadLocal;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: one request at a time to a connection of this loop's pool, flushed when it
 * or a burst of reads has ended. What comes while a connection is opened waits. Event loop only.
 */
@NullMarked
final class ClientSide extends ChannelInboundHandlerAdapter {
  private static final FastThreadLocal<ArrayDeque<Channel>> POOL =
      new FastThreadLocal<>() {
        @Override
        protected ArrayDeque<Channel> initialValue() {
          return new ArrayDeque<>();
        }
      };

  private final InetSocketAddress backend;
  private final String backendHost;
  private final ArrayDeque<Object> waiting = new ArrayDeque<>();
  private @Nullable Channel client;
  private @Nullable Channel upstream;
  private boolean isBusy;
  private boolean isConnecting;
  private boolean isKept = true;

  ClientSide(InetSocketAddress backend) {
    this.backend = backend;
    this.backendHost = backend.getHostString() + ':' + backend.getPort();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    client = context.channel();
    if (isConnecting || (isBusy && message instanceof HttpRequest) || !waiting.isEmpty()) {
      waiting.add(message);
    } else {
      take(context.channel(), message);
    }
  }

  private void take(Channel from, Object message) {
    if (message instanceof HttpRequest request) {
      isBusy = true;
      isKept = HttpUtil.isKeepAlive(request);
      String uri = request.uri();
      request.setUri(uri.startsWith("/api/") ? uri.substring(4) : uri);
      removeHopByHop(request.headers());
      request.headers().set(HttpHeaderNames.HOST, backendHost);
      Channel pooled = POOL.get().pollLast();
      while (pooled != null && !pooled.isActive()) {
        pooled = POOL.get().pollLast();
      }
      if (pooled == null) {
        connect(from, request);
        return;
      }
      upstream = pooled;
      pooled.pipeline().get(BackendSide.class).serve(this);
    }
    send(message);
  }

  private void send(Object message) {
    Channel to = upstream;
    if (to == null) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof LastHttpContent) {
      var _ = to.writeAndFlush(message, to.voidPromise());
    } else {
      var _ = to.write(message, to.voidPromise());
    }
    if (to != null && client != null && !to.isWritable()) {
      client.config().setAutoRead(false);
    }
  }

  private void connect(Channel from, HttpRequest request) {
    isConnecting = true;
    var bootstrap =
        new Bootstrap()
            .group(from.eventLoop())
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new HttpClientCodec(), new BackendSide(ClientSide.this));
                  }
                });
    var _ =
        bootstrap
            .connect(backend)
            .addListener(
                (ChannelFutureListener)
                    connected -> {
                      isConnecting = false;
                      if (!connected.isSuccess()) {
                        ReferenceCountUtil.release(request);
                        refuse(from);
                        return;
                      }
                      upstream = connected.channel();
                      send(request);
                      takeWaiting(from);
                    });
  }

  private static void refuse(Channel from) {
    var _ =
        from.writeAndFlush(
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_GATEWAY))
            .addListener(ChannelFutureListener.CLOSE);
  }

  private void takeWaiting(Channel from) {
    while (!waiting.isEmpty() && !isConnecting) {
      if (isBusy && waiting.peek() instanceof HttpRequest) {
        return;
      }
      take(from, waiting.remove());
    }
  }

  void onResponsePart(Channel from, Object message) {
    Channel to = client;
    if (to == null || !from.equals(upstream)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpResponse response) {
      removeHopByHop(response.headers());
      HttpUtil.setKeepAlive(response, isKept);
    }
    if (!(message instanceof LastHttpContent)) {
      var _ = to.write(message, to.voidPromise());
      if (!to.isWritable()) {
        from.config().setAutoRead(false);
      }
      return;
    }
    isBusy = false;
    upstream = null;
    from.config().setAutoRead(true); // one that comes back paused would stall its next user
    POOL.get().addLast(from);
    if (isKept) {
      var _ = to.writeAndFlush(message, to.voidPromise());
      takeWaiting(to);
    } else {
      var _ = to.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE);
    }
  }

  void onReadComplete(Channel from) {
    if (client != null && from.equals(upstream)) {
      client.flush();
    }
  }

  void onUpstreamWritable(Channel from) {
    if (client != null && from.equals(upstream)) {
      client.config().setAutoRead(true);
    }
  }

  void onUpstreamGone(Channel from) {
    if (client != null && from.equals(upstream)) {
      var _ = client.close();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable() && upstream != null) {
      upstream.config().setAutoRead(true);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (upstream != null) {
      var _ = upstream.close();
    }
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    var _ = context.close();
  }

  private static void removeHopByHop(HttpHeaders fields) {
    fields.remove(HttpHeaderNames.CONNECTION);
    fields.remove(HttpHeaderNames.TE);
    fields.remove(HttpHeaderNames.TRAILER);
    fields.remove(HttpHeaderNames.UPGRADE);
  }
}
