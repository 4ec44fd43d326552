package tollgate.transport.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.core.port.UpstreamFailure.Kind;
import tollgate.core.time.Ticker;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Target;
import tollgate.transport.http2.Http2Origin;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.loop.NettyLoop;
import tollgate.transport.tls.ClientTls;
import tollgate.transport.tls.ClientTlsSettings;
import tollgate.transport.tls.TestCertificates;

/** The pool over real sockets, where connections carry many requests. */
final class MultiplexingTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final EventLoops loops = EventLoops.create(2, Ticker.SYSTEM);
  private final NameResolver names = NameResolver.create(loops);
  private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();

  @TempDir Path folder = Path.of("");

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable closeable : opened.reversed()) {
      closeable.close();
    }
    names.close();
    loops.close();
  }

  @Test
  void carriesManyRequestsOnOneConnection() throws Exception {
    Http2Origin origin = origin(100);
    origin.hold();
    PooledConnector connector = plain(origin.port(), 10, 100);
    List<Call> calls = calls(connector, origin.port(), 30);
    await().until(() -> origin.requests.get() == 30);
    assertThat(connector.snapshot().active()).isEqualTo(1);
    assertThat(connector.snapshot().pending()).isZero();
    origin.release();
    for (Call call : calls) {
      assertThat(call.body()).isEqualTo("1");
    }
    await().until(() -> connector.snapshot().idle() == 1);
    assertThat(origin.mostStreams).hasValue(30);
    Call next = get(connector, origin.port());
    assertThat(next.body()).isEqualTo("1");
    assertThat(next.isReused()).isTrue();
  }

  @Test
  void opensAnotherConnectionWhereOneIsFull() throws Exception {
    Http2Origin origin = origin(100);
    origin.hold();
    PooledConnector connector = plain(origin.port(), 3, 4);
    List<Call> calls = calls(connector, origin.port(), 20);
    await().until(() -> origin.requests.get() == 12);
    await().until(() -> connector.snapshot().pending() == 8);
    assertThat(connector.snapshot().active()).isEqualTo(3);
    assertThat(origin.mostStreams).hasValue(4);
    origin.release();
    for (Call call : calls) {
      call.body();
    }
    assertThat(origin.opened).hasValue(3);
    assertThat(origin.mostStreams).hasValue(4);
    assertThat(connector.snapshot().pending()).isZero();
  }

  @Test
  void keepsToWhatTheBackendAllows() throws Exception {
    Http2Origin origin = origin(1);
    PooledConnector connector = plain(origin.port(), 2, 100);
    List<Call> calls = calls(connector, origin.port(), 40);
    for (Call call : calls) {
      call.body();
    }
    assertThat(origin.mostStreams).hasValue(1);
    assertThat(origin.opened).hasValueLessThanOrEqualTo(2);
    assertThat(connector.snapshot().pending()).isZero();
  }

  @Test
  void noLoopStarvesWhileAConnectionIsNeverWithoutARequest() throws Exception {
    Http2Origin origin = origin(100);
    origin.hold();
    PooledConnector connector = plain(origin.port(), 1, 100);
    List<Call> busy = calls(connector, origin.port(), 3);
    await().until(() -> origin.requests.get() == 3);
    Call other = Call.get(connector, loops.loop(1), target("http", origin.port()));
    await().until(() -> connector.snapshot().pending() == 1);
    // Never without a request, until the loop has to give its connection up and wait itself.
    while (connector.snapshot().pending() < 2 && !other.isOver()) {
      int before = origin.requests.get();
      busy.add(get(connector, origin.port()));
      await().until(() -> origin.requests.get() > before || connector.snapshot().pending() > 1);
      origin.answerOne();
    }
    origin.release();
    assertThat(other.body()).isNotEqualTo("1");
    for (Call call : busy) {
      call.body();
    }
  }

  @Test
  void takesNothingMoreToABackendThatGoesAway() throws Exception {
    Http2Origin origin = origin(100);
    origin.hold();
    PooledConnector connector = plain(origin.port(), 10, 100);
    List<Call> calls = calls(connector, origin.port(), 5);
    await().until(() -> origin.requests.get() == 5);
    origin.goAway();
    await()
        .until(() -> {
          calls.add(get(connector, origin.port()));
          return origin.opened.get() == 2;
        });
    origin.release();
    for (Call call : calls.subList(0, 5)) {
      assertThat(call.body()).isEqualTo("1");
    }
    assertThat(calls.getLast().body()).isEqualTo("2");
    await().until(() -> origin.openNow() == 1);
    await().until(() -> connector.snapshot().idle() == 1 && connector.snapshot().active() == 0);
  }

  @Test
  void closesAConnectionThatIsIdleForTooLong() throws Exception {
    Http2Origin origin = origin(100);
    PooledConnector connector =
        connector("http", origin.port(), 10, 100, PoolProtocol.H2, null, Duration.ofMillis(40));
    get(connector, origin.port()).body();
    await().until(() -> origin.openNow() == 0);
    assertThat(connector.snapshot().idle()).isZero();
    assertThat(get(connector, origin.port()).body()).isEqualTo("2");
  }

  @Test
  void closingLetsTheBusyFinish() throws Exception {
    Http2Origin origin = origin(100);
    origin.hold();
    PooledConnector connector = plain(origin.port(), 10, 100);
    List<Call> calls = calls(connector, origin.port(), 3);
    await().until(() -> origin.requests.get() == 3);
    connector.close();
    origin.release();
    for (Call call : calls) {
      assertThat(call.body()).isEqualTo("1");
    }
    await().until(() -> origin.openNow() == 0);
  }

  @Test
  void tellsAllWhoWaitForAConnectionThatIsRefused() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    PooledConnector connector = plain(port, 10, 100);
    for (Call call : calls(connector, port, 10)) {
      assertThat(call.failure().kind()).isEqualTo(Kind.CONNECT);
    }
    assertThat(connector.snapshot().pending()).isZero();
    assertThat(connector.snapshot().active()).isZero();
  }

  @Test
  void tellsABackendThatSpeaksAnotherProtocol() throws Exception {
    ServerSocket socket = saying("HTTP/1.1 400 Bad Request\r\n\r\n");
    PooledConnector connector = plain(socket.getLocalPort(), 10, 100);
    for (Call call : calls(connector, socket.getLocalPort(), 3)) {
      assertThat(call.failure().kind()).isEqualTo(Kind.PROTOCOL);
    }
  }

  @Test
  void waitsForTheBackendsSettingsNoLongerThanAllowed() throws Exception {
    ServerSocket socket = saying("");
    PooledConnector connector = plain(socket.getLocalPort(), 10, 100);
    AttemptTimeouts hasty =
        new AttemptTimeouts(TimeUnit.MILLISECONDS.toNanos(80), TimeUnit.SECONDS.toNanos(20), 0);
    Target target = target("http", socket.getLocalPort());
    Call first = Call.get(connector, loops.loop(0), target, hasty);
    Call riding = Call.get(connector, loops.loop(0), target, hasty);
    assertThat(first.failure().kind()).isEqualTo(Kind.CONNECT_TIMEOUT);
    assertThat(riding.failure().kind()).isEqualTo(Kind.CONNECT_TIMEOUT);
    await().until(() -> connector.snapshot().active() == 0);
    assertThat(connector.snapshot().pending()).isZero();
  }

  // ---- TLS

  @Test
  void asksForHttp2ByAlpn() throws Exception {
    TestCertificates authority = TestCertificates.create();
    Http2Origin origin = tlsOrigin(authority, "h2");
    for (PoolProtocol protocol : List.of(PoolProtocol.H2, PoolProtocol.AUTO)) {
      PooledConnector connector = tls(origin.port(), authority, protocol);
      List<Call> calls = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        calls.add(Call.get(connector, loops.loop(0), target("https", origin.port())));
      }
      for (Call call : calls) {
        call.body();
      }
      assertThat(connector.snapshot().opened()).isEqualTo(1);
    }
  }

  @Test
  void aBackendThatChoosesAnotherProtocolIsATlsFailure() throws Exception {
    TestCertificates authority = TestCertificates.create();
    Http2Origin origin = tlsOrigin(authority, "http/1.1");
    PooledConnector connector = tls(origin.port(), authority, PoolProtocol.H2);
    Call call = Call.get(connector, loops.loop(0), target("https", origin.port()));
    assertThat(call.failure().kind()).isEqualTo(Kind.TLS);
    assertThat(origin.requests).hasValue(0);
  }

  @Test
  void speaksHttp1WhereTheBackendChoosesIt() throws Exception {
    TestCertificates authority = TestCertificates.create();
    Origin origin = Origin.start(tlsSocket(authority, "http/1.1"));
    opened.add(origin);
    PooledConnector connector = tls(origin.port(), authority, PoolProtocol.AUTO);
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      calls.add(Call.get(connector, loops.loop(0), target("https", origin.port())));
    }
    for (Call call : calls) {
      call.body();
    }
    assertThat(connector.snapshot().pending()).isZero();
  }

  @Test
  void speaksHttp1WithoutTlsWhereTheBackendMayChoose() throws Exception {
    Origin origin = Origin.start();
    opened.add(origin);
    PooledConnector connector =
        connector("http", origin.port(), 10, 100, PoolProtocol.AUTO, null, LONG);
    assertThat(get(connector, origin.port()).body()).isEqualTo("1");
  }

  // ---- what it takes

  private Http2Origin origin(int maxStreams) throws IOException {
    Http2Origin origin = Http2Origin.start(maxStreams);
    opened.add(origin);
    return origin;
  }

  private Http2Origin tlsOrigin(TestCertificates authority, String protocol) throws Exception {
    Http2Origin origin = Http2Origin.start(tlsSocket(authority, protocol), 100);
    opened.add(origin);
    return origin;
  }

  private static ServerSocket tlsSocket(TestCertificates authority, String protocol)
      throws Exception {
    var socket =
        (SSLServerSocket)
            TestCertificates.server(authority.forAddress("127.0.0.1"))
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    return socket;
  }

  /** Says the same to each connection and then nothing. */
  private ServerSocket saying(String text) throws IOException {
    var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    opened.add(socket);
    Thread.ofVirtual()
        .start(() -> {
          while (!socket.isClosed()) {
            try {
              Socket connection = socket.accept();
              opened.add(connection);
              connection.getOutputStream().write(text.getBytes(ISO_8859_1));
            } catch (IOException _) {
              // closed
            }
          }
        });
    return socket;
  }

  private List<Call> calls(PooledConnector connector, int port, int count) {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(get(connector, port));
    }
    return calls;
  }

  private Call get(PooledConnector connector, int port) {
    return Call.get(connector, loop(), target("http", port));
  }

  private NettyLoop loop() {
    return loops.loop(0);
  }

  private static Target target(String scheme, int port) {
    return Target.of(0, scheme, "127.0.0.1", port, 1);
  }

  private PooledConnector plain(int port, int maxConnections, int maxStreams) {
    return connector("http", port, maxConnections, maxStreams, PoolProtocol.H2, null, LONG);
  }

  private PooledConnector tls(int port, TestCertificates authority, PoolProtocol protocol)
      throws Exception {
    List<String> offered = protocol == PoolProtocol.H2 ? List.of("h2") : List.of("h2", "http/1.1");
    ClientTls tls =
        switch (ClientTls.create(
            new ClientTlsSettings(authority.writeTrust(folder), null, true, null, null, offered))) {
          case ClientTls.Created.Ready ready -> ready.tls();
          case ClientTls.Created.Refused refused ->
              throw new IllegalStateException(refused.problem().toString());
        };
    return connector("https", port, 10, 100, protocol, tls, LONG);
  }

  private PooledConnector connector(
      String scheme,
      int port,
      int maxConnections,
      int maxStreams,
      PoolProtocol protocol,
      @Nullable ClientTls tls,
      Duration maxIdle) {
    var connector =
        PooledConnector.create(
            List.of(target(scheme, port)),
            new PoolSettings(
                "orders", maxConnections, maxIdle, 100, null, null, tls, protocol, maxStreams),
            loops,
            names);
    opened.add(connector);
    return connector;
  }
}
