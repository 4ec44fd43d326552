package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.OriginRequest;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** Choice of a target, and what becomes of a request whose target fails. */
final class UpstreamsIT {
  private static final List<Socket> FILLERS = new ArrayList<>();

  private static RecordingOrigin origin;
  private static RecordingOrigin second;
  private static ServerSocket blackHole;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    second = RecordingOrigin.start();
    blackHole = blackHole();
    tollgate =
        Tollgate.setup()
            .apis(
                route(
                        "weighted",
                        "targets: ["
                            + target(origin.port(), 3)
                            + ", "
                            + target(second.port(), 1)
                            + "]")
                    + route("dead", "targets: [" + target("@dead@", 1) + "]")
                    + route(
                        "half",
                        "targets: ["
                            + target(origin.port(), 1)
                            + ", "
                            + target("@half@", 1)
                            + "], health: {passive: {consecutiveFailures: 2, eject: 2s}}")
                    + route(
                        "gone",
                        "targets: ["
                            + target("@gonea@", 1)
                            + ", "
                            + target("@goneb@", 1)
                            + "], health: {passive: {consecutiveFailures: 1, eject: 1h, maxEjected:"
                            + " 100%}}")
                    + route(
                        "hole",
                        "targets: ["
                            + target(blackHole.getLocalPort(), 1)
                            + "], timeouts: {connect: 300ms}")
                    + route(
                        "slow",
                        "targets: ["
                            + target(origin.port(), 1)
                            + "], timeouts: {response: 300ms, idle: 300ms}",
                        "operations: [{id: patient, match: GET /patient, timeout: 20s}, {id: rest,"
                            + " match: '* /{path*}'}]")
                    + route(
                        "one",
                        "targets: [" + target(origin.port(), 1) + "], pool: {maxConnections: 1}")
                    + route(
                        "none",
                        "targets: ["
                            + target(origin.port(), 1)
                            + "], pool: {maxConnections: 1, maxPending: 0}")
                    + route("nameless", "targets: [{url: 'http://no-such-host.invalid:80'}]")
                    + route("named", "targets: [{url: 'http://localhost:" + origin.port() + "'}]"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
    second.close();
    for (Socket filler : FILLERS) {
      filler.close();
    }
    blackHole.close();
  }

  @Test
  void spreadsRequestsByWeight() throws IOException {
    for (int i = 0; i < 40; i++) {
      assertThat(tollgate.get("/weighted/spread").status()).isEqualTo(200);
    }
    assertThat(origin.requests("/spread").size()).isBetween(28, 32);
    assertThat(second.requests("/spread").size()).isBetween(8, 12);
  }

  @Test
  void answers502WhereNobodyListens() throws IOException {
    Response response = tollgate.get("/dead/x");
    assertThat(Problems.assertProblem(response, 502).path("code").asString()).isEqualTo("101503");
    assertThat(tollgate.awaitAccessLogLine("/dead/x").path("outcome").asString())
        .isEqualTo("upstream_connect");
  }

  @Test
  void refusesForANameThatDoesNotResolve() throws IOException {
    assertThat(tollgate.get("/nameless/x").status())
        .as("504 where no name server answers in time")
        .isIn(502, 504);
    assertThat(tollgate.awaitAccessLogLine("/nameless/x").path("outcome").asString())
        .isEqualTo("upstream_connect");
    assertThat(tollgate.get("/named/x").status()).isEqualTo(200);
  }

  @Test
  void answers504WhereConnectingTakesTooLong() throws IOException {
    assertThat(Problems.assertProblem(tollgate.get("/hole/x"), 504).path("code").asString())
        .isEqualTo("101508");
    assertThat(tollgate.awaitAccessLogLine("/hole/x").path("outcome").asString())
        .isEqualTo("upstream_connect");
  }

  @Test
  void answers504WhereNoAnswerComes() throws IOException, InterruptedException {
    String path = origin.path((request, connection) -> connection.awaitPeerClose());
    assertThat(Problems.assertProblem(tollgate.get("/slow" + path), 504).path("code").asString())
        .isEqualTo("101504");
    assertThat(tollgate.awaitAccessLogLine("/slow" + path).path("outcome").asString())
        .isEqualTo("upstream_timeout");
    assertThat(origin.requests(path)).as("a timeout is not tried again").hasSize(1);
    assertThat(origin.requests(path).getFirst().connection().awaitEnd()).isTrue();
  }

  @Test
  void cutsAnAnswerThatFallsSilent() throws IOException {
    String path =
        origin.path((request, connection) -> {
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
          connection.awaitPeerClose();
        });
    Response response = tollgate.get("/slow" + path);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.isComplete()).isFalse();
    assertThat(tollgate.awaitAccessLogLine("/slow" + path).path("outcome").asString())
        .isEqualTo("upstream_timeout");
  }

