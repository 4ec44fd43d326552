package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Bytes.MIB;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.OriginConnection;
import tollgate.it.harness.OriginRequest;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** Bodies: large, slow, cut off. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class StreamsIT {
  private static final byte[] LARGE = Bytes.random(10 * MIB);

  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate = Tollgate.setup().apis(upstream("u", origin.port()) + api("a", "/a", "u")).start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @Test
  void relaysTenMebibytesSizedBothWays() throws IOException, InterruptedException {
    try (RawClient client = tollgate.client()) {
      Thread sender =
          sending(
              client,
              concat(
                  "POST /a/sized HTTP/1.1\r\nHost: x\r\nContent-Length: "
                      + LARGE.length
                      + "\r\n\r\n",
                  LARGE));
      Response response = client.read();
      sender.join();
      assertThat(Arrays.equals(response.body(), LARGE)).isTrue();
      assertThat(Arrays.equals(origin.last().body(), LARGE)).isTrue();
      assertThat(origin.last().header("Content-Length")).isEqualTo(Integer.toString(LARGE.length));
      assertThat(client.send("GET /a/next HTTP/1.1\r\nHost: x\r\n\r\n").read().status())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 70_000})
  void relaysTenMebibytesChunkedBothWays(int chunkLength) throws IOException, InterruptedException {
    try (RawClient client = tollgate.client()) {
      byte[] body = Bytes.chunked(LARGE, chunkLength);
      Thread sender =
          sending(
              client,
              concat(
                  "POST /a/chunked HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                  body));
      Response response = client.read();
      sender.join();
      assertThat(Arrays.equals(response.body(), LARGE)).isTrue();
      assertThat(Arrays.equals(origin.last().body(), LARGE)).isTrue();
      assertThat(origin.last().header("Transfer-Encoding")).isEqualTo("chunked");
      assertThat(client.send("GET /a/next HTTP/1.1\r\nHost: x\r\n\r\n").read().status())
          .isEqualTo(200);
    }
  }

  @Test
  void passesEachPieceOnBeforeTheNextComes() throws IOException {
    CountDownLatch seen = new CountDownLatch(1);
    String path =
        origin.path((request, connection) -> {
          request.readBody(4);
          connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nping\r\n");
          seen.await();
          request.readBody();
          connection.write("4\r\npong\r\n0\r\n\r\n");
        });
    try (RawClient client = tollgate.client()) {
      client.send("POST /a" + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n1234");
      assertThat(client.readHead().status()).isEqualTo(200);
      assertThat(Bytes.text(client.readBytes(9))).isEqualTo("4\r\nping\r\n");
      seen.countDown();
      client.send("5678");
      assertThat(Bytes.text(client.readBytes(14))).isEqualTo("4\r\npong\r\n0\r\n\r\n");
    }
    assertThat(Bytes.text(origin.requests(path).getFirst().body())).isEqualTo("12345678");
  }

  @Test
  void takesARequestByteByByte() throws IOException {
    try (RawClient client = tollgate.client()) {
      for (char c :
          "POST /a/drops HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
              .toCharArray()) {
        client.send(String.valueOf(c));
      }
      assertThat(client.read().text()).isEqualTo("hello");
    }
  }

  @Test
  void boundsWhatAnOriginCanSendToAClientThatDoesNotRead() throws IOException {
    AtomicLong sent = new AtomicLong();
    String path = origin.path((request, connection) -> pour(connection, 256L * MIB, sent));
    try (RawClient client = RawClient.withSmallWindow(tollgate.port())) {
      client.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(48L * MIB);
      assertThat(tollgate.metrics().sum("tollgate_direct_memory_bytes")).isLessThan(96.0 * MIB);
      assertThat(tollgate.get("/a/others").status())
          .as("others are served meanwhile")
          .isEqualTo(200);
      assertThat(client.readHead().status()).isEqualTo(200);
      assertThat(client.readBytes(256 * MIB)).hasSize(256 * MIB);
    }
  }

  @Test
  void boundsWhatAClientCanSendToAnOriginThatDoesNotRead()
      throws IOException, InterruptedException {
    CountDownLatch read = new CountDownLatch(1);
    String path =
        origin.path((request, connection) -> {
          read.await();
          connection.ok("" + request.readBody().length);
        });
    AtomicLong sent = new AtomicLong();
    long length = 128L * MIB;
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST /a" + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n");
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                byte[] piece = new byte[64 * 1024];
                try {
                  for (long i = 0; i < length; i += piece.length) {
                    client.send(piece);
                    sent.addAndGet(piece.length);
                  }
                } catch (IOException _) {
                  // the counter tells
                }
              });
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(48L * MIB);
      assertThat(tollgate.metrics().sum("tollgate_direct_memory_bytes")).isLessThan(96.0 * MIB);
      read.countDown();
      assertThat(client.read().text()).isEqualTo(Long.toString(length));
      sender.join();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 1000\r\n\r\nhalf",
        "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"
      })
  void letsTheClientSeeThatAResponseWasCutOff(String rest) throws IOException {
    String path =
        origin.path((request, connection) -> {
          connection.write("HTTP/1.1 200 OK\r\n" + rest);
          connection.close();
        });
    try (RawClient client = tollgate.client()) {
      Response response = client.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n").read();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.isComplete()).isFalse();
      assertThat(client.isClosedByPeer()).isTrue();
    }
    assertThat(tollgate.awaitAccessLogLine("/a" + path).path("outcome").asString())
        .isEqualTo("upstream_reset");
  }

  @Test
  void letsTheClientSeeThatAResponseWasReset() throws IOException {
    CountDownLatch seen = new CountDownLatch(1);
    String path =
        origin.path((request, connection) -> {
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
          seen.await();
          connection.reset();
        });
    try (RawClient client = tollgate.client()) {
      client.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readHead().status()).isEqualTo(200);
      assertThat(client.readBytes(4)).hasSize(4);
      seen.countDown();
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void answers502WhenTheOriginResetsBeforeAnAnswer() throws IOException {
    String path = origin.path((request, connection) -> connection.reset());
    assertThat(tollgate.get("/a" + path).status()).isEqualTo(502);
    assertThat(tollgate.awaitAccessLogLine("/a" + path).path("outcome").asString())
        .isEqualTo("upstream_reset");
  }

  @Test
  void endsTheUpstreamRequestOfAClientThatHasGone() throws IOException, InterruptedException {
    CountDownLatch arrived = new CountDownLatch(1);
    String path =
        origin.path((request, connection) -> {
          arrived.countDown();
          connection.awaitPeerClose();
          connection.close();
        });
    try (RawClient client = tollgate.client()) {
      client.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      arrived.await();
      client.reset();
    }
    OriginConnection connection = origin.requests(path).getFirst().connection();
    assertThat(connection.awaitEnd()).isTrue();
    assertThat(tollgate.awaitAccessLogLine("/a" + path).path("outcome").asString())
        .isEqualTo("client_closed");
    assertThat(tollgate.get("/a/next").status()).isEqualTo(200);
    assertThat(origin.last().connection()).isNotSameAs(connection);
  }

  @Test
  void neverEndsAHalfSentBodyForTheClient() throws IOException, InterruptedException {
    String path = origin.path((request, connection) -> request.readBody());
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST /a"
              + path
              + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
      Patience.await().until(() -> Arrays.equals(origin.await(path).body(), Bytes.of("half")));
      client.reset();
    }
    OriginRequest received = origin.requests(path).getFirst();
    assertThat(received.connection().awaitEnd()).isTrue();
    assertThat(received.isComplete()).isFalse();
    assertThat(Bytes.text(received.connection().received())).doesNotEndWith("0\r\n\r\n");
  }

  @Test
  void dropsTheOriginOfAClientThatLeavesInMidResponse() throws IOException, InterruptedException {
    AtomicLong sent = new AtomicLong();
    String path = origin.path((request, connection) -> pour(connection, 1024L * MIB, sent));
    try (RawClient client = RawClient.withSmallWindow(tollgate.port())) {
      client.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readHead().status()).isEqualTo(200);
      client.reset();
    }
    assertThat(origin.requests(path).getFirst().connection().awaitEnd()).isTrue();
    assertThat(sent.get()).isLessThan(1024L * MIB);
  }

  @Test
  void drainsOrClosesAfterRefusingARequestWithABody() throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST /nowhere HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Content-Length: 44\r\n\r\n"
              + "GET /a/smuggled HTTP/1.1\r\n"
              + "Host: evil.test\r\n\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(404);
    }
    assertThat(tollgate.get("/a/after").status()).isEqualTo(200);
    assertThat(origin.since(mark))
        .singleElement()
        .extracting(OriginRequest::path)
        .isEqualTo("/after");
  }

  @Test
  void keepsARefusedUploadFromFloodingIt() throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(404);
      long sent = 0;
      try {
        byte[] piece = new byte[64 * 1024];
        for (; sent < 500L * MIB; sent += piece.length) {
          client.send(piece);
        }
      } catch (IOException _) {
        // closed, as it should be
      }
      assertThat(sent).isLessThan(64L * MIB);
    }
  }

  private static void pour(OriginConnection connection, long length, AtomicLong sent)
      throws IOException {
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
    byte[] piece = new byte[64 * 1024];
    for (long i = 0; i < length; i += piece.length) {
      connection.write(piece);
      sent.addAndGet(piece.length);
    }
  }

  /** Waits until something came and nothing more comes. */
  private static void awaitStandstill(AtomicLong count) {
    AtomicLong before = new AtomicLong(-1);
    Patience.await()
        .pollInterval(Duration.ofMillis(400))
        .until(() -> count.get() > 0 && before.getAndSet(count.get()) == count.get());
  }

  private static Thread sending(RawClient client, byte[] bytes) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            client.send(bytes);
          } catch (IOException _) {
            // the other side tells
          }
        });
  }

  private static byte[] concat(String head, byte[] body) {
    byte[] bytes = Arrays.copyOf(Bytes.of(head), head.length() + body.length);
    System.arraycopy(body, 0, bytes, head.length(), body.length);
    return bytes;
  }
}
