package tollgate.transport.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.exchange.ClientConnection.TlsFacts;
import tollgate.core.http.CidrSet;
import tollgate.core.time.Ticker;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.tls.ClientCertificates;
import tollgate.transport.tls.TestCertificates;
import tollgate.transport.tls.TlsContexts;
import tollgate.transport.tls.TlsProblem;
import tollgate.transport.tls.TlsSettings;
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.HttpVersions;

/** B15: certificates of clients, on both engines, against the JDK's client. */
final class ClientCertificatesTest {
  private final Instant longAgo = Instant.now().minusSeconds(86_400 * 10);
  private final Instant tomorrow = Instant.now().plusSeconds(86_400);

  private final CountingConnections telemetry = new CountingConnections();
  private final Answering answering = new Answering();
  private final EventLoops loops = EventLoops.create(1, Ticker.SYSTEM);
  private final Server server = Server.create(loops, telemetry);
  private final TestCertificates authority = TestCertificates.create();
  private @Nullable TlsContexts contexts;

  @TempDir Path folder = Path.of("");

  ClientCertificatesTest() throws Exception {}

  @AfterEach
  void stop() {
    server.stopAccepting();
    loops.close();
    if (contexts != null) {
      contexts.close();
    }
    System.clearProperty("tollgate.tls");
  }

