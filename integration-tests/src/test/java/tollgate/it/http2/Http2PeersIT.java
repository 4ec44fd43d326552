package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.OriginConnection;
import tollgate.it.harness.OriginRequest;
import tollgate.it.harness.Program;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Tollgate;

/** Other people's HTTP/2 clients. Those that are not installed are skipped. */
final class Http2PeersIT {
  private static final String HOST = "api.example.com";
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - {name: http, bind: "127.0.0.1:@http@", protocols: [http1, h2]}
        - name: https
          bind: "127.0.0.1:@https@"
          protocols: [http1, h2]
          tls: {certificates: [{cert: certs/tls.crt, key: certs/tls.key}]}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 10s}
      reload: {poll: 200ms}
      warmUp: 0s
      overload: {loopLag: 10s}
      """;
  private static final Pattern H2LOAD =
      Pattern.compile("requests: .*?(\\d+) succeeded, (\\d+) failed, (\\d+) errored");

  private static Certificates certificate;
  private static Certificates renewed;
  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @TempDir static Path folder;

  @BeforeAll
  static void start() throws IOException {
    certificate = Certificates.make("dns:" + HOST);
    renewed = Certificates.make("dns:" + HOST);
    origin = RecordingOrigin.start();
    scriptOrigin();
    tollgate =
        Tollgate.setup()
            .gateway(GATEWAY)
            .expectError(" Reloader ") // between a key and its certificate
            .file("certs/tls.crt", certificate.certificatePem())
            .file("certs/tls.key", certificate.keyPem())
            .apis(upstream("u", origin.port(), "timeouts: {connect: 10s}") + api("a", "/a", "u"))
            .start();
    Files.writeString(folder.resolve("ca.pem"), certificate.certificatePem());
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  private static void scriptOrigin() {
    TwoEvents.on(origin);
    origin
        .on("/trailers", Http2PeersIT::giveTrailers)
        .on(
            "/hints",
            (_, connection) ->
                connection
                    .write("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
                    .ok("hinted"))
        .on("/hangs", (_, connection) -> connection.awaitPeerClose())
        .on(
            "/hangs-now",
            (_, connection) -> {
              OriginRequest _ = origin.await("/hangs");
              connection.ok("yes");
            })
        .on(
            "/hangs-no-more",
            (_, connection) ->
                connection.ok(
                    origin.await("/hangs").connection().awaitEnd() ? "yes" : "it goes on"));
  }

  private static void giveTrailers(OriginRequest request, OriginConnection connection)
      throws IOException {
    byte[] _ = request.readBody();
    String sent = String.valueOf(request.trailers().first("x-sent"));
    connection.write(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(sent.length())
            + "\r\n"
            + sent
            + "\r\n0\r\nX-Given: by the origin\r\n\r\n");
  }

  // ---- curl

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void curlGets(boolean isTls) throws IOException {
    Program.Ran ran = curl(isTls, "/a/ok", "-w", " %{http_version} %{http_code}");
    assertThat(ran.text()).as("%s", ran).isEqualTo("ok 2 200");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void curlPostsAndGetsMuch(boolean isTls) throws IOException {
    byte[] body = Bytes.random(8 * Bytes.MIB);
    Path file = folder.resolve("body");
    Files.write(file, body);
    Program.Ran ran = curl(isTls, "/a/echo", "--data-binary", "@" + file);
    assertThat(Arrays.equals(ran.out(), body)).as("%d bytes", ran.out().length).isTrue();
    // Chunked in HTTP/1.1 is a body without a length here.
    Program.Ran unsized = curl(isTls, "/a/echo", "-T", file.toString(), "-X", "POST");
    assertThat(Arrays.equals(unsized.out(), body)).as("%d bytes", unsized.out().length).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void curlSeesHeadsAlone(boolean isTls) throws IOException {
    Program.Ran ran = curl(isTls, "/a/ok", "-I");
    assertThat(ran.text()).startsWith("HTTP/2 200").contains("content-length: 2");
    assertThat(curl(isTls, "/a/hints", "-i").text())
        .contains("HTTP/2 103")
        .contains("HTTP/2 200")
        .endsWith("hinted");
  }

  @Test
  void curlFallsBackToHttp1() throws IOException {
    Program.Ran ran = curl(true, "/a/ok", "--http1.1", "-w", " %{http_version}");
    assertThat(ran.text()).as("%s", ran).isEqualTo("ok 1.1");
  }

  private static Program.Ran curl(boolean isTls, String path, String... options)
      throws IOException {
    Program.assumeInstalled("curl", "curl");
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "50"));
    command.addAll(
        isTls
            ? List.of("--http2", "--cacert", folder.resolve("ca.pem").toString())
            : List.of("--http2-prior-knowledge"));
    int port = tollgate.port(isTls ? "https" : "http");
    command.addAll(List.of("--connect-to", HOST + ":" + (isTls ? 443 : 80) + ":127.0.0.1:" + port));
    command.addAll(List.of(options));
    command.add((isTls ? "https://" : "http://") + HOST + path);
    Program.Ran ran = Program.run(command.toArray(new String[0]));
    assertThat(ran.exitCode()).as("%s", ran).isZero();
    return ran;
  }

  // ---- nghttp2

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nghttpAsksManyTimesAndSendsTrailers(boolean isTls) throws IOException {
    Program.assumeInstalled("nghttp", "nghttp2-client");
    Program.Ran many =
        Program.run(
            "nghttp", "-nv", "-m", "50", "-H", ":authority: " + HOST, base(isTls) + "/a/ok");
    assertThat(many.exitCode()).as("%s", many).isZero();
    assertThat(count(many.text(), ":status: 200")).as("%s", many).isEqualTo(50);
    Path file = folder.resolve("short");
    Files.writeString(file, "body");
    Program.Ran ran =
        Program.run(
            "nghttp",
            "-v",
            "-d",
            file.toString(),
            "--trailer",
            "x-sent: to the origin",
            "-H",
            ":authority: " + HOST,
            base(isTls) + "/a/trailers");
    assertThat(ran.text())
        .as("%s", ran)
        .contains("to the origin")
        .contains("x-given: by the origin");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void h2loadLosesNothing(boolean isTls) throws IOException {
    Program.assumeInstalled("h2load", "nghttp2-client");
    expectAll(
        2000,
        Program.run(
            "h2load",
            connectTo(isTls),
            "-n",
            "2000",
            "-c",
            "5",
            "-m",
            "40",
            named(isTls, "/a/ok")));
    Path file = folder.resolve("middling");
    Files.write(file, Bytes.random(100_000));
    expectAll(
        200,
        Program.run(
            "h2load",
            connectTo(isTls),
            "-n",
            "200",
            "-c",
            "3",
            "-m",
            "20",
            "-d",
            file.toString(),
            named(isTls, "/a/echo")));
  }

  private static void expectAll(int count, Program.Ran ran) {
    Matcher found = H2LOAD.matcher(ran.text());
    assertThat(found.find()).as("%s", ran).isTrue();
    assertThat(List.of(found.group(1), found.group(2), found.group(3)))
        .as("%s", ran)
        .containsExactly(Integer.toString(count), "0", "0");
    assertThat(ran.text()).contains(count + " 2xx");
  }

  private static String connectTo(boolean isTls) {
    return "--connect-to=127.0.0.1:" + tollgate.port(isTls ? "https" : "http");
  }

  private static String named(boolean isTls, String path) {
    return (isTls ? "https://" : "http://") + HOST + path;
  }

  private static String base(boolean isTls) {
    return (isTls ? "https" : "http") + "://127.0.0.1:" + tollgate.port(isTls ? "https" : "http");
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  // ---- Node

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nodeDoesAllThatItCan(boolean isTls) throws IOException {
    Program.assumeInstalled("node", "nodejs");
    Path script = folder.resolve("peer.mjs");
    try (var in =
        Objects.requireNonNull(Http2PeersIT.class.getResourceAsStream("peer.mjs"), "peer.mjs")) {
      Files.write(script, in.readAllBytes());
    }
    String ca = isTls ? folder.resolve("ca.pem").toString() : "";
    Program.Ran ran = Program.run("node", script.toString(), base(isTls), ca);
    assertThat(ran.exitCode()).as("%s", ran).isZero();
    assertThat(ran.text()).endsWith("all good\n");
  }

  // ---- certificates

  @Test
  void aNewCertificateTouchesNoConnectionThatIsThere() throws IOException {
    Endpoint endpoint =
        new Endpoint(
            tollgate.port("https"), Certificates.trusting(certificate, renewed), HOST, "/a");
    try (Http2Client before = Http2Client.open(endpoint)) {
      ask(before, 1);
      tollgate.edit("certs/tls.key", renewed.keyPem());
      tollgate.edit("certs/tls.crt", renewed.certificatePem());
      try (Http2Client after = Http2Client.open(endpoint)) {
        ask(after, 1);
        assertThat(shown(after)).isEqualTo(renewed.certificate());
      }
      ask(before, 3);
      assertThat(shown(before)).isEqualTo(certificate.certificate());
      assertThat(before.goAway()).isNull();
    } finally {
      tollgate.edit("certs/tls.key", certificate.keyPem());
      tollgate.edit("certs/tls.crt", certificate.certificatePem());
    }
  }

  private static java.security.cert.Certificate shown(Http2Client client)
      throws SSLPeerUnverifiedException {
    return ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0];
  }

  private static void ask(Http2Client client, int stream) throws IOException {
    client.send(
        Frame.headers(
            stream,
            true,
            Probe.fields(
                ":method", "GET", ":scheme", "https", ":path", "/a/ok", ":authority", HOST)));
    assertThat(client.await(stream).status()).isEqualTo(200);
  }
}
