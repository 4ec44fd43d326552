package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Bytes.MIB;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Tollgate;
import tools.jackson.databind.JsonNode;

/** B18: clients that trickle are ended, and what ended a connection can be seen. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class SlowClientsIT {
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .gateway(
                """
                kind: Gateway
                name: it
                listeners:
                  - {name: http, bind: "127.0.0.1:@http@"}
                  - {name: brisk, bind: "127.0.0.1:@brisk@", limits: {minRequestRate: 1MiB, minResponseRate: 1MiB}}
                  - {name: hasty, bind: "127.0.0.1:@hasty@", limits: {headerTimeout: 100ms, bodyTimeout: 100ms, idleTimeout: 100ms}}
                status: {bind: "127.0.0.1:@status@"}
                drain: {delay: 0s, timeout: 10s}
                """)
            .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @Test
  void refusesABodyThatTrickles() throws IOException, InterruptedException {
    String path = origin.path((request, connection) -> request.readBody());
    try (RawClient client = RawClient.to(tollgate.port("brisk"))) {
      client.send(
          "POST /a" + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\nbegun");
      origin.await(path);
      Thread trickling = trickle(client, "x");
      Problems.assertLastProblem(client.read(), 408);
      assertThat(client.isClosedByPeer()).isTrue();
      trickling.join();
    }
    assertThat(origin.requests(path).getFirst().connection().awaitEnd())
        .as("the backend is let go")
        .isTrue();
    assertLogged(path, 408, "408101");
    assertClosed("brisk", "request_rate");
  }

  @Test
  void cutsAResponseWhoseRequestTrickles() throws IOException, InterruptedException {
    String path =
        origin.path((request, connection) -> {
          request.readBody(5);
          connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nearly\r\n");
          request.readBody();
        });
    try (RawClient client = RawClient.to(tollgate.port("brisk"))) {
      client.send(
          "POST /a" + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\nbegun");
      assertThat(client.readHead().status()).isEqualTo(200);
      Thread trickling = trickle(client, "x");
      assertThat(client.readToClose()).endsWith("5\r\nearly\r\n");
      trickling.join();
    }
    assertThat(origin.requests(path).getFirst().connection().awaitEnd()).isTrue();
    assertLogged(path, 200, "408101");
  }

  @Test
  void cutsAReaderThatTakesTooLittle() throws IOException, InterruptedException {
    String path = origin.path((request, connection) -> pour(connection::write));
    try (RawClient client = RawClient.withSmallWindow(tollgate.port("brisk"))) {
      client.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readHead().status()).isEqualTo(200);
      assertThat(origin.await(path).connection().awaitEnd()).as("the backend is let go").isTrue();
    }
    assertLogged(path, 200, "408102");
    assertClosed("brisk", "response_rate");
  }

  /** Nothing waits for the client here, so that no time counts. */
  @Test
  void leavesLongPollsAlone() throws IOException {
    CountDownLatch release = new CountDownLatch(1);
    String path =
        origin.path((request, connection) -> {
          release.await();
          connection.ok("late");
        });
    try (RawClient poll = RawClient.to(tollgate.port("brisk"));
        RawClient trickling = RawClient.to(tollgate.port("brisk"))) {
      poll.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      origin.await(path);
      // Another client's whole time goes by meanwhile.
      trickling.send("POST /a/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n");
      Problems.assertLastProblem(trickling.read(), 408);
      release.countDown();
      assertThat(poll.read().text()).isEqualTo("late");
    }
  }

  @Test
  void tellsEndsApart() throws IOException {
    try (RawClient idle = RawClient.to(tollgate.port("hasty"))) {
      assertThat(idle.readToClose()).isEmpty();
    }
    assertClosed("hasty", "idle");
    try (RawClient head = RawClient.to(tollgate.port("hasty"))) {
      assertThat(head.send("GET /a/x HTTP/1.1\r\nHost").readToClose()).contains("408100");
    }
    assertClosed("hasty", "head_timeout");
    try (RawClient body = RawClient.to(tollgate.port("hasty"))) {
      body.send("POST /a/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n");
      assertThat(body.readToClose()).contains("408100");
    }
    assertClosed("hasty", "body_timeout");
    assertThat(RawClient.once(tollgate.port(), "GARBAGE\r\n\r\n").status()).isEqualTo(400);
    assertClosed("http", "malformed");
    String tooLong = "GET /a/" + "x".repeat(9000) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(RawClient.once(tollgate.port(), tooLong).status()).isEqualTo(414);
    assertClosed("http", "limit");
    assertThat(tollgate.get("/a/x", "Connection: close").status()).isEqualTo(200);
    assertClosed("http", "response");
    assertThat(tollgate.get("/a/x").status()).isEqualTo(200);
    assertClosed("http", "client");
    String cut =
        origin.path((request, connection) -> {
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
          connection.close();
        });
    assertThat(tollgate.get("/a" + cut).isComplete()).isFalse();
    assertClosed("http", "aborted");
  }

  private static void assertClosed(String listener, String reason) {
    Patience.await()
        .until(() ->
            tollgate
                    .metrics()
                    .sum(
                        "tollgate_connections_total",
                        "listener",
                        listener,
                        "protocol",
                        "http1",
                        "close_reason",
                        reason)
                > 0);
  }

  private static void assertLogged(String path, int status, String code) {
    JsonNode line = tollgate.awaitAccessLogLine("/a" + path);
    assertThat(line.path("status").asInt()).isEqualTo(status);
    assertThat(line.path("outcome").asString()).isEqualTo("client_timeout");
    assertThat(line.path("error_code").asString()).isEqualTo(code);
  }

  /** A byte ten times a second until the connection ends. */
  private static Thread trickle(RawClient client, String piece) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            while (!NEVER.await(100, TimeUnit.MILLISECONDS)) {
              client.send(piece);
            }
          } catch (IOException | InterruptedException _) {
            // that is the end
          }
        });
  }

  private interface Sink {
    void write(byte[] bytes) throws IOException;
  }

  private static void pour(Sink sink) throws IOException {
    sink.write(Bytes.of("HTTP/1.1 200 OK\r\nContent-Length: " + 1024L * MIB + "\r\n\r\n"));
    byte[] block = new byte[256 * 1024];
    for (int i = 0; i < 4096; i++) {
      sink.write(block);
    }
  }
}