  @Test
  void givesAnOperationTheTimeItIsAllowed() throws IOException {
    String slow = origin.path((request, connection) -> connection.awaitPeerClose());
    origin.on(
        "/patient",
        (request, connection) -> {
          // Longer than the upstream allows others: one of them has timed out meanwhile.
          assertThat(tollgate.get("/slow" + slow).status()).isEqualTo(504);
          connection.ok("at last");
        });
    assertThat(tollgate.get("/slow/patient").text()).isEqualTo("at last");
  }

  @Test
  void takesADeadTargetOutAndBack() throws IOException {
    List<Integer> statuses = new ArrayList<>();
    Patience.await()
        .until(() -> {
          statuses.add(tollgate.get("/half/x").status());
          return tollgate.metrics().sum("tollgate_upstream_ejections_total", "upstream", "half")
              >= 1;
        });
    assertThat(statuses).contains(502).containsOnly(200, 502);
    assertThat(tollgate.metrics().sum("tollgate_upstream_target_up", "upstream", "half"))
        .isEqualTo(1);
    try (RecordingOrigin back = RecordingOrigin.startOn(tollgate.port("half"))) {
      Patience.await()
          .until(() -> {
            tollgate.get("/half/back");
            return !back.requests("/back").isEmpty();
          });
    }
  }

  @Test
  void answers503WhereAllTargetsAreOut() throws IOException {
    Patience.await().until(() -> tollgate.get("/gone/x").status() == 503);
    assertThat(Problems.assertProblem(tollgate.get("/gone/x"), 503).path("code").asString())
        .isEqualTo("303001");
    assertThat(
            tollgate
                .metrics()
                .sum("tollgate_requests_total", "api", "gone", "outcome", "no_healthy_upstream"))
        .isGreaterThan(0);
  }

  @Test
  void triesAGetAgainThatDiedWithItsReusedConnection() throws IOException {
    String path = origin.path(UpstreamsIT::answerOncePerConnection);
    try (RawClient client = tollgate.client()) {
      assertThat(client.send("GET /named" + path + " HTTP/1.1\r\nHost: x\r\n\r\n").read().text())
          .isEqualTo("first");
      assertThat(client.send("GET /named" + path + " HTTP/1.1\r\nHost: x\r\n\r\n").read().text())
          .isEqualTo("first");
    }
    assertThat(origin.requests(path).size()).isGreaterThanOrEqualTo(2);
    assertThat(tollgate.metrics().sum("tollgate_upstream_retries_total", "upstream", "named"))
        .isGreaterThanOrEqualTo(1);
  }

  @Test
  void repeatsNoPost() throws IOException {
    String path = origin.path(UpstreamsIT::answerOncePerConnection);
    try (RawClient client = tollgate.client()) {
      client.send("GET /named" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.read().text()).isEqualTo("first");
      client.send("POST /named" + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
      assertThat(Problems.assertProblem(client.read(), 502).path("code").asString())
          .isEqualTo("101505");
    }
    assertThat(origin.requests(path).stream().filter(request -> request.method().equals("POST")))
        .hasSize(1);
  }

  @Test
  void triesNothingMoreThanTwice() throws IOException {
    String path = origin.path((request, connection) -> connection.close());
    try (RawClient client = tollgate.client()) {
      assertThat(client.send("GET /named/warm HTTP/1.1\r\nHost: x\r\n\r\n").read().status())
          .isEqualTo(200);
      Problems.assertProblem(
          client.send("GET /named" + path + " HTTP/1.1\r\nHost: x\r\n\r\n").read(), 502);
    }
    assertThat(origin.requests(path)).hasSizeBetween(1, 2);
  }

  @Test
  void holdsItsLimitOfConnectionsOverAllLoops() throws IOException, InterruptedException {
    AtomicInteger open = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    String path =
        origin.path((request, connection) -> {
          most.accumulateAndGet(open.incrementAndGet(), Math::max);
          connection.awaitOthers();
          open.decrementAndGet();
          connection.ok("ok");
        });
    List<Thread> callers = new ArrayList<>();
    AtomicInteger served = new AtomicInteger();
    for (int i = 0; i < 12; i++) {
      callers.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  if (tollgate.get("/one" + path).status() == 200) {
                    served.incrementAndGet();
                  }
                } catch (IOException _) {
                  // not served
                }
              }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(served.get()).isEqualTo(12);
    assertThat(most.get()).isEqualTo(1);
  }

