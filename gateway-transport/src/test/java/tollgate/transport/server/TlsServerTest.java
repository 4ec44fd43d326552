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
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;
import tollgate.core.exchange.ClientConnection.TlsFacts;
import tollgate.core.http.CidrSet;
import tollgate.core.telemetry.CloseReason;
import tollgate.core.telemetry.ConnectionProtocol;
import tollgate.core.time.Ticker;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.tls.TestCertificates;
import tollgate.transport.tls.TlsContexts;
import tollgate.transport.tls.TlsProblem;
import tollgate.transport.tls.TlsSettings;
import tollgate.transport.tls.TlsSettings.CertificateFiles;
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.HttpVersions;

/** TLS on a listener, against the JDK's client and raw bytes. */
final class TlsServerTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";
  private static final int ALERT = 21;

  private final CountingConnections telemetry = new CountingConnections();
  private final Answering answering = new Answering();
  private final EventLoops loops = EventLoops.create(2, Ticker.SYSTEM);
  private final Server server = Server.create(loops, telemetry);
  private final TestCertificates authority = TestCertificates.create();
  private Duration handshakeTimeout = Duration.ofSeconds(20);
  private ConnectionLimits connectionLimits = ConnectionLimits.NONE;
  private @Nullable TlsContexts contexts;

  @TempDir Path folder = Path.of("");

  TlsServerTest() throws Exception {}

  @BeforeEach
  void clear() {
    System.clearProperty("tollgate.tls");
  }

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
  void servesAndTellsWhatWasAgreed(String engine, String version) throws Exception {
    Listener listener = listen(engine, false, pair("a", authority.forHosts("a.test")));
    try (SSLSocket client = connect(listener, authority.client(), "a.test", version)) {
      assertThat(ask(client)).startsWith("HTTP/1.1 200").endsWith("hello");
      assertThat(client.getApplicationProtocol()).isEqualTo("http/1.1");
    }
    TlsFacts facts = answering.connections.getFirst().tls();
    assertThat(facts).isNotNull();
    assertThat(facts.version()).isEqualTo(version);
    assertThat(facts.cipher()).startsWith("TLS_");
    assertThat(facts.serverName()).isEqualTo("a.test");
    assertThat(telemetry.handshakes).containsExactly("ok " + version);
  }

  @ParameterizedTest
  @CsvSource({"boringssl,TLSv1.3", "boringssl,TLSv1.2", "jdk,TLSv1.3", "jdk,TLSv1.2"})
  void resumesASession(String engine, String version) throws Exception {
    Listener listener = listen(engine, false, pair("a", authority.forHosts("a.test")));
    SSLContext context = authority.client();
    try (SSLSocket client = connect(listener, context, "a.test", version)) {
      ask(client);
      // What is put into a session is there again only if it is the same one.
      client.getSession().putValue("mark", "first");
    }
    try (SSLSocket client = connect(listener, context, "a.test", version)) {
      ask(client);
      assertThat(client.getSession().getValue("mark")).isEqualTo("first");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void choosesTheCertificateByServerName(String engine) throws Exception {
    Listener listener =
        listen(
            engine,
            false,
            pair("first", authority.forHosts("first.test")),
            pair("exact", authority.forHosts("api.wild.test")),
            pair("wild", authority.forWildcard("wild.test")));
    assertThat(shown(listener, "first.test")).contains("first.test");
    assertThat(shown(listener, "API.wild.test")).contains("api.wild.test");
    assertThat(shown(listener, "other.wild.test")).contains("*.wild.test");
    assertThat(shown(listener, "two.labels.wild.test")).contains("first.test");
    assertThat(shown(listener, "unknown.test")).contains("first.test");
    assertThat(shown(listener, null)).contains("first.test");
  }

  @Test
  void configuredHostsWinOverThoseOfTheCertificate() throws Exception {
    CertificateFiles second = pair("second", authority.forHosts("second.test"));
    Listener listener =
        listen(
            "boringssl",
            false,
            pair("first", authority.forHosts("first.test")),
            new CertificateFiles(List.of("Other.test"), second.certificate(), second.key()));
    assertThat(shown(listener, "other.test")).contains("second.test");
    assertThat(shown(listener, "second.test")).contains("first.test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void strictSniRefusesUnknownNames(String engine) throws Exception {
    Listener listener = listen(engine, true, pair("a", authority.forHosts("a.test")));
    assertThat(shown(listener, "a.test")).contains("a.test");
    for (String name : new String[] {"b.test", null}) {
      assertThatThrownBy(() -> shown(listener, name))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("unrecognized_name");
    }
    await().until(() -> telemetry.closed.size() == 3);
    assertThat(telemetry.handshakes)
        .containsExactlyInAnyOrder(
            "ok TLSv1.3", "unrecognized_name none", "unrecognized_name none");
    assertThat(telemetry.closed).contains(CloseReason.HANDSHAKE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void refusesTls11(String engine) throws Exception {
    Listener listener = listen(engine, false, pair("a", rsa("a.test")));
    byte[] answer = talkRaw(listener, clientHello(0x0302));
    assertThat(answer).hasSizeGreaterThanOrEqualTo(7);
    assertThat(answer[0]).isEqualTo((byte) ALERT);
    assertThat(answer[6]).as("protocol_version or handshake_failure").isIn((byte) 70, (byte) 40);
    await().until(() -> telemetry.handshakes.equals(List.of("failed none")));
  }

  /** B14: nothing without forward secrecy and authenticated encryption. */
  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void refusesWeakCiphers(String engine) throws Exception {
    Listener listener = listen(engine, false, pair("a", rsa("a.test")));
    String[] weak = {
      "0005", // RSA with RC4 and SHA-1
      "c011", // ECDHE with RC4
      "000a", // RSA with 3DES
      "c012", // ECDHE with 3DES
      "002f", // RSA with AES-CBC and SHA-1
      "c013", // ECDHE with AES-CBC and SHA-1
      "c027", // ECDHE with AES-CBC and SHA-256
      "009c", // RSA with AES-GCM
      "0033" // DHE with AES-CBC and SHA-1
    };
    for (String cipher : weak) {
      byte[] answer = talkRaw(listener, clientHelloOffering(cipher));
      assertThat(answer).as(cipher).hasSizeGreaterThanOrEqualTo(7);
      assertThat(answer[0]).as(cipher).isEqualTo((byte) ALERT);
      assertThat(answer[6])
          .as("handshake_failure or insufficient_security")
          .isIn((byte) 40, (byte) 71);
    }
    assertThat(telemetry.handshakes).allMatch("failed none"::equals);
    // The same hello with a good one is answered.
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
      client.setSoTimeout(30_000);
      client.getOutputStream().write(clientHelloOffering("c02f"));
      assertThat(client.getInputStream().read()).as("a handshake record").isEqualTo(22);
    }
  }

  /** E5: tickets that promise no early data are the only way to refuse it before it is sent. */
  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void offersNoEarlyData(String engine) throws Exception {
    Listener listener = listen(engine, false, pair("a", authority.forHosts("a.test")));
    Process openssl;
    try {
      openssl =
          new ProcessBuilder(
                  "openssl",
                  "s_client",
                  "-tls1_3",
                  "-ign_eof",
                  "-servername",
                  "a.test",
                  "-connect",
                  "127.0.0.1:" + listener.port())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new TestAbortedException("openssl is not installed", e);
    }
    openssl
        .getOutputStream()
        .write(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").getBytes(ISO_8859_1));
    openssl.getOutputStream().flush();
    String told = new String(openssl.getInputStream().readAllBytes(), ISO_8859_1);
    assertThat(told).contains("HTTP/1.1 200").contains("Max Early Data: 0");
    assertThat(told.replace("Max Early Data: 0\n", "")).doesNotContain("Max Early Data:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void onlyTls13CanBeAskedFor(String engine) throws Exception {
    System.setProperty("tollgate.tls", engine);
    Listener listener =
        listen(
            new TlsSettings(
                List.of(pair("a", authority.forHosts("a.test"))),
                false,
                true,
                null,
                HttpVersions.HTTP1));
    assertThatThrownBy(() -> connect(listener, authority.client(), "a.test", "TLSv1.2").close())
        .isInstanceOf(SSLException.class);
    connect(listener, authority.client(), "a.test", "TLSv1.3").close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void refusesRenegotiation(String engine) throws Exception {
    Listener listener = listen(engine, false, pair("a", authority.forHosts("a.test")));
    try (SSLSocket client = connect(listener, authority.client(), "a.test", "TLSv1.2")) {
      ask(client);
      assertThatThrownBy(
              () -> {
                client.startHandshake();
                ask(client);
                ask(client);
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void closesWhatIsNotTls() throws Exception {
    Listener listener = listen("boringssl", false, pair("a", authority.forHosts("a.test")));
    talkRaw(listener, GET.getBytes(ISO_8859_1));
    await().until(() -> telemetry.handshakes.equals(List.of("failed none")));
    assertThat(answering.connections).isEmpty();
  }

  @Test
  void closesAClientHelloThatAnnouncesMegabytes() throws Exception {
    Listener listener = listen("boringssl", false, pair("a", authority.forHosts("a.test")));
    byte[] hello = clientHello(0x0303);
    Arrays.fill(hello, 6, 9, (byte) 0xff);
    talkRaw(listener, hello);
    await().until(() -> telemetry.handshakes.equals(List.of("failed none")));
  }

  @Test
  void closesAClientThatSaysNothing() throws Exception {
    handshakeTimeout = Duration.ofMillis(60);
    Listener listener = listen("boringssl", false, pair("a", authority.forHosts("a.test")));
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
      client.setSoTimeout(30_000);
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    await().until(() -> telemetry.handshakes.equals(List.of("timeout none")));
    await().until(() -> telemetry.closed.equals(List.of(CloseReason.HANDSHAKE_TIMEOUT)));
    assertThat(telemetry.spoken).containsExactly(ConnectionProtocol.TLS);
  }

  @Test
  void countsAClientThatGoesAwayInTheMiddle() throws Exception {
    Listener listener = listen("boringssl", false, pair("a", authority.forHosts("a.test")));
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
      client.getOutputStream().write(clientHello(0x0303), 0, 20);
    }
    await().until(() -> telemetry.handshakes.equals(List.of("aborted none")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void swapsCertificatesUnderLoad(String engine) throws Exception {
    X509Bundle old = authority.forHosts("a.test");
    X509Bundle renewed = authority.forHosts("a.test");
    Listener listener = listen(engine, false, pair("a", old));
    var isOver = new AtomicBoolean();
    var connections = new AtomicInteger();
    var load =
        CompletableFuture.runAsync(() -> {
          while (!isOver.get()) {
            try (SSLSocket client = connect(listener, authority.client(), "a.test", "TLSv1.3")) {
              assertThat(ask(client)).endsWith("hello");
              connections.incrementAndGet();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }
        });
    for (int i = 0; i < 20; i++) {
      TestCertificates.write(folder, "a", i % 2 == 0 ? renewed : old);
      assertThat(used().reload()).isEmpty();
      int before = connections.get();
      await().until(() -> load.isDone() || connections.get() > before);
    }
    TestCertificates.write(folder, "a", renewed);
    assertThat(used().reload()).isEmpty();
    assertThat(leaf(listener).getSerialNumber())
        .isEqualTo(renewed.getCertificate().getSerialNumber());
    isOver.set(true);
    load.get(30, SECONDS);
  }

  @Test
  void aBadPairKeepsAllOldCertificates() throws Exception {
    X509Bundle first = authority.forHosts("a.test");
    Listener listener =
        listen("boringssl", false, pair("a", first), pair("b", authority.forHosts("b.test")));
    TestCertificates.write(folder, "a", authority.forHosts("a.test"));
    Path key = folder.resolve("b.key");
    Files.writeString(key, authority.forHosts("b.test").getPrivateKeyPEM());

    List<TlsProblem> problems = used().reload();
    assertThat(problems)
        .containsExactly(new TlsProblem(key, "is not the key of " + folder.resolve("b.crt")));
    assertThat(leaf(listener).getSerialNumber())
        .isEqualTo(first.getCertificate().getSerialNumber());
  }

  @Test
  void anOpenConnectionOutlivesItsCertificate() throws Exception {
    Listener listener = listen("boringssl", false, pair("a", authority.forHosts("a.test")));
    try (SSLSocket client = connect(listener, authority.client(), "a.test", "TLSv1.3")) {
      ask(client);
      TestCertificates.write(folder, "a", authority.forHosts("a.test"));
      assertThat(used().reload()).isEmpty();
      assertThat(ask(client)).endsWith("hello");
    }
  }

  private CertificateFiles pair(String name, X509Bundle bundle) throws IOException {
    return TestCertificates.write(folder, name, bundle);
  }

  private X509Bundle rsa(String host) throws Exception {
    return authority.issue(builder -> builder.rsa2048().addSanDnsName(host));
  }

  private Listener listen(String engine, boolean strictSni, CertificateFiles... files)
      throws Exception {
    System.setProperty("tollgate.tls", engine);
    return listen(new TlsSettings(List.of(files), strictSni, false, null, HttpVersions.HTTP1));
  }

  private Listener listen(TlsSettings settings) throws Exception {
    TlsContexts created =
        switch (TlsContexts.create(settings)) {
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
                handshakeTimeout,
                connectionLimits,
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

  private static SSLSocket connect(
      Listener listener, SSLContext context, @Nullable String serverName, String version)
      throws IOException {
    var socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), listener.port());
    try {
      socket.setSoTimeout(30_000);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(
          serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
      parameters.setProtocols(new String[] {version});
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private X509Certificate leaf(Listener listener) throws Exception {
    try (SSLSocket client = connect(listener, authority.client(), "a.test", "TLSv1.3")) {
      return (X509Certificate) client.getSession().getPeerCertificates()[0];
    }
  }

  /** The names in the certificate that is shown. */
  private String shown(Listener listener, @Nullable String serverName) throws Exception {
    try (SSLSocket client = connect(listener, authority.client(), serverName, "TLSv1.3")) {
      var shown = (X509Certificate) client.getSession().getPeerCertificates()[0];
      return shown.getSubjectAlternativeNames().toString();
    }
  }

  private static String ask(Socket client) throws IOException {
    client.getOutputStream().write(GET.getBytes(ISO_8859_1));
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

  private static byte[] talkRaw(Listener listener, byte[] bytes) throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
      client.setSoTimeout(30_000);
      client.getOutputStream().write(bytes);
      return client.getInputStream().readAllBytes();
    }
  }

  /** A ClientHello of TLS 1.2 with this suite alone, and all that a server may ask for with it. */
  private static byte[] clientHelloOffering(String cipher) {
    String extensions =
        "000a"
            + "0006"
            + "0004"
            + "0017"
            + "001d" // groups
            + "000b"
            + "0002"
            + "0100" // point formats
            + "000d"
            + "000a"
            + "0008"
            + "0804"
            + "0401"
            + "0403"
            + "0201" // signatures
            + "ff01"
            + "0001"
            + "00"; // secure renegotiation
    String body =
        "0303"
            + "11".repeat(32)
            + "00"
            + "0002"
            + cipher
            + "0100"
            + String.format("%04x", extensions.length() / 2)
            + extensions;
    String handshake = "01" + String.format("%06x", body.length() / 2) + body;
    return HexFormat.of()
        .parseHex("160301" + String.format("%04x", handshake.length() / 2) + handshake);
  }

  /** RFC 5246 7.4.1.2: a ClientHello of at most {@code version} with suites of TLS 1.0 and 1.2. */
  private static byte[] clientHello(int version) {
    HexFormat hex = HexFormat.of();
    String body =
        hex.toHexDigits((short) version)
            + "11".repeat(32)
            + "00"
            + "0008"
            + "c02f"
            + "c013"
            + "002f"
            + "0035"
            + "0100"
            + "000e"
            + "000a"
            + "0004"
            + "0002"
            + "0017"
            + "000b"
            + "0002"
            + "0100";
    String handshake = "01" + String.format("%06x", body.length() / 2) + body;
    return hex.parseHex("160301" + String.format("%04x", handshake.length() / 2) + handshake);
  }
}
