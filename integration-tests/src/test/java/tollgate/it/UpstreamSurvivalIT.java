package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Documents;
import tollgate.it.harness.OriginRequest;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Tollgate;

/** Probes, retries, breakers, consistent hashing, and targets that come and go. */
final class UpstreamSurvivalIT {
  private static RecordingOrigin first;
  private static RecordingOrigin second;
  private static Tollgate tollgate;
  private static final AtomicBoolean isFirstIll = new AtomicBoolean();
  private static final AtomicBoolean isSecondIll = new AtomicBoolean();

  @BeforeAll
  static void start() throws IOException {
    first = origin(isFirstIll);
    second = origin(isSecondIll);
    String both = targets(first.port(), second.port());
    tollgate =
        Tollgate.setup()
            .apis(
                route(
                        "probed",
                        both
                            + ", health: {active: {path: '/up?deep', interval: 100ms, timeout: 5s,"
                            + " healthy: 1, unhealthy: 2, statuses: [200], host: probe.internal}}")
                    + route(
                        "retried",
                        both
                            + ", health: {passive: off}, retry: {on: [\"503\", reset,"
                            + " connect-failure], budget: 100%}")
                    + route(
                        "elsewhere",
                        targets(Tollgate.freePort(), second.port())
                            + ", health: {passive: off}, retry: {on: [connect-failure],"
                            + " budget: 100%}")
                    + route(
                        "storm",
                        both + ", health: {passive: off}, retry: {on: [\"503\"], budget: 10%}")
                    + route("alone", targets(first.port()) + ", retry: {on: [503]}")
                    + route("full", targets(first.port()) + ", breaker: {maxInFlight: 1}")
                    + route(
                        "queue",
                        targets(first.port())
                            + ", pool: {maxConnections: 1}, breaker: {maxPending: 0}")
                    + route(
                        "impatient",
                        targets(first.port())
                            + ", timeouts: {connect: 30s}, pool: {maxConnections: 1, maxWait:"
                            + " 100ms}")
                    + route(
                        "hashed", both + ", balance: consistent-hash, hash: {header: X-Tenant}"))
            .file("conf.d/moving.yaml", moving(targets(first.port(), second.port())))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    first.close();
    second.close();
  }

  @Test
  void probesTakeTargetsOutAndBack() throws IOException {
    OriginRequest probe = first.await("/up");
    assertThat(probe.method()).isEqualTo("GET");
    assertThat(probe.target()).isEqualTo("/up?deep");
    assertThat(probe.header("Host")).isEqualTo("probe.internal");
    isFirstIll.set(true);
    awaitUp(1);
    for (int i = 0; i < 4; i++) {
      assertThat(tollgate.get("/probed/one-is-ill").status()).isEqualTo(200);
    }
    assertThat(first.requests("/one-is-ill")).isEmpty();
    isSecondIll.set(true);
    awaitUp(0);
    assertThat(
            Problems.assertProblem(tollgate.get("/probed/all-are-ill"), 503)
                .path("code")
                .asString())
        .isEqualTo("303001");
    assertThat(tollgate.awaitAccessLogLine("/probed/all-are-ill").path("outcome").asString())
        .isEqualTo("no_healthy_upstream");
    assertThat(
            tollgate
                .metrics()
                .sum(
                    "tollgate_upstream_ejections_total",
                    "upstream",
                    "probed",
                    "reason",
                    "health_check"))
        .isGreaterThanOrEqualTo(2);
    isFirstIll.set(false);
    isSecondIll.set(false);
    awaitUp(2);
    assertThat(tollgate.get("/probed/well").status()).isEqualTo(200);
  }

  @Test
  void aRefusalIsTriedElsewhereAndNobodySeesIt() throws IOException {
    String path = "/busy";
    first.on(path, (_, connection) -> connection.reply("503 Busy", "", new byte[0]));
    for (int i = 0; i < 4; i++) {
      assertThat(tollgate.get("/retried" + path).text()).isEqualTo("ok");
    }
    assertThat(first.requests(path)).isNotEmpty();
    assertThat(second.requests(path)).hasSize(4);
    assertThat(
            tollgate
                .metrics()
                .sum("tollgate_upstream_retries_total", "upstream", "retried", "reason", "status"))
        .isGreaterThanOrEqualTo(2);
    assertThat(tollgate.awaitAccessLogLine("/retried" + path).path("status").asInt())
        .isEqualTo(200);
  }

