package tollgate.transport.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tollgate.core.time.Ticker;

/** Reading into what a loop lends. */
final class ReadBuffersTest {
  /** More than one read takes, less than the buffers of a socket hold. */
  private static final int BYTES = 150_000;

  private final AtomicInteger received = new AtomicInteger();

  @AfterEach
  void clear() {
    System.clearProperty(SocketKind.PROPERTY);
  }

  @ParameterizedTest
  @EnumSource
  void readsOnWhereItsTurnEndedBeforeTheInput(SocketKind kind) throws Exception {
    System.setProperty(SocketKind.PROPERTY, kind.name().toLowerCase(java.util.Locale.ROOT));
    EventLoops loops = EventLoops.create(1, Ticker.SYSTEM);
    NettyLoop loop = loops.loop(0);
    loop.readBuffers().maxMessagesPerRead(1);
    Channel listening =
        new ServerBootstrap()
            .group(loops.group(), loops.group())
            .channelFactory(loops.sockets().server())
            .option(ChannelOption.SO_RCVBUF, BYTES)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.config().setRecvByteBufAllocator(loop.readBuffers());
                    channel.pipeline().addLast(new Counting());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    InetSocketAddress address = (InetSocketAddress) listening.localAddress();
    try (Socket client = new Socket(address.getAddress(), address.getPort())) {
      client.getOutputStream().write(1);
      await().until(() -> received.get() == 1);
      // Much of it is there before the next read, and nothing comes later.
      var goOn = new CountDownLatch(1);
      loop.execute(() -> wait(goOn));
      client.getOutputStream().write(new byte[BYTES - 1]);
      goOn.countDown();
      await().until(() -> received.get() == BYTES);
    }
    loops.close();
    loops.closed().toCompletableFuture().get(30, SECONDS);
    assertThat(received).hasValue(BYTES);
  }

  private static void wait(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Counting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      received.addAndGet(((ByteBuf) message).readableBytes());
      ((ByteBuf) message).release();
    }
  }
}
