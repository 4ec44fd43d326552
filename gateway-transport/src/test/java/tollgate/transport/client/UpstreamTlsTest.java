package tollgate.transport.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamFailure.Kind;
import tollgate.core.time.Ticker;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Target;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.tls.ClientTls;
import tollgate.transport.tls.ClientTlsSettings;
import tollgate.transport.tls.TestCertificates;
import tollgate.transport.tls.TlsProblem;

/** TLS towards backends: who is believed, and what it is called when nobody is. */
final class UpstreamTlsTest {
  private final EventLoops loops = EventLoops.create(1, Ticker.SYSTEM);
  private final NameResolver names = NameResolver.create(loops);
  private final TestCertificates authority = TestCertificates.create();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @TempDir Path folder = Path.of("");

  UpstreamTlsTest() throws Exception {}

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable closeable : opened) {
      closeable.close();
    }
    names.close();
    loops.close();
    System.clearProperty("tollgate.tls");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void believesTheRightCertificateAndReusesTheConnection(String engine) throws Exception {
    System.setProperty("tollgate.tls", engine);
    Origin origin = origin(authority.forAddress("127.0.0.1"));
    PooledConnector connector = connector(origin.port(), settings(null, true));
    assertThat(get(connector, origin.port()).body()).isEqualTo("1");
    Call second = get(connector, origin.port());
    assertThat(second.body()).isEqualTo("1");
    assertThat(second.isReused()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void refusesTheCertificateOfAnotherHost(String engine) throws Exception {
    System.setProperty("tollgate.tls", engine);
    Origin origin = origin(authority.forHosts("other.test"));
    PooledConnector connector = connector(origin.port(), settings(null, true));
    assertThat(get(connector, origin.port()).failure().kind()).isEqualTo(Kind.TLS);
    assertThat(origin.requests).hasValue(0);
    assertThat(connector.snapshot().active()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void anotherHostCanBeAllowed(String engine) throws Exception {
    System.setProperty("tollgate.tls", engine);
    Origin origin = origin(authority.forHosts("other.test"));
    PooledConnector connector = connector(origin.port(), settings(null, false));
    assertThat(get(connector, origin.port()).body()).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void asksForAndVerifiesTheNameThatIsGiven(String engine) throws Exception {
    System.setProperty("tollgate.tls", engine);
    Origin origin = origin(authority.forHosts("inner.test"));
    assertThat(get(connector(origin.port(), settings("inner.test", true)), origin.port()).body())
        .isEqualTo("1");
    assertThat(
            get(connector(origin.port(), settings("wrong.test", true)), origin.port())
                .failure()
                .kind())
        .isEqualTo(Kind.TLS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void refusesAnAuthorityItDoesNotTrust(String engine) throws Exception {
    System.setProperty("tollgate.tls", engine);
    Origin origin = origin(TestCertificates.create().forAddress("127.0.0.1"));
    UpstreamFailure failure =
        get(connector(origin.port(), settings(null, true)), origin.port()).failure();
    assertThat(failure.kind()).isEqualTo(Kind.TLS);
    Origin platform = origin(authority.forAddress("127.0.0.1"));
    assertThat(
            get(connector(platform.port(), ClientTlsSettings.DEFAULTS), platform.port())
                .failure()
                .kind())
        .isEqualTo(Kind.TLS);
  }

  @Test
  void aBackendThatSpeaksNoTlsIsATlsFailure() throws Exception {
    var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    opened.add(socket);
    Thread.ofVirtual()
        .start(() -> {
          try (var connection = socket.accept()) {
            connection
                .getOutputStream()
                .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(ISO_8859_1));
            connection.getInputStream().readAllBytes();
          } catch (java.io.IOException _) {
            // the other side hung up
          }
        });
    PooledConnector connector = connector(socket.getLocalPort(), settings(null, true));
    assertThat(get(connector, socket.getLocalPort()).failure().kind()).isEqualTo(Kind.TLS);
  }

  @Test
  void aHandshakeThatStallsIsAConnectTimeout() throws Exception {
    var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    opened.add(silent);
    PooledConnector connector = connector(silent.getLocalPort(), settings(null, true));
    Call call =
        Call.get(
            connector,
            loops.loop(0),
            target(silent.getLocalPort()),
            new AttemptTimeouts(MILLISECONDS.toNanos(80), SECONDS.toNanos(20), 0));
    UpstreamFailure failure = call.failure();
    assertThat(failure.kind()).isEqualTo(Kind.CONNECT_TIMEOUT);
    assertThat(failure.cause()).isEqualTo("in the TLS handshake");
  }

  @Test
  void namesABadTrustFile() throws Exception {
    Path missing = folder.resolve("missing.pem");
    assertThat(ClientTls.create(new ClientTlsSettings(missing, null, true, null, null, List.of())))
        .isEqualTo(new ClientTls.Created.Refused(new TlsProblem(missing, "does not exist")));
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
    assertThat(ClientTls.create(new ClientTlsSettings(empty, null, true, null, null, List.of())))
        .isEqualTo(
            new ClientTls.Created.Refused(new TlsProblem(empty, "holds no PEM certificate")));
  }

  private Origin origin(X509Bundle bundle) throws Exception {
    Origin origin =
        Origin.start(
            TestCertificates.server(bundle)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    opened.add(origin);
    return origin;
  }

  private ClientTlsSettings settings(@org.jspecify.annotations.Nullable String name, boolean verify)
      throws Exception {
    return new ClientTlsSettings(authority.writeTrust(folder), name, verify, null, null, List.of());
  }

  private PooledConnector connector(int port, ClientTlsSettings settings) {
    ClientTls tls =
        switch (ClientTls.create(settings)) {
          case ClientTls.Created.Ready ready -> ready.tls();
          case ClientTls.Created.Refused refused ->
              throw new IllegalStateException(refused.problem().toString());
        };
    var connector =
        PooledConnector.create(
            List.of(target(port)),
            new PoolSettings(
                "orders", 10, Duration.ofMinutes(5), 10, null, null, tls, PoolProtocol.HTTP1, 100),
            loops,
            names);
    opened.add(connector);
    return connector;
  }

  private Call get(PooledConnector connector, int port) {
    return Call.get(connector, loops.loop(0), target(port));
  }

  private static Target target(int port) {
    return Target.of(0, "https", "127.0.0.1", port, 1);
  }
}
