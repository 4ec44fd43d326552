package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static tollgate.transport.http1.Wire.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.http.Method;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamStream;
import tollgate.core.time.Ticker;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.loop.SocketKind;
import tollgate.transport.wire.FakeExchange;
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.Loopback;

/**
 * What only real sockets do: half-closes, resets, and answers that cross what is still being sent.
 */
class SocketPeersTest {
  private static final SocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final int TIMEOUT_MILLIS = 20_000;

  private final BlockingQueue<FakeExchange> exchanges = new LinkedBlockingQueue<>();
  private @Nullable EventLoops loops;

  @AfterEach
  void stop() {
    System.clearProperty(SocketKind.PROPERTY);
    if (loops != null) {
      loops.close();
    }
  }

  private EventLoops loops(String kind) {
    System.setProperty(SocketKind.PROPERTY, kind);
    EventLoops made = EventLoops.create(1, Ticker.SYSTEM);
    loops = made;
    return made;
  }

  /** Listens; each request is given to {@code onBegin} on the loop. */
  private Socket connect(String kind, Consumer<FakeExchange> onBegin) throws Exception {
    return connect(kind, HttpLimits.DEFAULTS, onBegin);
  }

  private Socket connect(String kind, HttpLimits limits, Consumer<FakeExchange> onBegin)
      throws Exception {
    EventLoops made = loops(kind);
    Channel server =
        new ServerBootstrap()
            .group(made.group())
            .channelFactory(made.sockets().server())
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(serverConnection(channel, made, limits, onBegin));
                  }
                })
            .bind(ANY_PORT)
            .sync()
            .channel();
    InetSocketAddress address = (InetSocketAddress) server.localAddress();
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  private Http1ServerConnection serverConnection(
      Channel channel, EventLoops made, HttpLimits limits, Consumer<FakeExchange> onBegin) {
    return new Http1ServerConnection(
        channel,
        (request, malformed, _, stream, _) -> {
          FakeExchange exchange = new FakeExchange(request, malformed, stream);
          if (malformed == null) {
            onBegin.accept(exchange);
          } else {
            exchange.answer(malformed.code().status(), "", true);
          }
          exchanges.add(exchange);
          return exchange;
        },
        new Loopback(),
        made.of(channel),
        made.of(channel).headBuffer(),
        limits,
        null);
  }

  private FakeExchange next() throws InterruptedException {
    FakeExchange exchange = exchanges.poll(20, SECONDS);
    assertThat(exchange).isNotNull();
    return exchange;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String readToEnd(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void aClientStillSendingSeesTheAnswer(String kind) throws Exception {
    try (Socket client = connect(kind, e -> e.answer(413, "no"))) {
      write(client, http("POST / HTTP/1.1|Host: x|Content-Length: 4000000||"));
      byte[] part = new byte[100_000];
      for (int i = 0; i < 40; i++) {
        client.getOutputStream().write(part);
      }
      assertThat(readToEnd(client)).startsWith("HTTP/1.1 413 ").endsWith("no");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void aClientSendingGarbageSeesTheRefusal(String kind) throws Exception {
    try (Socket client = connect(kind, e -> e.answer(200, "ok"))) {
      write(client, http("GET / HTTP/1.1|Host: x||") + "\u0000".repeat(200_000));
      assertThat(readToEnd(client))
          .containsSubsequence("HTTP/1.1 200 OK", "ok", "HTTP/1.1 400 Bad Request");
      assertThat(next().malformed).isNull();
      assertThat(next().malformed).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void aClientThatEndsItsOutputGetsItsAnswers(String kind) throws Exception {
    BlockingQueue<FakeExchange> begun = new LinkedBlockingQueue<>();
    try (Socket client = connect(kind, begun::add)) {
      write(client, http("GET /1 HTTP/1.1|Host: x||GET /2 HTTP/1.1|Host: x||"));
      client.shutdownOutput();
      for (String text : new String[] {"one", "two"}) {
        FakeExchange exchange = next();
        EventLoops made = loops;
        assertThat(made).isNotNull();
        made.loop(0).execute(() -> exchange.answer(200, text));
      }
      assertThat(readToEnd(client)).containsSubsequence("one", "two");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void aClientThatEndsItsOutputGetsALongAnswer(String kind) throws Exception {
    // One that waits with reading paused, and one that waits with reading on.
    for (String requests : new String[] {"GET / HTTP/1.1|Host: x||G", "GET / HTTP/1.1|Host: x||"}) {
      try (Socket client = connect(kind, _ -> {})) {
        write(client, http(requests));
        client.shutdownOutput();
        FakeExchange exchange = next();
        String megabyte = "m".repeat(1 << 20);
        EventLoops made = loops;
        assertThat(made).isNotNull();
        made.loop(0)
            .execute(() -> {
              exchange.head(200, 30L << 20, false);
              for (int i = 0; i < 30; i++) {
                exchange.send(megabyte);
              }
              exchange.end();
            });
        assertThat(readToEnd(client).length()).isGreaterThan(30 << 20);
        made.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void aClientThatEndsInTheMiddleIsGone(String kind) throws Exception {
    try (Socket client = connect(kind, FakeExchange::read)) {
      write(client, http("POST / HTTP/1.1|Host: x|Content-Length: 10||12345"));
      client.shutdownOutput();
      assertThat(readToEnd(client)).isEmpty();
      assertThat(next().isGone).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void aClientThatDoesNotReadIsGivenUp(String kind) throws Exception {
    long second = SECONDS.toNanos(1);
    HttpLimits limits = new HttpLimits(8192, 32768, 100, second, second / 5, second, 0, 0, 0, 100);
    String megabyte = "m".repeat(1 << 20);
    Consumer<FakeExchange> pour =
        exchange -> {
          exchange.head(200, 100L << 20, false);
          for (int i = 0; i < 20; i++) {
            exchange.send(megabyte);
          }
          exchange.stream.flush();
        };
    try (Socket client = connect(kind, limits, pour)) {
      write(client, http("GET / HTTP/1.1|Host: x||"));
      FakeExchange exchange = next();
      EventLoops made = loops;
      assertThat(made).isNotNull();
      await()
          .until(() ->
              CompletableFuture.supplyAsync(() -> exchange.tooSlow != null, made.loop(0))
                  .get(5, SECONDS));
      assertThat(client.isClosed()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void anAbortedBodyDoesNotLookComplete(String kind) throws Exception {
    Consumer<FakeExchange> cut =
        exchange -> {
          exchange.chunked(200);
          exchange.send("part");
          exchange.stream.flush();
        };
    try (Socket client = connect(kind, cut)) {
      write(client, http("GET / HTTP/1.0||"));
      FakeExchange exchange = next();
      byte[] some = client.getInputStream().readNBytes(20);
      assertThat(new String(some, ISO_8859_1)).startsWith("HTTP/1.1 200 OK");
      EventLoops made = loops;
      assertThat(made).isNotNull();
      made.loop(0).execute(exchange.stream::abort);
      assertThatThrownBy(() -> readToEnd(client)).isInstanceOf(SocketException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void anEarlyAnswerSurvivesTheResetBehindIt(String kind) throws Exception {
    EventLoops made = loops(kind);
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Bootstrap bootstrap =
          new Bootstrap()
              .group(made.group())
              .channelFactory(made.sockets().socket())
              .handler(new ChannelInboundHandlerAdapter());
      Channel channel = bootstrap.connect(listening.getLocalSocketAddress()).sync().channel();
      Uploading uploading = new Uploading();
      try (Socket backend = listening.accept()) {
        made.loop(0)
            .execute(() -> {
              var connection =
                  Http1ClientConnection.attach(
                      channel, made.loop(0), made.loop(0).headBuffer(), uploading);
              uploading.begin(connection.start(uploading.attempt, TestBackend.TIMEOUTS));
            });
        assertThat(backend.getInputStream().readNBytes(100)).hasSize(100);
        write(backend, http("HTTP/1.1 413 Content Too Large|Content-Length: 2||no"));
        // Closing with unread input resets the connection.
      }
      assertThat(uploading.ended.get(20, SECONDS)).isEqualTo("413 no");
      assertThat(uploading.attempt.failure).isNull();
    }
  }

  /** Sends without end until an answer is there. */
  private static final class Uploading implements Http1ClientConnection.Owner {
    final CompletableFuture<String> ended = new CompletableFuture<>();
    final FakeAttempt attempt =
        new FakeAttempt() {
          @Override
          public void onResponseEnd(Trailers trailers) {
            super.onResponseEnd(trailers);
            ResponseHead seen = head;
            ended.complete((seen == null ? 0 : seen.status()) + " " + body);
          }

          @Override
          public void onFailure(UpstreamFailure failure) {
            super.onFailure(failure);
            ended.complete(failure.toString());
          }

          @Override
          public void onUpstreamWritable() {
            pour();
          }
        };
    private @Nullable UpstreamStream stream;

    void begin(UpstreamStream begun) {
      stream = begun;
      begun.sendHead(TestBackend.head(Method.POST), 1L << 40);
      pour();
    }

    private void pour() {
      UpstreamStream open = stream;
      while (open != null && open.isWritable()) {
        open.sendBody(Unpooled.buffer(10_000).writeZero(10_000));
        open.flush();
      }
    }

    @Override
    public void idle(Http1ClientConnection connection) {
      ended.completeExceptionally(new IllegalStateException("pooled"));
    }

    @Override
    public void closed(Http1ClientConnection connection) {}
  }
}
