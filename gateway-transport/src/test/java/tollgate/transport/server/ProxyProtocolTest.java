package tollgate.transport.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.http.Cidr;
import tollgate.core.http.CidrSet;
import tollgate.core.telemetry.CloseReason;
import tollgate.core.time.Ticker;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.tls.TestCertificates;
import tollgate.transport.tls.TlsContexts;
import tollgate.transport.tls.TlsSettings;
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.HttpVersions;

/** Connections of peers that begin with a PROXY header, over real sockets. */
final class ProxyProtocolTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final CidrSet LOOPBACK = ranges("127.0.0.0/8");

  private final CountingConnections telemetry = new CountingConnections();
  private final Answering answering = new Answering();
  private final EventLoops loops = EventLoops.create(2, Ticker.SYSTEM);
  private final Server server = Server.create(loops, telemetry);
  private ConnectionLimits limits = ConnectionLimits.NONE;
  private HttpLimits http = HttpLimits.DEFAULTS;
  private @Nullable TlsContexts tls;

  @AfterEach
  void stop() {
    server.stopAccepting();
    loops.close();
    if (tls != null) {
      tls.close();
    }
  }

  @Test
  void takesTheClientFromTheHeader() throws Exception {
    Listener listener = listen(LOOPBACK);
    ClientConnection connection = served(listener, ProxyHeaders.ipv4("192.0.2.1", 51234));
    assertThat(connection.peer())
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 51234));
    assertThat(connection.peerText()).isEqualTo("192.0.2.1");
    assertThat(connection.tcpPeer().getAddress().isLoopbackAddress()).isTrue();

    assertThat(served(listener, ProxyHeaders.ipv6("2001:db8::1", 1)).peerText())
        .isEqualTo("2001:db8::1");
    assertThat(served(listener, text("PROXY TCP4 192.0.2.9 198.51.100.1 1 2\r\n")).peerText())
        .isEqualTo("192.0.2.9");
    assertThat(served(listener, text("PROXY UNKNOWN\r\n")).peerText()).isEqualTo("127.0.0.1");
    assertThat(served(listener, ProxyHeaders.version2(0x20, 0, "")).peerText())
        .isEqualTo("127.0.0.1");
  }

  @Test
  void readsAHeaderThatComesByteByByte() throws Exception {
    Listener listener = listen(LOOPBACK);
    for (byte[] header :
        List.of(
            ProxyHeaders.ipv4("192.0.2.1", 1), text("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"))) {
      try (Socket client = connect(listener)) {
        for (byte b : header) {
          client.getOutputStream().write(b);
          client.getOutputStream().flush();
        }
        client.getOutputStream().write(text(GET));
        assertThat(answer(client)).endsWith("hello");
      }
      assertThat(answering.connections.getLast().peerText()).isEqualTo("192.0.2.1");
    }
  }

  /** B16: from anybody else it is no header. */
  @Test
  void takesNoHeaderFromOtherPeers() throws Exception {
    Listener listener = listen(ranges("10.0.0.0/8"));
    for (byte[] header :
        List.of(
            ProxyHeaders.ipv4("192.0.2.1", 1), text("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"))) {
      try (Socket client = connect(listener)) {
        client.getOutputStream().write(with(header, GET));
        assertThat(readAll(client)).doesNotContain("192.0.2.1");
        client.shutdownOutput();
      }
    }
    assertThat(answering.connections)
        .allSatisfy(connection -> assertThat(connection.peerText()).isEqualTo("127.0.0.1"));
    assertThat(telemetry.closed).doesNotContain(CloseReason.PROXY_HEADER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {GET, "PROXY TCP4 192.0.2.1 198.51.100.1 1 99999\r\n", "\r\n\r\nGET", "\u0016"})
  void closesWhatBeginsWithoutAHeader(String bytes) throws Exception {
    Listener listener = listen(LOOPBACK);
    try (Socket client = connect(listener)) {
      client.getOutputStream().write(text(bytes));
      assertThat(readAll(client)).isEmpty();
    }
    await().until(() -> telemetry.closed.equals(List.of(CloseReason.PROXY_HEADER)));
    assertThat(answering.connections).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PROXY TCP4", "\r\n\r\n"})
  void closesAHeaderThatDoesNotComeInTime(String bytes) throws Exception {
    http =
        new HttpLimits(
            8192, 32768, 100, 60_000_000, 75_000_000_000L, 30_000_000_000L, 0, 0, 0, 100);
    Listener listener = listen(LOOPBACK);
    try (Socket client = connect(listener)) {
      client.getOutputStream().write(text(bytes));
      assertThat(readAll(client)).isEmpty();
    }
    await().until(() -> telemetry.closed.equals(List.of(CloseReason.PROXY_HEADER)));
  }

  @Test
  void forgetsAClientThatLeavesInTheMiddleOfTheHeader() throws Exception {
    Listener listener = listen(LOOPBACK);
    try (Socket client = connect(listener)) {
      client.getOutputStream().write(ProxyHeaders.ipv4("192.0.2.1", 1), 0, 20);
    }
    await().until(() -> telemetry.closed.equals(List.of(CloseReason.CLIENT)));
  }

  @Test
  void standsBeforeTls(@TempDir Path folder) throws Exception {
    TestCertificates authority = TestCertificates.create();
    var files = TestCertificates.write(folder, "a", authority.forHosts("a.test"));
    tls =
        switch (TlsContexts.create(
            new TlsSettings(List.of(files), false, false, null, HttpVersions.HTTP1))) {
          case TlsContexts.Created.Ready ready -> ready.contexts();
          case TlsContexts.Created.Refused refused ->
              throw new IllegalStateException(refused.problems().toString());
        };
    Listener listener = listen(LOOPBACK);
    try (Socket plain = connect(listener)) {
      plain.getOutputStream().write(ProxyHeaders.ipv4("192.0.2.1", 1));
      try (var client =
          (SSLSocket)
              authority.client().getSocketFactory().createSocket(plain, "a.test", 443, true)) {
        client.getOutputStream().write(text(GET.replace("Host: a", "Host: a.test")));
        assertThat(answer(client)).startsWith("HTTP/1.1 200").endsWith("hello");
      }
    }
    assertThat(answering.connections.getFirst().peerText()).isEqualTo("192.0.2.1");
    assertThat(answering.connections.getFirst().tls()).isNotNull();
  }

  @Test
  void countsTheClientOfTheHeaderAndNotTheProxy() throws Exception {
    limits = new ConnectionLimits(0, 1, null, CidrSet.EMPTY);
    Listener listener = listen(LOOPBACK);
    try (Socket first = connect(listener);
        Socket other = connect(listener);
        Socket second = connect(listener);
        Socket proxy = connect(listener);
        Socket proxyAgain = connect(listener)) {
      first.getOutputStream().write(with(ProxyHeaders.ipv4("192.0.2.1", 1), GET));
      assertThat(answer(first)).endsWith("hello");
      other.getOutputStream().write(with(ProxyHeaders.ipv4("192.0.2.2", 1), GET));
      assertThat(answer(other)).endsWith("hello");
      second.getOutputStream().write(with(ProxyHeaders.ipv4("192.0.2.1", 2), GET));
      assertThat(readAll(second)).isEmpty();
      for (Socket own : List.of(proxy, proxyAgain)) {
        own.getOutputStream().write(with(text("PROXY UNKNOWN\r\n"), GET));
        assertThat(answer(own)).endsWith("hello");
      }
    }
    await().until(() -> telemetry.closed.size() == 5);
    assertThat(telemetry.closed).containsOnlyOnce(CloseReason.LIMIT);
    assertThat(listener.admission().clients()).isZero();
  }

  private ClientConnection served(Listener listener, byte[] header) throws IOException {
    try (Socket client = connect(listener)) {
      client.getOutputStream().write(with(header, GET));
      assertThat(answer(client)).startsWith("HTTP/1.1 200").endsWith("hello");
      return answering.connections.getLast();
    }
  }

  private Listener listen(CidrSet proxies) throws Exception {
    return server
        .listen(
            new ListenerSettings(
                "http",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                http,
                tls,
                Duration.ofSeconds(20),
                limits,
                proxies,
                HttpVersions.HTTP1),
            answering)
        .toCompletableFuture()
        .get(30, SECONDS);
  }

  private static CidrSet ranges(String range) {
    return CidrSet.of(List.of(requireNonNull(Cidr.parse(range))));
  }

  private static Socket connect(Listener listener) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static byte[] text(String latin1) {
    return latin1.getBytes(ISO_8859_1);
  }

  private static byte[] with(byte[] header, String request) {
    return text(new String(header, ISO_8859_1) + request);
  }

  private static String answer(Socket client) throws IOException {
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

  /** Up to the end or a reset. */
  private static String readAll(Socket client) throws IOException {
    var all = new ByteArrayOutputStream();
    try {
      for (int next = client.getInputStream().read(); next >= 0; ) {
        all.write(next);
        next = client.getInputStream().read();
      }
    } catch (java.net.SocketException _) {
      // a reset ends it as well
    }
    return all.toString(ISO_8859_1);
  }
}
