package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/**
 * Good, broken, abandoned and hostile exchanges all at once: none disturbs another, and nothing
 * stays behind.
 */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class MixedTrafficIT {
  /** So many connections at once, on a machine that builds meanwhile. */
  private static final String PATIENT = "timeouts: {connect: 15s}";

  private static final int CLIENTS = 12;
  private static final int EXCHANGES = 60;
  private static final byte[] CONTENT = Bytes.random(200_000);

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void keepsExchangesApartAndLeavesNothingBehind(long seed)
      throws IOException, InterruptedException {
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .apis(
                    upstream("u", origin.port(), "health: {passive: off}", PATIENT)
                        + api("a", "/a", "u"))
                .start()) {
      answer(origin);
      ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random random = new Random(seed * 1000 + i);
        clients.add(Thread.ofVirtual().start(() -> talk(tollgate, random, failures)));
      }
      for (Thread client : clients) {
        client.join();
      }
      assertThat(failures).as("seed %d", seed).isEmpty();
      Patience.await().until(() -> tollgate.metrics().sum("tollgate_requests_in_flight") == 0);
      Patience.await()
          .until(() ->
              tollgate.metrics().sum("tollgate_upstream_pool_connections", "state", "active") == 0);
      assertThat(tollgate.metrics().sum("tollgate_upstream_pool_pending")).isZero();
      Patience.await()
          .until(() -> tollgate.metrics().sum("tollgate_connections", "listener", "http") == 0);
      Patience.await()
          .until(() ->
              tollgate.accessLogLines().size()
                  == tollgate.metrics().sum("tollgate_requests_total"));
      assertThat(tollgate.metrics().sum("tollgate_requests_total", "outcome", "internal")).isZero();
      assertThat(tollgate.get("/a/after").status()).isEqualTo(200);
    }
  }

  /** Many more connections than loops, kept and used again. */
  @Test
  void servesHundredsOfConnections() throws IOException {
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .apis(upstream("u", origin.port(), PATIENT) + api("a", "/a", "u"))
                .start()) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        clients.add(tollgate.client());
      }
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < clients.size(); i++) {
          clients.get(i).send("GET /a/" + i + " HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        for (RawClient client : clients) {
          assertThat(client.read().status()).isEqualTo(200);
        }
      }
      assertThat(tollgate.metrics().sum("tollgate_connections", "listener", "http")).isEqualTo(400);
      assertThat(origin.connections().stream().filter(one -> !one.isEnded()).count())
          .as("upstream connections")
          .isLessThanOrEqualTo(256);
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private static void answer(RecordingOrigin origin) {
    origin.on("/part", (request, connection) -> connection.reply("200 OK", "", CONTENT));
    origin.on("/reset", (request, connection) -> connection.reset());
    origin.on("/close", (request, connection) -> connection.close());
    origin.on(
        "/half",
        (request, connection) -> {
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
          connection.close();
        });
    origin.on(
        "/broken",
        (request, connection) ->
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"));
    origin.on("/early", (request, connection) -> connection.ok("early"));
    origin.on(
        "/hints",
        (request, connection) ->
            connection.write("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n").ok("hinted"));
    origin.on("/twice", (request, connection) -> connection.okTwice("once", "twice"));
  }

  private static void talk(
      Tollgate tollgate, Random random, ConcurrentLinkedQueue<String> failures) {
    for (int i = 0; i < EXCHANGES; i++) {
      int what = random.nextInt(12);
      try {
        talk(tollgate, random, what);
      } catch (IOException | AssertionError e) {
        failures.add(what + ": " + e);
      }
    }
  }

  private static void talk(Tollgate tollgate, Random random, int what) throws IOException {
    byte[] body = Arrays.copyOf(CONTENT, random.nextInt(CONTENT.length));
    String id = Integer.toHexString(random.nextInt());
    try (RawClient client = tollgate.client()) {
      switch (what) {
        case 0 -> {
          client.send(post("/a/" + id, "Content-Length: " + body.length)).send(body);
          assertEchoed(client.read(), body);
        }
        case 1 -> {
          client.send(post("/a/" + id, "Transfer-Encoding: chunked"));
          client.send(Bytes.chunked(body, 1 + random.nextInt(20_000)));
          assertEchoed(client.read(), body);
        }
        case 2 -> {
          client.send(get("/a/part"));
          client.readHead();
          client.readBytes(random.nextInt(CONTENT.length));
          client.reset();
        }
        case 3 -> {
          client.send(post("/a/" + id, "Content-Length: 100000"));
          client.send(Arrays.copyOf(CONTENT, random.nextInt(99_999)));
          if (random.nextBoolean()) {
            client.reset();
          }
        }
        case 4 -> client.send("GET /a/" + id + " HTTP/1.1\r\nHo");
        case 5 -> {
          client.send(get("/a/part") + get("/a/hints") + get("/nowhere") + get("/a/" + id));
          assertThat(Arrays.equals(client.read().body(), CONTENT)).isTrue();
          assertThat(client.read().text()).isEqualTo("hinted");
          assertThat(client.read().status()).isEqualTo(404);
          assertThat(client.read().text()).isEqualTo("ok");
        }
        case 6 -> {
          String path = random.nextBoolean() ? "/a/reset" : "/a/close";
          assertThat(client.send(get(path)).read().status()).isEqualTo(502);
        }
        case 7 -> assertThat(client.send(get("/a/half")).read().isComplete()).isFalse();
        case 8 -> assertThat(client.send(get("/a/broken")).read().status()).isEqualTo(502);
        case 9 -> {
          client.send(post("/a/early", "Content-Length: 100000"));
          assertThat(client.read().text()).isEqualTo("early");
        }
        case 10 -> assertThat(client.send(get("/a/twice")).read().text()).isEqualTo("once");
        default -> assertThat(client.send("RUBBISH\r\n\r\n").read().status()).isEqualTo(400);
      }
    }
  }

  private static void assertEchoed(Response response, byte[] body) {
    assertThat(response.status()).isEqualTo(200);
    assertThat(Arrays.equals(response.body(), body.length == 0 ? Bytes.of("ok") : body)).isTrue();
  }

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private static String post(String target, String framing) {
    return "POST " + target + " HTTP/1.1\r\nHost: x\r\n" + framing + "\r\n\r\n";
  }
}
