package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.transport.http1.Wire.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.http.BodyLength;
import tollgate.core.http.Method;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamFailure.Kind;
import tollgate.core.port.UpstreamStream;
import tollgate.core.time.Ticker;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.wire.FakeExchange;
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.Loopback;

/** Where TLS changes how a connection ends. */
class TlsPeersTest {
  private final EventLoops loops = EventLoops.create(1, Ticker.SYSTEM);
  private @Nullable X509Bundle made;

  @AfterEach
  void stop() {
    loops.close();
  }

  private X509Bundle certificate() throws Exception {
    X509Bundle certificate = made;
    if (certificate == null) {
      certificate =
          new CertificateBuilder()
              .subject("CN=localhost")
              .addSanDnsName("localhost")
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
      made = certificate;
    }
    return certificate;
  }

  private SSLContext context() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManager[] keys = certificate().toKeyManagerFactory().getKeyManagers();
    context.init(keys, new TrustManager[] {certificate().toTrustManager()}, null);
    return context;
  }

  @Test
  void aClientStillSendingSeesTheAnswer() throws Exception {
    SslContext tls = SslContextBuilder.forServer(certificate().toKeyManagerFactory()).build();
    Channel server =
        new ServerBootstrap()
            .group(loops.group())
            .channelFactory(loops.sockets().server())
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    channel.pipeline().addLast(refusing(channel));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    InetSocketAddress address = (InetSocketAddress) server.localAddress();
    try (Socket client =
        context().getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
      client.setSoTimeout(20_000);
      client
          .getOutputStream()
          .write(http("POST / HTTP/1.1|Host: x|Content-Length: 4000000||").getBytes(ISO_8859_1));
      byte[] part = new byte[100_000];
      for (int i = 0; i < 40; i++) {
        client.getOutputStream().write(part);
      }
      assertThat(new String(client.getInputStream().readAllBytes(), ISO_8859_1))
          .startsWith("HTTP/1.1 413 ")
          .endsWith("no");
    }
  }

  private Http1ServerConnection refusing(Channel channel) {
    return new Http1ServerConnection(
        channel,
        (request, malformed, _, stream, _) -> {
          FakeExchange exchange = new FakeExchange(request, malformed, stream);
          exchange.answer(413, "no");
          return exchange;
        },
        new Loopback(),
        loops.of(channel),
        loops.of(channel).headBuffer(),
        HttpLimits.DEFAULTS,
        null);
  }

  /** RFC 9112 9.8: a body that ends with the connection is complete only behind close_notify. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBodyThatEndsWithTheConnectionNeedsCloseNotify(boolean isNotified) throws Exception {
    SslContext tls =
        SslContextBuilder.forClient()
            .trustManager(certificate().toTrustManager())
            .endpointIdentificationAlgorithm(null)
            .build();
    Asking asking = new Asking();
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Channel channel =
          new Bootstrap()
              .group(loops.group())
              .channelFactory(loops.sockets().socket())
              .handler(new ChannelInboundHandlerAdapter())
              .connect(listening.getLocalSocketAddress())
              .sync()
              .channel();
      Socket plain = listening.accept();
      SSLSocket backend =
          (SSLSocket) context().getSocketFactory().createSocket(plain, "localhost", 1, false);
      backend.setUseClientMode(false);
      SslHandler handler = tls.newHandler(channel.alloc());
      loops
          .loop(0)
          .execute(() -> {
            channel.pipeline().addFirst(handler);
            var _ = handler.handshakeFuture().addListener(_ -> asking.begin(channel, loops));
          });
      assertThat(backend.getInputStream().readNBytes(10)).hasSize(10);
      backend.getOutputStream().write(http("HTTP/1.1 200 OK||all of it").getBytes(ISO_8859_1));
      backend.getOutputStream().flush();
      assertThat(asking.seen.get(20, SECONDS)).isEqualTo("all of it");
      if (isNotified) {
        backend.close();
      }
      plain.close();
    }
    if (isNotified) {
      assertThat(asking.ended.get(20, SECONDS)).isNull();
    } else {
      assertThat(asking.ended.get(20, SECONDS)).isEqualTo(Kind.RESET);
    }
  }

  /** Asks once and tells what became of it. */
  private static final class Asking extends FakeAttempt implements Http1ClientConnection.Owner {
    final CompletableFuture<String> seen = new CompletableFuture<>();
    final CompletableFuture<@Nullable Kind> ended = new CompletableFuture<>();

    void begin(Channel channel, EventLoops loops) {
      UpstreamStream stream =
          Http1ClientConnection.attach(
                  channel, loops.of(channel), loops.of(channel).headBuffer(), this)
              .start(this, TestBackend.TIMEOUTS);
      stream.sendHead(TestBackend.head(Method.GET), BodyLength.ABSENT);
      stream.sendEnd(Trailers.NONE);
    }

    @Override
    public void onUpstreamReadComplete() {
      if (body.length() == 9) {
        seen.complete(body.toString());
      }
    }

    @Override
    public void onResponseEnd(Trailers trailers) {
      super.onResponseEnd(trailers);
      ended.complete(null);
    }

    @Override
    public void onFailure(UpstreamFailure failure) {
      super.onFailure(failure);
      ended.complete(failure.kind());
    }

    @Override
    public void idle(Http1ClientConnection connection) {}

    @Override
    public void closed(Http1ClientConnection connection) {}
  }
}
