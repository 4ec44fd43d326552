package tollgate.transport.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.http.CidrSet;
import tollgate.core.telemetry.CloseReason;
import tollgate.core.time.Ticker;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.loop.NettyLoop;
import tollgate.transport.loop.SocketKind;
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.HttpVersions;

/** Listeners over real sockets. */
final class ServerTest {
  private static final SocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private final CountingConnections telemetry = new CountingConnections();
  private final Answering answering = new Answering();
  private @Nullable EventLoops made;
  private @Nullable Server server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.stopAccepting();
    }
    if (made != null) {
      made.close();
    }
    System.clearProperty(SocketKind.PROPERTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void servesOnBothKindsOfSockets(String kind) throws Exception {
    System.setProperty(SocketKind.PROPERTY, kind);
    Listener listener = listen(plain(ANY_PORT));
    assertThat(listener.port()).isPositive();
    try (Socket client = connect(listener)) {
      assertThat(ask(client)).startsWith("HTTP/1.1 200").endsWith("hello");
      assertThat(ask(client)).endsWith("hello");
      assertThat(answering.connections.getFirst().peer()).isEqualTo(client.getLocalSocketAddress());
      assertThat(answering.connections.getFirst().local())
          .isEqualTo(client.getRemoteSocketAddress());
      assertThat(answering.connections.getFirst().peerText()).isEqualTo("127.0.0.1");
    }
    await().until(() -> telemetry.closed.size() == 1);
    assertThat(telemetry.closed).containsExactly(CloseReason.CLIENT);
    assertThat(telemetry.opened).hasValue(1);
  }

  @Test
  void namesListenerAndAddressWhenItCannotListen() throws Exception {
    Listener listener = listen(plain(ANY_PORT));
    var taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port());
    assertThatThrownBy(() -> listen(plain(taken)))
        .hasRootCauseInstanceOf(IOException.class)
        .hasMessageContaining("listener http on 127.0.0.1:" + listener.port())
        .hasMessageContaining("in use");
  }

  @Test
  void drainingClosesIdleConnectionsAndLetsTheBusyFinish() throws Exception {
    Listener listener = listen(plain(ANY_PORT));
    try (Socket idle = connect(listener);
        Socket busy = connect(listener)) {
      ask(idle);
      answering.isHolding = true;
      busy.getOutputStream().write(GET.getBytes(ISO_8859_1));
      await().until(() -> answering.held.size() == 1);

      done(started().stopAccepting());
      CompletionStage<Integer> drained = started().drain(Duration.ofMinutes(1));
      assertThat(idle.getInputStream().read()).isEqualTo(-1);
      assertThat(drained.toCompletableFuture()).isNotDone();

      answering.held.getFirst().answer();
      assertThat(readAll(busy)).contains("onnection: close").endsWith("hello");
      busy.shutdownOutput();
      assertThat(done(drained)).isZero();
      assertThat(telemetry.closed).containsExactly(CloseReason.DRAINED, CloseReason.DRAINED);
    }
  }

  @Test
  void whatDoesNotEndInTimeIsCutAndCounted() throws Exception {
    Listener listener = listen(plain(ANY_PORT));
    answering.isHolding = true;
    try (Socket busy = connect(listener)) {
      busy.getOutputStream().write(GET.getBytes(ISO_8859_1));
      await().until(() -> answering.held.size() == 1);
      done(started().stopAccepting());
      assertThat(done(started().drain(Duration.ofMillis(50)))).isEqualTo(1);
      assertThat(telemetry.closed).containsExactly(CloseReason.ABORTED);
    }
  }

  @Test
  void whatIsCutIsToldToItsExchangeBeforeTheDrainIsOver() throws Exception {
    Listener listener = listen(plain(ANY_PORT));
    answering.isHolding = true;
    try (Socket busy = connect(listener)) {
      busy.getOutputStream().write(GET.getBytes(ISO_8859_1));
      await().until(() -> answering.held.size() == 1);
      done(started().stopAccepting());
      // Seen on the loop that ends the drain, as it ends it.
      CompletionStage<Integer> abandoned =
          started().drain(Duration.ofMillis(50)).thenApply(_ -> answering.abandoned.get());
      assertThat(done(abandoned)).isEqualTo(1);
    }
  }

  @Test
  void drainingNothingIsDoneAtOnce() throws Exception {
    listen(plain(ANY_PORT));
    done(started().stopAccepting());
    assertThat(done(started().drain(Duration.ofMinutes(1)))).isZero();
  }

  @Test
  void afterItStoppedAcceptingNobodyConnects() throws Exception {
    Listener listener = listen(plain(ANY_PORT));
    int port = listener.port();
    done(listener.stopAccepting());
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(IOException.class);
  }

  @Test
  void closesConnectionsOverTheLimit() throws Exception {
    Listener listener =
        listen(
            new ListenerSettings(
                "http",
                ANY_PORT,
                HttpLimits.DEFAULTS,
                null,
                Duration.ofSeconds(10),
                new ConnectionLimits(1, 0, null, CidrSet.EMPTY),
                CidrSet.EMPTY,
                HttpVersions.HTTP1));
    try (Socket first = connect(listener)) {
      ask(first);
      try (Socket second = connect(listener)) {
        assertThat(second.getInputStream().read()).isEqualTo(-1);
      }
      await().until(() -> telemetry.closed.contains(CloseReason.LIMIT));
      assertThat(ask(first)).endsWith("hello");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void servesAUnixSocketThatOnlyItsOwnerMayUse(String kind, @TempDir Path folder) throws Exception {
    System.setProperty(SocketKind.PROPERTY, kind);
    Path path = folder.resolve("run/control.sock");
    Listener listener = listen(plain(UnixDomainSocketAddress.of(path)));
    assertThat(mode(path)).isEqualTo("rw-------");
    assertThat(mode(path.resolveSibling("."))).isEqualTo("rwx------");
    assertThat(listener.address()).isEqualTo(UnixDomainSocketAddress.of(path));
    try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      client.connect(UnixDomainSocketAddress.of(path));
      client.write(ByteBuffer.wrap(GET.getBytes(ISO_8859_1)));
      var in = Channels.newInputStream(client);
      assertThat(new String(in.readNBytes(12), ISO_8859_1)).isEqualTo("HTTP/1.1 200");
      assertThat(answering.connections.getFirst().peerAddress().isLoopbackAddress()).isTrue();
      assertThat(answering.connections.getFirst().peer().getPort()).isZero();
    }
    done(listener.stopAccepting());
    assertThat(path).doesNotExist();
  }

  @Test
  void removesAUnixSocketNobodyListensOn(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("control.sock");
    try (var stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      stale.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(path).exists();
    listen(plain(UnixDomainSocketAddress.of(path)));
    assertThat(mode(path)).isEqualTo("rw-------");
  }

  @Test
  void refusesAUnixSocketSomebodyListensOn(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("control.sock");
    listen(plain(UnixDomainSocketAddress.of(path)));
    assertThatThrownBy(() -> listen(plain(UnixDomainSocketAddress.of(path))))
        .hasMessageContaining("another gateway");
  }

  @Test
  void refusesAFolderOthersMayEnter(@TempDir Path folder) throws Exception {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> listen(plain(UnixDomainSocketAddress.of(open.resolve("s")))))
        .hasMessageContaining("rwxr-xr-x");
  }

  @Test
  void pausesWhenItCannotAcceptAndGoesOn() throws Exception {
    Listener listener = listen(plain(ANY_PORT));
    listener.failAccept(new IOException("accept4(..) failed: Too many open files"));
    try (Socket client = connect(listener)) {
      // Only after the pause; until then the connection waits in the kernel.
      assertThat(ask(client)).endsWith("hello");
    }
  }

  /**
   * B11, CVE-2026-42577. Nobody reads a client that has ended its output, so that its reset is
   * found out when it is answered. Until then the loop does not turn for nothing: what it used of
   * its processor in half a second is next to nothing.
   */
  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void aResetAfterAHalfCloseKeepsNoLoopBusyAndEndsTheConnection(String kind) throws Exception {
    System.setProperty(SocketKind.PROPERTY, kind);
    Listener listener = listen(plain(ANY_PORT));
    answering.isHolding = true;
    Socket client = connect(listener);
    client.getOutputStream().write(GET.getBytes(ISO_8859_1));
    client.shutdownOutput();
    await().until(() -> answering.held.size() == 1);
    client.setSoLinger(true, 0);
    client.close();

    assertThat(processorMillisOfHalfASecond()).isLessThan(60);
    answering.held.getFirst().answer();
    await().until(() -> telemetry.closed.size() == 1);
    assertThat(processorMillisOfHalfASecond()).isLessThan(60);
    assertThat(started().connections()).isZero();
  }

  private long processorMillisOfHalfASecond() throws Exception {
    assertThat(made).isNotNull();
    Callable<Long> ticks = ServerTest::processorTicks;
    long used = 0;
    for (NettyLoop loop : made.all()) {
      long before = loop.eventLoop().submit(ticks).get(30, SECONDS);
      long after = loop.eventLoop().schedule(ticks, 500, MILLISECONDS).get(30, SECONDS);
      used += after - before;
    }
    return used * 10;
  }

  /** Of this thread: user and system time in hundredths of a second (proc(5), stat). */
  private static long processorTicks() throws IOException {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private Listener listen(ListenerSettings settings) throws Exception {
    if (made == null) {
      made = EventLoops.create(2, Ticker.SYSTEM);
      server = Server.create(made, telemetry);
    }
    return done(started().listen(settings, answering));
  }

  private Server started() {
    assertThat(server).isNotNull();
    return server;
  }

  private static ListenerSettings plain(SocketAddress address) {
    return ListenerSettings.plain("http", address, HttpLimits.DEFAULTS);
  }

  private static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, SECONDS);
  }

  private static Socket connect(Listener listener) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static String ask(Socket client) throws IOException {
    client.getOutputStream().write(GET.getBytes(ISO_8859_1));
    var answer = new StringBuilder();
    while (!answer.toString().endsWith("hello")) {
      int next = client.getInputStream().read();
      if (next < 0) {
        break;
      }
      answer.append((char) next);
    }
    return answer.toString();
  }

  private static String readAll(Socket client) throws IOException {
    return new String(client.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
