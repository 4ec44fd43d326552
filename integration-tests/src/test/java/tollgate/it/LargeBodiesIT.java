package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.LargeBody;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.Run;
import tollgate.it.harness.StoringOrigin;
import tollgate.it.harness.TlsClient;
import tollgate.it.harness.Tollgate;

/** Bodies many times larger than the heap, up and down at the same time, byte for byte. */
final class LargeBodiesIT {
  private static final String HOST = "api.example.com";
  private static final int HEAP_MIB = Run.isLong() ? 64 : 32;
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - {name: http, bind: "127.0.0.1:@http@"}
        - name: https
          bind: "127.0.0.1:@https@"
          tls: {certificates: [{cert: tls.crt, key: tls.key}]}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 10s}
      """;

  /** Of transfers at once; each side of every other one takes its bytes slowly. */
  private static final int PARALLEL = Run.isLong() ? 40 : 8;

  private static final int PARALLEL_MIB = Run.isLong() ? 50 : 2;

  private static Certificates certificate;
  private static StoringOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    certificate = Certificates.make("dns:" + HOST);
    origin = StoringOrigin.start();
    tollgate =
        Tollgate.setup()
            .gateway(GATEWAY)
            .file("tls.crt", certificate.certificatePem())
            .file("tls.key", certificate.keyPem())
            .javaOption("-Xmx" + HEAP_MIB + "m")
            .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  /** A gibibyte each way in the long form. */
  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void streamsMoreThanTheHeapHolds(String listener) throws Exception {
    LargeBody body =
        LargeBody.ofMebibytes(Run.of("MiB each way over " + listener, 40, 1024).cases());
    origin.store(body);
    try (RawClient up = connect(listener);
        RawClient down = connect(listener)) {
      Thread upload = Thread.ofPlatform().start(() -> send(up, body));
      assertThat(receive(down, body)).as("what the client got").isEqualTo(body.digest());
      upload.join();
      assertThat(up.read().text()).as("what the origin got").isEqualTo(body.digest());
    }
    assertBounded();
  }

  @Test
  void holdsWhatASlowPeerDoesNotTakeInTheSenders() throws Exception {
    LargeBody body = LargeBody.ofMebibytes(PARALLEL_MIB);
    origin.store(body);
    ConcurrentLinkedQueue<Object> failures = new ConcurrentLinkedQueue<>();
    List<Thread> transfers = new ArrayList<>();
    for (int i = 0; i < PARALLEL; i++) {
      boolean isUp = i % 2 == 0;
      boolean isSlow = i % 4 < 2;
      String listener = i % 8 < 4 ? "http" : "https";
      transfers.add(
          Thread.ofVirtual()
              .start(() -> {
                try (RawClient client = connect(listener)) {
                  String digest = isUp ? up(client, body, isSlow) : down(client, body, isSlow);
                  if (!digest.equals(body.digest())) {
                    failures.add(listener + (isUp ? " up: " : " down: ") + digest);
                  }
                } catch (IOException | RuntimeException e) {
                  failures.add(e);
                }
              }));
    }
    for (Thread transfer : transfers) {
      transfer.join();
    }
    assertThat(failures).isEmpty();
    assertBounded();
  }

  /** What the allocator took at most, as it gives nothing back while it is used. */
  private static void assertBounded() throws IOException {
    double direct = tollgate.metrics().sum("tollgate_direct_memory_bytes");
    System.out.printf("%.1f MiB direct memory%n", direct / Bytes.MIB);
    assertThat(direct).isLessThan(HEAP_MIB * (double) Bytes.MIB);
  }

  private static RawClient connect(String listener) throws IOException {
    int port = tollgate.port(listener);
    Socket socket =
        listener.equals("https")
            ? TlsClient.connect(Certificates.trusting(certificate), port, HOST).socket()
            : new Socket(InetAddress.getLoopbackAddress(), port);
    return RawClient.forgetful(socket);
  }

  private static void send(RawClient client, LargeBody body) {
    try {
      client.send(put("/a/up", body));
      body.writeTo(client.socket().getOutputStream());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String receive(RawClient client, LargeBody body) throws IOException {
    client.send(get("/a/down")).readHead();
    return client.digestOf(body.length(), 0);
  }

  private static String up(RawClient client, LargeBody body, boolean isSlow) throws IOException {
    client.send(put(isSlow ? "/a/up-slowly" : "/a/up", body));
    body.writeTo(client.socket().getOutputStream());
    return client.read().text();
  }

  private static String down(RawClient client, LargeBody body, boolean isSlow) throws IOException {
    client.send(get("/a/down")).readHead();
    return client.digestOf(body.length(), isSlow ? StoringOrigin.PAUSE_NANOS : 0);
  }

  private static String put(String target, LargeBody body) {
    return "PUT "
        + target
        + " HTTP/1.1\r\nHost: "
        + HOST
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n";
  }

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";
  }
}