  @Test
  void answers503WhereNobodyMayWaitForAConnection() throws IOException {
    CountDownLatch asked = new CountDownLatch(1);
    String path =
        origin.path((request, connection) -> {
          asked.await();
          connection.ok("ok");
        });
    try (RawClient busy = tollgate.client()) {
      busy.send("GET /none" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      origin.await(path);
      assertThat(Problems.assertProblem(tollgate.get("/none/x"), 503).path("code").asString())
          .isEqualTo("303002");
      asked.countDown();
      assertThat(busy.read().status()).isEqualTo(200);
    }
  }

  @Test
  void usesAConnectionOnlyOnceThatTheOriginWillClose() throws IOException {
    String path =
        origin.path((request, connection) ->
            connection.reply("200 OK", "Connection: close\r\n", Bytes.of("last")));
    try (RawClient client = tollgate.client()) {
      for (int i = 0; i < 3; i++) {
        client.send("GET /named" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.read().text()).isEqualTo("last");
      }
    }
    assertThat(origin.requests(path).stream().map(one -> one.connection().index()).distinct())
        .hasSize(3);
  }

  @Test
  void understandsAnHttp10Origin() throws IOException {
    String path =
        origin.path((request, connection) -> {
          connection.write("HTTP/1.0 200 OK\r\nX-Old: 1\r\n\r\nuntil the end");
          connection.close();
        });
    Response response = tollgate.get("/named" + path);
    assertThat(response.statusLine()).startsWith("HTTP/1.1 200");
    assertThat(response.text()).isEqualTo("until the end");
  }

  @Test
  void survivesConnectionsThatClosedWhileIdle() throws IOException {
    for (int round = 0; round < 5; round++) {
      assertThat(tollgate.get("/named/idle").status()).isEqualTo(200);
      origin.closeConnections();
      assertThat(tollgate.get("/named/idle").status()).isEqualTo(200);
    }
  }

  private static void answerOncePerConnection(
      OriginRequest request, tollgate.it.harness.OriginConnection connection) throws IOException {
    if (origin.requests(request.path()).stream()
            .filter(one -> one.connection() == connection)
            .count()
        > 1) {
      connection.close();
    } else {
      request.readBody();
      connection.ok("first");
    }
  }

  /**
   * A listener whose queue is full, so that further connections are neither accepted nor refused.
   */
  private static ServerSocket blackHole() throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    for (int i = 0; i < 8; i++) {
      Socket filler = new Socket();
      FILLERS.add(filler);
      try {
        filler.connect(
            server.getLocalSocketAddress() instanceof InetSocketAddress address ? address : null,
            200);
      } catch (SocketTimeoutException _) {
        return server;
      }
    }
    throw new AssertionError("accepts without end");
  }

  private static String target(int port, int weight) {
    return target(Integer.toString(port), weight);
  }

  private static String target(String port, int weight) {
    return "{url: 'http://127.0.0.1:" + port + "', weight: " + weight + "}";
  }

  private static String route(String name, String upstream, String... api) {
    return """
    ---
    {kind: Upstream, name: %1$s, %2$s}
    ---
    kind: Api
    name: %1$s
    version: v1
    context: /%1$s
    security: none
    route: {upstream: %1$s}
    %3$s
    """
        .formatted(name, upstream, String.join("\n", api));
  }
}