  @ParameterizedTest
  @CsvSource({"boringssl,TLSv1.3", "boringssl,TLSv1.2", "jdk,TLSv1.3", "jdk,TLSv1.2"})
  void tellsWhomAGoodCertificateNames(String engine, String version) throws Exception {
    Listener listener = listen(engine, required());
    SSLContext client = authority.client(good());
    for (int i = 0; i < 2; i++) { // the second time by the session of the first
      try (SSLSocket socket = connect(listener, client, version)) {
        assertThat(ask(socket)).endsWith("hello");
      }
      TlsFacts facts = answering.connections.getLast().tls();
      assertThat(facts).isNotNull();
      assertThat(facts.clientSubject()).isEqualTo("CN=shop,O=Acme");
    }
    assertThat(telemetry.handshakes).containsExactly("ok " + version, "ok " + version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void asksForOneOnlyWhereItIsRequired(String engine) throws Exception {
    Listener optional = listen(engine, new ClientCertificates(false, trust(), null, 1));
    for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
      try (SSLSocket socket = connect(optional, authority.client(), version)) {
        assertThat(ask(socket)).endsWith("hello");
      }
      TlsFacts facts = answering.connections.getLast().tls();
      assertThat(facts).isNotNull();
      assertThat(facts.clientSubject()).isNull();
    }
    assertRefused(optional, TestCertificates.selfSignedClient());
    assertThat(telemetry.handshakes).contains("ok TLSv1.3", "ok TLSv1.2");

    closeContexts();
    Listener required = listen(engine, required());
    int before = answering.connections.size();
    for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
      assertThatThrownBy(
              () -> {
                try (SSLSocket socket = connect(required, authority.client(), version)) {
                  ask(socket);
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(answering.connections).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void refusesBadCertificates(String engine) throws Exception {
    Listener listener = listen(engine, required());
    Instant yesterday = Instant.now().minusSeconds(86_400);
    assertRefused(
        listener, client(builder -> builder.notBefore(longAgo).notAfter(yesterday))); // expired
    assertRefused(listener, client(builder -> builder.notBefore(tomorrow))); // not valid yet
    assertRefused(
        listener, authority.forClient(builder -> builder.addExtendedKeyUsageServerAuth()));
    assertRefused(listener, TestCertificates.selfSignedClient());
    assertRefused(listener, clientOf(TestCertificates.create().authority()));
    // By one that is no authority.
    assertRefused(listener, clientOf(good()));
    assertThat(answering.connections).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void refusesChainsThatAreTooLong(String engine) throws Exception {
    X509Bundle first = authority.intermediate("First");
    X509Bundle second = TestCertificates.intermediateOf(first, "Second");
    Listener one = listen(engine, new ClientCertificates(true, trust(), null, 1));
    assertServed(one, clientOf(first));
    assertRefused(one, clientOf(second));
    closeContexts();
    Listener two = listen(engine, new ClientCertificates(true, trust(), null, 2));
    assertServed(two, clientOf(second));
    closeContexts();
    Listener none = listen(engine, new ClientCertificates(true, trust(), null, 0));
    assertServed(none, good());
    assertRefused(none, clientOf(first));
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void trustsOneCertificateByItselfUntilItExpires(String engine) throws Exception {
    X509Bundle known = TestCertificates.selfSignedClient();
    X509Bundle old =
        TestCertificates.forClientOf(
            TestCertificates.create().authority(),
            builder -> builder.notBefore(longAgo).notAfter(Instant.now().minusSeconds(60)));
    Path pinned =
        Files.writeString(
            folder.resolve("pinned.pem"), known.getCertificatePEM() + old.getCertificatePEM());
    Listener listener = listen(engine, new ClientCertificates(true, pinned, null, 0));
    assertServed(listener, known);
    assertRefused(listener, TestCertificates.selfSignedClient());
    assertRefused(listener, old);
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void refusesWhatIsRevoked(String engine) throws Exception {
    X509Bundle intermediate = authority.intermediate("Issuing");
    X509Bundle revoked = clientOf(intermediate);
    X509Bundle other = clientOf(intermediate);
    Path crl = folder.resolve("clients.crl");
    List<X509Bundle> authorities = List.of(authority.authority(), intermediate);
    TestCertificates.writeRevocations(crl, tomorrow, authorities, revoked);
    Listener listener = listen(engine, new ClientCertificates(true, trust(), crl, 1));
    assertServed(listener, other);
    assertRefused(listener, revoked);

    // A list that is missing or out of date says nothing good of anybody.
    TestCertificates.writeRevocations(crl, tomorrow, List.of(authority.authority()));
    assertThat(used().reload()).isEmpty();
    assertRefused(listener, other);
    TestCertificates.writeRevocations(crl, Instant.now().minusSeconds(3600), authorities);
    assertThat(used().reload()).isEmpty();
    assertRefused(listener, other);
    TestCertificates.writeRevocations(crl, tomorrow, authorities, intermediate);
    assertThat(used().reload()).isEmpty();
    assertRefused(listener, other);
  }

  @ParameterizedTest
  @CsvSource({"boringssl,TLSv1.3", "boringssl,TLSv1.2", "jdk,TLSv1.3", "jdk,TLSv1.2"})
  void takesAChangedListAtTheNextHandshakeAndResumesNoSessionPastIt(String engine, String version)
      throws Exception {
    X509Bundle client = good();
    Path crl = folder.resolve("clients.crl");
    List<X509Bundle> authorities = List.of(authority.authority());
    TestCertificates.writeRevocations(crl, tomorrow, authorities);
    Listener listener = listen(engine, new ClientCertificates(true, trust(), crl, 1));
    SSLContext remembering = authority.client(client);
    for (int i = 0; i < 2; i++) {
      try (SSLSocket socket = connect(listener, remembering, version)) {
        assertThat(ask(socket)).endsWith("hello");
      }
    }
    try (SSLSocket open = connect(listener, remembering, version)) {
      ask(open);
      TestCertificates.writeRevocations(crl, tomorrow, authorities, client);
      assertThat(used().reload()).isEmpty();
      assertThat(ask(open)).as("an open connection goes on").endsWith("hello");
    }
    int before = answering.connections.size();
    assertThatThrownBy(
            () -> {
              try (SSLSocket socket = connect(listener, remembering, version)) {
                ask(socket);
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(answering.connections).hasSize(before);
  }

  @Test
  void keepsWhatItHasWhileAFileIsBad() throws Exception {
    Path crl = folder.resolve("clients.crl");
    TestCertificates.writeRevocations(crl, tomorrow, List.of(authority.authority()));
    Listener listener = listen("boringssl", new ClientCertificates(true, trust(), crl, 1));
    Path trust = trust();
    String good = Files.readString(trust);
    Files.writeString(trust, "nothing");
    assertThat(used().reload()).containsExactly(new TlsProblem(trust, "holds no PEM certificate"));
    Files.writeString(trust, good);
    Files.writeString(crl, good);
    assertThat(used().reload())
        .containsExactly(new TlsProblem(crl, "holds no PEM revocation list (X509 CRL)"));
    Files.writeString(crl, "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n");
    assertThat(used().reload())
        .containsExactly(new TlsProblem(crl, "holds a revocation list that cannot be read"));
    Files.delete(crl);
    assertThat(used().reload()).containsExactly(new TlsProblem(crl, "does not exist"));
    assertServed(listener, good());
    assertThat(used().files()).contains(trust, crl);
  }

  private void assertServed(Listener listener, X509Bundle client) throws Exception {
    try (SSLSocket socket = connect(listener, authority.client(client), "TLSv1.3")) {
      assertThat(ask(socket)).endsWith("hello");
    }
  }

  /** By an alert, which a client of TLS 1.3 sees when it reads. */
  private void assertRefused(Listener listener, X509Bundle client) throws Exception {
    int served = answering.connections.size();
    for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
      long failed = failed();
      SSLContext context = authority.client(client);
      assertThatThrownBy(
              () -> {
                try (SSLSocket socket = connect(listener, context, version)) {
                  ask(socket);
                }
              })
          .isInstanceOf(IOException.class);
      await().until(() -> failed() == failed + 1);
    }
    assertThat(answering.connections).hasSize(served);
  }

  private long failed() {
    return telemetry.handshakes.stream().filter("failed none"::equals).count();
  }

  private X509Bundle good() throws Exception {
    return client(builder -> builder);
  }

  private X509Bundle client(UnaryOperator<io.netty.pkitesting.CertificateBuilder> shape)
      throws Exception {
    return authority.forClient(builder -> shape.apply(builder.addExtendedKeyUsageClientAuth()));
  }

  private static X509Bundle clientOf(X509Bundle issuer) throws Exception {
    return TestCertificates.forClientOf(issuer, builder -> builder.addExtendedKeyUsageClientAuth());
  }

  private ClientCertificates required() throws IOException {
    return new ClientCertificates(true, trust(), null, 1);
  }

  private Path trust() throws IOException {
    return authority.writeTrust(folder);
  }

  private Listener listen(String engine, ClientCertificates clients) throws Exception {
    System.setProperty("tollgate.tls", engine);
    var files = TestCertificates.write(folder, "a", authority.forHosts("a.test"));
    TlsContexts created =
        switch (TlsContexts.create(
            new TlsSettings(List.of(files), false, false, clients, HttpVersions.HTTP1))) {
          case TlsContexts.Created.Ready ready -> ready.contexts();
          case TlsContexts.Created.Refused refused ->
              throw new IllegalStateException(refused.problems().toString());
        };
    contexts = created;
    return server
        .listen(
            new ListenerSettings(
                "https",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                HttpLimits.DEFAULTS,
                created,
                Duration.ofSeconds(20),
                ConnectionLimits.NONE,
                CidrSet.EMPTY,
                HttpVersions.HTTP1),
            answering)
        .toCompletableFuture()
        .get(30, SECONDS);
  }

  private TlsContexts used() {
    assertThat(contexts).isNotNull();
    return contexts;
  }

  private void closeContexts() {
    used().close();
    contexts = null;
  }

  private static SSLSocket connect(Listener listener, SSLContext context, String version)
      throws IOException {
    var socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), listener.port());
    try {
      socket.setSoTimeout(30_000);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName("a.test")));
      parameters.setProtocols(new String[] {version});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static String ask(SSLSocket client) throws IOException {
    client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n".getBytes(ISO_8859_1));
    var answer = new StringBuilder();
    while (!answer.toString().endsWith("hello")) {
      int next = client.getInputStream().read();
      if (next < 0) {
        throw new IOException("closed after " + answer);
      }
      answer.append((char) next);
    }
    return answer.toString();
  }
}
