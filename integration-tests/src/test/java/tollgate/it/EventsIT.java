package tollgate.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.OriginConnection;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Tollgate;

/** Server-sent events: operations with {@code stream: sse}. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class EventsIT {
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

  private static RecordingOrigin origin;
  private static Tollgate tollgate;
  private static final BlockingQueue<OriginConnection> STREAMS = new LinkedBlockingQueue<>();

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    origin.on(
        "/events",
        (_, connection) -> {
          connection.write(HEAD);
          STREAMS.add(connection);
          connection.awaitPeerClose();
        });
    origin.on(
        "/slow",
        (_, connection) -> {
          STREAMS.add(connection);
          connection.awaitPeerClose();
        });
    tollgate =
        Tollgate.setup()
            .gateway(
                """
                kind: Gateway
                name: it
                listeners:
                  - {name: http, bind: "127.0.0.1:@http@"}
                status: {bind: "127.0.0.1:@status@"}
                drain: {delay: 0s, timeout: 10s}
                reload: {poll: 100ms, streamGrace: 300ms}
                """)
            .apis(documents())
            .file("conf.d/touched.yaml", events("touched", ""))
            .file("conf.d/moving.yaml", upstream("moving", origin.port()))
            .file(
                "conf.d/moved.yaml",
                events("moved", "").replace("{upstream: u}", "{upstream: moving}"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  /** An upstream that gives up after a tenth of a second, and APIs whose streams do not mind. */
  private static String documents() {
    return upstream("u", origin.port())
        + "timeouts: {response: 100ms, idle: 100ms}\n"
        + api("plain", "/plain", "u")
        + events("kept", "");
  }

  private static String events(String name, String more) {
    return api(name, "/" + name, "u")
        + "operations:\n"
        + "  - {id: events, match: GET /events, stream: sse}\n"
        + "  - {id: slow, match: GET /slow, stream: sse}\n"
        + "  - {id: bounded, match: GET /bounded, stream: sse, timeout: 100ms}\n"
        + more;
  }

  @Test
  void passesEachEventOnAtOnceAndOutlivesTheTimeoutsOfItsUpstream() throws Exception {
    try (RawClient client = opened("kept")) {
      OriginConnection backend = STREAMS.take();
      for (int i = 1; i <= 3; i++) {
        String event = "data: " + i + "\n\n";
        // Longer than the idle timeout that ends other responses.
        assertThat(client.isSilentFor(Duration.ofMillis(200))).isTrue();
        backend.write("9\r\n" + event + "\r\n");
        assertThat(new String(client.readBytes(14), ISO_8859_1))
            .isEqualTo("9\r\n" + event + "\r\n");
      }
    }
  }

  @Test
  void waitsForTheFirstHeadAsWellUnlessATimeoutIsGiven() throws Exception {
    try (RawClient client = tollgate.client()) {
      client.send("GET /kept/slow HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.isSilentFor(Duration.ofMillis(400))).isTrue();
      STREAMS.take().write(HEAD);
      assertThat(client.readHead().status()).isEqualTo(200);
    }
    origin.on("/bounded", (_, connection) -> connection.awaitPeerClose());
    assertThat(tollgate.get("/kept/bounded").status()).isEqualTo(504);
  }

  @Test
  void letsGoOfTheBackendWhenTheClientEndsItsOutput() throws Exception {
    try (RawClient client = opened("kept")) {
      OriginConnection backend = STREAMS.take();

      client.endOutput();

      assertThat(backend.awaitEnd()).isTrue();
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void countsOpenStreams() throws Exception {
    Patience.await().until(() -> streams("kept") == 0);
    try (RawClient one = opened("kept");
        RawClient two = opened("kept")) {
      assertThat(streams("kept")).isEqualTo(2);
      assertThat(one.seen()).contains("event-stream");
      assertThat(two.seen()).contains("event-stream");
    }
    Patience.await().until(() -> streams("kept") == 0);
    STREAMS.clear();
  }

  @Test
  void endsStreamsOfAChangedApiAfterTheGraceAndNoOthers() throws Exception {
    STREAMS.clear();
    try (RawClient kept = opened("kept");
        RawClient touched = opened("touched")) {
      OriginConnection backendOfKept = STREAMS.take();
      STREAMS.take();

      tollgate.edit("conf.d/touched.yaml", events("touched", "state: deprecated\n"));

      assertThat(touched.isClosedByPeer()).isTrue();
      backendOfKept.write("4\r\n:ok\n\r\n");
      assertThat(new String(kept.readBytes(9), ISO_8859_1)).isEqualTo("4\r\n:ok\n\r\n");
      assertThat(streams("kept")).isEqualTo(1);
      assertThat(streams("touched")).isZero();
    }
    assertThat(tollgate.awaitAccessLogLine("/touched/events").path("outcome").asString())
        .isEqualTo("draining");
  }

  @Test
  void endsStreamsToARemovedTargetAfterTheGrace() throws Exception {
    STREAMS.clear();
    try (RawClient client = opened("moved")) {
      OriginConnection backend = STREAMS.take();

      // The same server by another name is another target.
      tollgate.edit(
          "conf.d/moving.yaml",
          upstream("moving", origin.port()).replace("127.0.0.1", "localhost"));

      assertThat(client.isClosedByPeer()).isTrue();
      assertThat(backend.awaitEnd()).as("nothing holds the removed target's connection").isTrue();
      assertThat(streams("moved")).isZero();
    }
  }

  @Test
  void openStreamsKeepNoOldConfigurationInMemory() throws Exception {
    List<RawClient> streams = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        streams.add(opened("kept"));
      }
      for (int i = 0; i < 15; i++) {
        tollgate.edit("conf.d/more.yaml", api("more" + i, "/more" + i, "u"));
      }

      // The one that serves, and the first, which the main thread began with.
      Patience.await()
          .until(() -> tollgate.instances("tollgate.dist.assembly.GatewaySnapshot") <= 2);
      assertThat(streams("kept")).isGreaterThanOrEqualTo(100);
    } finally {
      for (RawClient stream : streams) {
        stream.close();
      }
      STREAMS.clear();
    }
  }

  private static RawClient opened(String api) throws IOException {
    RawClient client = tollgate.client();
    client.send("GET /" + api + "/events HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(client.readHead().status()).isEqualTo(200);
    return client;
  }

  private static double streams(String api) throws IOException {
    return tollgate.metrics().sum("tollgate_streams", "api", api, "kind", "sse");
  }
}
