package tollgate.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * What a streaming proxy on Netty's own HTTP codec costs without any policy, log or metric: one
 * route, {@code /api/x} to {@code /x} of a backend on loopback, one event loop. Something to
 * measure against, not to use.
 */
@NullMarked
public final class BareProxy {
  private BareProxy() {}

  /**
   * @param arguments port, TLS port, the backend's port, certificate file, key file
   */
  public static void main(String[] arguments) throws Exception {
    var backend =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[2]));
    SslContext tls =
        SslContextBuilder.forServer(new File(arguments[3]), new File(arguments[4]))
            .sslProvider(SslProvider.OPENSSL)
            .protocols("TLSv1.3", "TLSv1.2")
            .build();
    var server =
        new ServerBootstrap()
            .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 8192)
            .childOption(ChannelOption.TCP_NODELAY, true);
    bind(server.clone(), arguments[0], null, backend);
    bind(server.clone(), arguments[1], tls, backend);
  }

  private static void bind(
      ServerBootstrap server, String port, @Nullable SslContext tls, InetSocketAddress backend)
      throws InterruptedException {
    server
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                if (tls != null) {
                  channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                }
                channel.pipeline().addLast(new HttpServerCodec(), new ClientSide(backend));
              }
            })
        .bind("127.0.0.1", Integer.parseInt(port))
        .sync();
  }
}
