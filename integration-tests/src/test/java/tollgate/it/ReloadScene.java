package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.ControlSocket;
import tollgate.it.harness.LeanOrigin;
import tollgate.it.harness.Load;
import tollgate.it.harness.MountedFolder;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.Response;
import tollgate.it.harness.TlsClient;
import tollgate.it.harness.Tollgate;

/**
 * A gateway whose configuration has a version, which the request shows to the origin and the answer
 * to the caller; with each version comes another certificate, and a route is there in every other
 * one. One thread changes it; callers have one each.
 */
final class ReloadScene implements AutoCloseable {
  private static final String HOST = "api.example.com";
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - {name: http, bind: "127.0.0.1:@http@"}
        - name: https
          bind: "127.0.0.1:@https@"
          tls: {certificates: [{cert: certs/tls.crt, key: certs/tls.key}]}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 10s}
      reload: {poll: 200ms}
      telemetry: {accessLog: {output: off}}
      """;
  private static final String RELOAD =
      "POST /v1/reload HTTP/1.1\r\nHost: control\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  private static final long LONGEST_HOLD_NANOS = 2_000_000_000L;

  private final Certificates[] certificates = {
    Certificates.make("dns:" + HOST), Certificates.make("dns:" + HOST)
  };
  private final SSLContext known = Certificates.trusting(certificates);
  private final Set<X509Certificate> shown = ConcurrentHashMap.newKeySet();
  private final LeanOrigin origin;
  private final Tollgate tollgate;
  private final MountedFolder configuration;
  private final MountedFolder files;
  private final ControlSocket control;

  /** The version in the files, and the latest one that an answer has shown or a reload taken up. */
  private final AtomicInteger written = new AtomicInteger();

  private final AtomicInteger seen = new AtomicInteger();
  private final AtomicInteger finishedAfterRemoval = new AtomicInteger();
  private final AtomicInteger notThere = new AtomicInteger();
  private int halves;

  private ReloadScene(String leakDetection) throws IOException {
    origin = LeanOrigin.start(this::answer);
    tollgate =
        Tollgate.setup()
            .javaOption("-Dio.netty.leakDetection.level=" + leakDetection)
            .gateway(GATEWAY)
            .file("certs/tls.crt", certificates[0].certificatePem())
            .file("certs/tls.key", certificates[0].keyPem())
            .apis(upstream("u", origin.port()))
            // Refused while it never stands still, or while a file is half written.
            .expectError(" Reloader ")
            .start();
    configuration = MountedFolder.at(tollgate.conf().resolve("conf.d/mounted"), documents(0));
    files = MountedFolder.at(tollgate.conf().resolve("certs"), certificate(0));
    control = ControlSocket.in(tollgate.conf().resolve(".state"));
    swap();
    reloadByControl();
  }

  static ReloadScene start() throws IOException {
    return new ReloadScene("paranoid");
  }

  /** One that is followed no closer than it is by default, to take its time. */
  static ReloadScene startToMeasure() throws IOException {
    return new ReloadScene("simple");
  }

  /** One more version, taken up by one of the means there are. */
  void change(int turn) throws IOException {
    boolean isHalf = turn % 10 == 5;
    if (isHalf) {
      writeHalfAFile();
    }
    swap();
    if (isHalf) {
      writeTheOtherHalf();
    }
    switch (turn % 4) {
      case 0 -> {} // the watch finds it; the next turn does not wait for that
      case 1 -> tollgate.signal("HUP");
      case 2 -> reloadByControl();
      default -> awaitSeen();
    }
  }

  /** All files of the next version at once, and the certificate that goes with it. */
  void swap() throws IOException {
    int version = written.incrementAndGet();
    files.swap(certificate(version));
    configuration.swap(documents(version));
  }

  /** From when it is answered, nothing older may be seen. */
  void reloadByControl() throws IOException {
    int version = written.get();
    assertThat(control.ask(RELOAD)).startsWith("HTTP/1.1 200");
    seen.accumulateAndGet(version, Math::max);
  }

  /** The last version is served. */
  void finish() {
    awaitSeen();
  }

  void assertChanged(int reloads) throws IOException {
    assertThat(seen.get()).isEqualTo(written.get()).isGreaterThanOrEqualTo(reloads);
    assertThat(tollgate.metrics().sum("tollgate_config_generation"))
        .as("versions that nobody waited for may be taken up with the next one")
        .isGreaterThan(reloads / 2.0);
    assertThat(finishedAfterRemoval.get()).isPositive();
    assertThat(notThere.get()).isPositive();
    assertThat(shown).as("certificates").hasSize(certificates.length);
    assertThat(tollgate.metrics().sum("tollgate_requests_total", "outcome", "internal")).isZero();
  }

  /** What happened, for people. */
  @Override
  public String toString() {
    try {
      return "%d versions, generation %.0f; %d half-written files; route removed under %d exchanges"
          .formatted(
              written.get(),
              tollgate.metrics().sum("tollgate_config_generation"),
              halves,
              finishedAfterRemoval.get());
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() throws IOException {
    written.incrementAndGet(); // lets go of what the origin holds
    tollgate.close();
    origin.close();
  }

  // ---- callers

  /** Asks on one connection, again and again. */
  Load.Caller caller() throws IOException {
    RawClient client = RawClient.forgetful(tollgate.port());
    return Load.Caller.of(client::close, () -> ask(client, "x"));
  }

  /**
   * Asks on a connection of its own, whose chain is that of one version or of the other; every
   * other time as a client that has been there, and may resume its session.
   */
  Load.Caller shakingHands() {
    AtomicInteger calls = new AtomicInteger();
    return Load.Caller.of(
        () -> {},
        () -> {
          SSLContext trust =
              calls.incrementAndGet() % 2 == 0 ? known : Certificates.trusting(certificates);
          try (TlsClient client = TlsClient.connect(trust, tollgate.port("https"), HOST)) {
            X509Certificate certificate = client.serverCertificate();
            assertThat(certificate)
                .isIn(certificates[0].certificate(), certificates[1].certificate());
            shown.add(certificate);
            ask(client.client(), HOST);
          }
        });
  }

  /** Gets a whole answer or 404, and the whole answer also where the route has gone meanwhile. */
  Load.Caller onARouteThatComesAndGoes() throws IOException {
    RawClient client = RawClient.forgetful(tollgate.port());
    return Load.Caller.of(
        client::close,
        () -> {
          Response response = client.send("GET /comes/held HTTP/1.1\r\nHost: x\r\n\r\n").read();
          if (response.status() == 404) {
            notThere.incrementAndGet();
            LockSupport.parkNanos(5_000_000);
          } else {
            assertThat(response.status()).as("%s", response).isEqualTo(200);
            assertThat(response.isComplete()).as("%s", response).isTrue();
            assertThat(response.text()).isEqualTo("held to the end");
          }
        });
  }

  private void ask(RawClient client, String host) throws IOException {
    int least = seen.get();
    Response response = client.send("GET /a/v HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read();
    assertThat(response.status()).as("%s", response).isEqualTo(200);
    assertThat(response.headers().all("X-Version")).as("%s", response).hasSize(1);
    int version = Integer.parseInt(String.valueOf(response.header("X-Version")));
    assertThat(response.text())
        .as("request and response by one configuration")
        .isEqualTo("seen " + version);
    assertThat(version).isBetween(least, written.get());
    seen.accumulateAndGet(version, Math::max);
  }

  // ---- the origin

  private void answer(LeanOrigin.Request request, Socket socket) throws IOException {
    if (!request.path().equals("/held")) {
      LeanOrigin.ok(socket, "", Bytes.of("seen " + request.header("X-Asked-Version")));
      return;
    }
    OutputStream out = socket.getOutputStream();
    out.write(Bytes.of("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nheld "));
    int version = written.get();
    long end = System.nanoTime() + LONGEST_HOLD_NANOS;
    while (seen.get() <= version && written.get() < version + 2 && System.nanoTime() < end) {
      LockSupport.parkNanos(2_000_000);
    }
    if (seen.get() > version && version % 2 == 1) {
      finishedAfterRemoval.incrementAndGet();
    }
    out.write(Bytes.of("to the end"));
  }

  // ---- files

  private void writeHalfAFile() throws IOException {
    halves++;
    String whole = half();
    double refused = refused();
    Files.writeString(
        tollgate.conf().resolve("conf.d/half.yaml"),
        whole.substring(0, whole.indexOf("route: {") + 10));
    tollgate.signal("HUP");
    Patience.await().until(() -> refused() > refused);
  }

  private void writeTheOtherHalf() throws IOException {
    Files.writeString(tollgate.conf().resolve("conf.d/half.yaml"), half());
  }

  private String half() {
    return api("half", "/half" + halves, "u");
  }

  private double refused() throws IOException {
    return tollgate.reloads() - tollgate.metrics().sum("tollgate_config_generation");
  }

  private void awaitSeen() {
    int version = written.get();
    Patience.await()
        .until(() -> {
          try (RawClient client = tollgate.client()) {
            ask(client, "x");
          }
          return seen.get() >= version;
        });
  }

  private Map<String, String> certificate(int version) {
    Certificates shown = certificates[version % certificates.length];
    return Map.of("tls.crt", shown.certificatePem(), "tls.key", shown.keyPem());
  }

  private static Map<String, String> documents(int version) {
    return Map.of(
        "api.yaml",
        api("a", "/a", "u", "policies: [asked, answered]"),
        "asked.yaml",
        policy("asked", "request", "X-Asked-Version", version),
        "answered.yaml",
        policy("answered", "response", "X-Version", version),
        "comes.yaml",
        version % 2 == 1 ? api("comes", "/comes", "u") : policy("unused", "request", "X", version));
  }

  private static String policy(String name, String direction, String field, int version) {
    return "kind: Policy\nname: %s\n%s: [{headers: {set: {%s: \"%d\"}}}]\n"
        .formatted(name, direction, field, version);
  }
}
