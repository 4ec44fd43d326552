package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.LeanOrigin;
import tollgate.it.harness.Load;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Run;
import tollgate.it.harness.Tollgate;

/**
 * Good, broken, abandoned and hostile exchanges for a long time, with reloads: each ends as it
 * must, and the gateway has no more of anything at the end than it had in the middle. {@code
 * -Dminutes=N}; an hour in the long form if nothing is said.
 */
final class SoakIT {
  private static final int CALLERS = 24;

  /** Far below what is possible: it is the time and the mix that matter. */
  private static final int CALLS_PER_SECOND = 500;

  private static final int WAVES = Run.isLong() ? 30 : 2;
  private static final Duration BETWEEN_RELOADS = Duration.ofMillis(Run.isLong() ? 2000 : 500);
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - name: http
          bind: "127.0.0.1:@http@"
          limits: {headerTimeout: 500ms, bodyTimeout: 500ms, idleTimeout: 60s}
        - name: https
          bind: "127.0.0.1:@https@"
          tls: {certificates: [{cert: tls.crt, key: tls.key}]}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 10s}
      telemetry: {accessLog: {output: access.log}}
      """;

  private final Certificates certificate = make();
  private int reloads;

  @Test
  void nothingGrows() throws IOException, InterruptedException {
    Duration time =
        Run.isLong() ? Duration.ofMinutes(Long.getLong("minutes", 60)) : Duration.ofSeconds(3);
    Run run = Run.of("soak for " + time, Long.MAX_VALUE / 2, Long.MAX_VALUE / 2);
    try (LeanOrigin origin = LeanOrigin.start(SoakOrigin::answer);
        Tollgate tollgate = start(origin);
        SoakLooks looks = SoakLooks.at(tollgate)) {
      for (int wave = 1; wave <= WAVES; wave++) {
        Load load =
            Load.paced(
                CALLERS,
                CALLS_PER_SECOND,
                () -> new SoakCaller(tollgate, certificate, run.random(run.next())));
        reload(tollgate, load, System.nanoTime() + time.dividedBy(WAVES).toNanos());
        System.out.println(load.stop());
        assertThat(load.failures()).isEmpty();
        assertSettled(tollgate);
        System.out.println(wave + ": " + looks.look());
      }
      looks.assertFlat();
    }
  }

  /** Changes an API again and again, until that time or a failure. */
  private void reload(Tollgate tollgate, Load load, long end) throws IOException {
    while (System.nanoTime() < end && load.failures().isEmpty()) {
      tollgate.edit("conf.d/more.yaml", api("more", "/more" + ++reloads, "u"));
      long next = Math.min(end, System.nanoTime() + BETWEEN_RELOADS.toNanos());
      Patience.await().until(() -> System.nanoTime() >= next);
    }
  }

  private Tollgate start(LeanOrigin origin) throws IOException {
    return Tollgate.setup()
        .gateway(GATEWAY)
        .file("tls.crt", certificate.certificatePem())
        .file("tls.key", certificate.keyPem())
        .apis(
            upstream(
                    "u",
                    origin.port(),
                    "health: {passive: off}",
                    "timeouts: {connect: 15s, response: 1s, idle: 1s}")
                + api("a", "/a", "u")
                + "operations:\n"
                + "  - {id: events, match: GET /events, stream: sse}\n"
                + "  - {id: all, match: \"* /{path*}\"}\n")
        .start();
  }

  /** Nothing is under way, nothing was our fault, and every exchange is in the log. */
  private static void assertSettled(Tollgate tollgate) throws IOException {
    Patience.await().until(() -> tollgate.metrics().sum("tollgate_requests_in_flight") == 0);
    Patience.await()
        .until(() ->
            tollgate.metrics().sum("tollgate_upstream_pool_connections", "state", "active") == 0);
    assertThat(tollgate.metrics().sum("tollgate_upstream_pool_pending")).isZero();
    Patience.await()
        .until(() -> tollgate.metrics().sum("tollgate_connections", "listener", "http") == 0);
    assertThat(tollgate.metrics().sum("tollgate_requests_total", "outcome", "internal")).isZero();
    assertThat(tollgate.metrics().sum("tollgate_log_dropped_total")).isZero();
    Path log = tollgate.conf().resolve("access.log");
    Patience.await()
        .until(() -> {
          try (Stream<String> lines = Files.lines(log)) {
            return lines.count() == tollgate.metrics().sum("tollgate_requests_total");
          }
        });
  }

  private static Certificates make() {
    try {
      return Certificates.make("dns:" + SoakCaller.HOST);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
