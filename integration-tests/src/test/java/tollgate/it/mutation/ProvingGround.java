package tollgate.it.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Tollgate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A gateway with one API per origin, short deadlines and its access log in a file, and one thread
 * that reads that log, and those of origins, into the ledger. One thread opens and closes it.
 */
final class ProvingGround implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - name: http
          bind: "127.0.0.1:@http@"
          limits: {headerTimeout: 1s, bodyTimeout: 1s, idleTimeout: 1s}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 10s}
      telemetry: {accessLog: {output: access.log}}
      """;

  private final Ledger ledger;
  private final Tollgate tollgate;
  private final Map<String, Integer> origins;
  private final Follow more;
  private final AtomicBoolean isOver = new AtomicBoolean();
  private final Thread follower;

  /** Reads what else is to be read. */
  @FunctionalInterface
  interface Follow {
    void follow() throws IOException;
  }

  private ProvingGround(Ledger ledger, Tollgate tollgate, Map<String, Integer> origins, Follow more)
      throws IOException {
    this.ledger = ledger;
    this.tollgate = tollgate;
    this.origins = origins;
    this.more = more;
    LineFollower log = LineFollower.of(tollgate.conf().resolve("access.log"));
    this.follower = Thread.ofPlatform().name("follower").start(() -> follow(log));
  }

  /**
   * @param origins port by name; the name is also that of the API, and its context
   */
  static ProvingGround start(Ledger ledger, Map<String, Integer> origins, Follow more)
      throws IOException {
    StringBuilder apis = new StringBuilder();
    origins.forEach((name, port) ->
        apis.append(
                upstream(
                    name,
                    port,
                    "health: {passive: off}",
                    "timeouts: {connect: 10s, response: 1s, idle: 1s}"))
            .append(api(name, "/" + name, name)));
    Tollgate tollgate = Tollgate.setup().gateway(GATEWAY).apis(apis.toString()).start();
    // The file is made with its first line.
    assertThat(tollgate.get("/").status()).isEqualTo(404);
    Patience.await().until(() -> Files.exists(tollgate.conf().resolve("access.log")));
    return new ProvingGround(ledger, tollgate, origins, more);
  }

  int port() {
    return tollgate.port();
  }

  Tollgate tollgate() {
    return tollgate;
  }

  /** Fails unless all that was seen is logged, nothing failed, and nothing is left behind. */
  void assertSettled() throws IOException {
    Patience.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ledger.hasFailed() || (ledger.unlogged().isEmpty() && isIdle()));
    assertThat(ledger.failures()).isEmpty();
    assertThat(ledger.unlogged()).as("seen, but not logged").isEmpty();
    assertThat(tollgate.metrics().sum("tollgate_log_dropped_total")).isZero();
  }

  /** Resident memory of the gateway in KiB, as Linux counts it. */
  long residentKib() throws IOException {
    return Files.readAllLines(
            java.nio.file.Path.of("/proc/" + tollgate.process().pid() + "/status"))
        .stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }

  @Override
  public void close() throws IOException {
    isOver.set(true);
    try {
      follower.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    tollgate.close();
  }

  private boolean isIdle() throws IOException {
    return tollgate.metrics().sum("tollgate_requests_in_flight") == 0
        && tollgate.metrics().sum("tollgate_connections", "listener", "http") == 0;
  }

  private void follow(LineFollower log) {
    try {
      while (!isOver.get()) {
        log.follow(this::line);
        more.follow();
        Thread.onSpinWait();
        java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
      }
    } catch (IOException | RuntimeException e) {
      ledger.fail("cannot read a log: " + e);
    }
  }

  private void line(String text) {
    JsonNode line = JSON.readTree(text);
    String id = line.path("request_id").asString("");
    int status = line.path("status").asInt(0);
    ledger.loggedAnswer(id, status);
    boolean isOurs = status == 500 && line.path("upstream_status").asInt(0) != 500;
    if (isOurs || line.path("outcome").asString("").equals("internal")) {
      ledger.fail("a fault of ours: " + text);
    }
    String api = line.path("api").asString("");
    int attempts = line.path("attempts").asInt(0);
    if (attempts > 0 && origins.containsKey(api)) {
      String path = line.path("path").asString("").substring(api.length() + 1);
      ledger.loggedAttempts(
          api, id, line.path("method").asString(""), path.isEmpty() ? "/" : path, attempts);
    }
  }
}