  @Test
  void aRequestIsTriedTwiceAndNoMore() throws IOException {
    String path = "/both-busy";
    for (RecordingOrigin origin : List.of(first, second)) {
      origin.on(path, (_, connection) -> connection.reply("503 Busy", "", new byte[0]));
    }
    assertThat(tollgate.get("/retried" + path).status()).isEqualTo(503);
    assertThat(first.requests(path).size() + second.requests(path).size()).isEqualTo(2);
  }

  @Test
  void whatIsNotIdempotentIsNotRepeated() throws IOException {
    String path = "/post-busy";
    for (RecordingOrigin origin : List.of(first, second)) {
      origin.on(
          path,
          (request, connection) -> {
            request.readBody();
            connection.reply("503 Busy", "", new byte[0]);
          });
    }
    try (RawClient client = tollgate.client()) {
      client.send("POST /retried" + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
      assertThat(client.read().status()).isEqualTo(503);
    }
    assertThat(first.requests(path).size() + second.requests(path).size()).isEqualTo(1);
  }

  @Test
  void aTargetThatCannotBeReachedIsPassedOver() throws IOException {
    for (int i = 0; i < 4; i++) {
      assertThat(tollgate.get("/elsewhere/x").status()).isEqualTo(200);
    }
    assertThat(
            tollgate
                .metrics()
                .sum(
                    "tollgate_upstream_retries_total",
                    "upstream",
                    "elsewhere",
                    "reason",
                    "connect_failure"))
        .isGreaterThanOrEqualTo(2);
  }

  @Test
  void aRetryStormIsImpossible() throws IOException {
    String path = "/storm";
    for (RecordingOrigin origin : List.of(first, second)) {
      origin.on(path, (_, connection) -> connection.reply("503 Busy", "", new byte[0]));
    }
    int requests = 200;
    try (RawClient client = tollgate.client()) {
      for (int i = 0; i < requests; i++) {
        client.send("GET /storm" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(503);
      }
    }
    int attempts = first.requests(path).size() + second.requests(path).size();
    assertThat(attempts)
        .as("a tenth of the requests, and the reserve of the one loop")
        .isBetween(requests + 1, requests + requests / 10 + 10);
    assertThat(
            tollgate
                .metrics()
                .sum("tollgate_upstream_retry_budget_exhausted_total", "upstream", "storm"))
        .isEqualTo(2 * requests - attempts);
  }

  @Test
  void aTargetThatSaysWhenToComeBackIsNotAskedBefore() throws IOException {
    String path = "/come-back";
    first.on(
        path, (_, connection) -> connection.reply("503 Busy", "Retry-After: 7\r\n", new byte[0]));
    assertThat(tollgate.get("/alone" + path).header("Retry-After")).isEqualTo("7");
    assertThat(first.requests(path)).hasSize(1);
  }

  @Test
  void theBreakerRefusesAtOnceWhatIsTooMuch() throws IOException {
    assertRefusedWhileBusy("full", "in_flight", "303003", "breaker_open");
    assertThat(tollgate.get("/full/after").status()).isEqualTo(200);
  }

  @Test
  void theBreakerRefusesAtOnceWhatWouldWait() throws IOException {
    assertRefusedWhileBusy("queue", "pending", "303003", "breaker_open");
  }

  @Test
  void aWaitForAConnectionHasItsEnd() throws IOException {
    assertRefusedWhileBusy("impatient", null, "303002", "upstream_connect");
  }

  @Test
  void aKeyKeepsItsTarget() throws IOException {
    int onFirst = 0;
    for (int tenant = 0; tenant < 32; tenant++) {
      String path = "/tenant-" + tenant;
      for (int i = 0; i < 3; i++) {
        assertThat(tollgate.get("/hashed" + path, "X-Tenant: t" + tenant).status()).isEqualTo(200);
      }
      assertThat(first.requests(path).size()).isIn(0, 3);
      assertThat(second.requests(path).size()).isEqualTo(3 - first.requests(path).size());
      onFirst += first.requests(path).size() / 3;
    }
    assertThat(onFirst).as("both have some").isBetween(1, 31);
  }

  @Test
  void aRemovedTargetIsLeftAndTheOthersKeepTheirConnections() throws Exception {
    String path = "/moving-on";
    CountDownLatch finish = new CountDownLatch(1);
    second.on(
        "/long",
        (_, connection) -> {
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
          finish.await();
          connection.write("cd");
        });
    try (RawClient stream = tollgate.client();
        RawClient client = tollgate.client()) {
      // A stream of another API keeps the old generation alive.
      stream.send("GET /alone-second/long HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(stream.readHead().status()).isEqualTo(200);
      for (int i = 0; i < 4; i++) {
        client.send("GET /moving" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(200);
      }
      tollgate.edit("conf.d/moving.yaml", moving(targets(first.port())));
      assertThat(second.requests(path).getLast().connection().awaitEnd())
          .as("its idle connection is closed at once")
          .isTrue();
      for (int i = 0; i < 2; i++) {
        client.send("GET /moving" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(200);
      }
      assertThat(first.requests(path).stream().map(one -> one.connection().index()).distinct())
          .as("the other target's connection goes on")
          .hasSize(1);
      assertThat(second.requests(path)).hasSize(2);
      finish.countDown();
      assertThat(new String(stream.readBytes(4), java.nio.charset.StandardCharsets.US_ASCII))
          .isEqualTo("abcd");
    }
  }

  private static void assertRefusedWhileBusy(
      String api, @org.jspecify.annotations.Nullable String reason, String code, String outcome)
      throws IOException {
    CountDownLatch finish = new CountDownLatch(1);
    String path =
        first.path((_, connection) -> {
          finish.await();
          connection.ok("at last");
        });
    try (RawClient busy = tollgate.client()) {
      busy.send("GET /" + api + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      first.await(path);
      String refused = "/" + api + "/too-much";
      assertThat(Problems.assertProblem(tollgate.get(refused), 503).path("code").asString())
          .isEqualTo(code);
      assertThat(tollgate.awaitAccessLogLine(refused).path("outcome").asString())
          .isEqualTo(outcome);
      if (reason != null) {
        assertThat(
                tollgate
                    .metrics()
                    .sum("tollgate_upstream_breaker_open", "upstream", api, "reason", reason))
            .isEqualTo(1);
      }
      finish.countDown();
      assertThat(busy.read().text()).isEqualTo("at last");
    } finally {
      finish.countDown();
    }
    assertThat(first.requests("/too-much")).isEmpty();
  }

  private static void awaitUp(int targets) {
    Patience.await()
        .until(() ->
            tollgate.metrics().sum("tollgate_upstream_target_up", "upstream", "probed") == targets);
  }

  private static RecordingOrigin origin(AtomicBoolean isIll) throws IOException {
    return RecordingOrigin.start()
        .on(
            "/up",
            (_, connection) ->
                connection.reply(isIll.get() ? "500 Ill" : "200 OK", "", new byte[0]));
  }

  private static String moving(String targets) {
    return route("moving", targets)
        + Documents.upstream("alone-second", second.port())
        + Documents.api("alone-second", "/alone-second", "alone-second");
  }

  private static String targets(int... ports) {
    StringBuilder targets = new StringBuilder("targets: [");
    for (int port : ports) {
      targets.append("{url: 'http://127.0.0.1:").append(port).append("'}, ");
    }
    return targets.append("]").toString();
  }

  private static String route(String name, String upstream) {
    return "---\n{kind: Upstream, name: "
        + name
        + ", "
        + upstream
        + "}\n"
        + Documents.api(name, "/" + name, name);
  }
}
