package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Bytes.MIB;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.ForgetfulOrigin;
import tollgate.it.harness.Load;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.Response;
import tollgate.it.harness.Run;
import tollgate.it.harness.Scrape;
import tollgate.it.harness.SlowCrowd;
import tollgate.it.harness.SlowCrowd.Kind;
import tollgate.it.harness.Tollgate;

/**
 * B18 in numbers: slow heads, bodies and readers all end on their deadlines, memory stays bounded,
 * and honest callers beside them notice nothing. Readers are few, because the kernel keeps
 * megabytes for each of them.
 */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class ManySlowClientsIT {
  private static final int CALLERS = 2;
  private static final CountDownLatch NEVER = new CountDownLatch(1);
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** What one slow client may hold: a part of a head or body, and for a reader what waits. */
  private static final long SLOW_BYTES = 4096;

  private static final long READER_BYTES = 512 * 1024;
  private static final long USUAL_BYTES = 48L * MIB;

  @Test
  void honestTrafficGoesOnBesideThem() throws IOException, InterruptedException {
    int all = (int) Run.of("slow clients", 400, 10_000).cases();
    int reads = Math.clamp(all / 20, 1, 200);
    int bodies = all * 7 / 20;
    int heads = all - reads - bodies;
    try (ForgetfulOrigin origin = ForgetfulOrigin.start();
        Tollgate tollgate = start(origin)) {
      if (Run.isLong()) {
        System.out.println("honest callers, warming up: " + measured(tollgate));
        System.out.println("honest callers alone: " + measured(tollgate));
      }
      try (SlowCrowd crowd = SlowCrowd.open(tollgate.port("slow"), heads, bodies, reads)) {
        crowd.comeAgain(Run.isLong());
        System.out.println("honest callers beside " + all + ": " + measured(tollgate));
        assertBounded(tollgate.metrics(), heads + bodies, reads);
        crowd.comeAgain(false);
        awaitEnds(tollgate, crowd);
      }
    }
  }

  /** Callers that must not fail, and how quickly they were answered, for people. */
  private static Load measured(Tollgate tollgate) throws InterruptedException {
    Load load = Load.start(CALLERS, () -> new Caller(tollgate));
    assertThat(NEVER.await(Run.isLong() ? 12 : 4, TimeUnit.SECONDS)).isFalse();
    load.stop();
    assertThat(load.failures()).isEmpty();
    assertThat(load.calls()).isPositive();
    return load;
  }

  private static void awaitEnds(Tollgate tollgate, SlowCrowd crowd) {
    Patience.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          Scrape now = tollgate.metrics();
          assertThat(ended(now, "head_timeout")).isEqualTo(crowd.made(Kind.HEAD));
          assertThat(ended(now, "request_rate")).isEqualTo(crowd.made(Kind.BODY));
          assertThat(ended(now, "response_rate") + ended(now, "response_timeout"))
              .isEqualTo(crowd.made(Kind.READ));
        });
  }

  private static void assertBounded(Scrape now, int slow, int reads) {
    assertThat(now.sum("tollgate_direct_memory_bytes"))
        .isLessThan((double) (USUAL_BYTES + slow * SLOW_BYTES + reads * READER_BYTES));
  }

  private static double ended(Scrape now, String reason) {
    return now.sum("tollgate_connections_total", "listener", "slow", "close_reason", reason);
  }

  /** Short of patience in the short form, as it comes in the long one. */
  private static Tollgate start(ForgetfulOrigin origin) throws IOException {
    String limits = Run.isLong() ? "" : ", limits: {headerTimeout: 3s, minResponseRate: 1MiB}";
    return Tollgate.setup()
        .gateway(
            """
            kind: Gateway
            name: it
            listeners:
              - {name: http, bind: "127.0.0.1:@http@"}
              - {name: slow, bind: "127.0.0.1:@slow@"%s}
            status: {bind: "127.0.0.1:@status@"}
            drain: {delay: 0s, timeout: 10s}
            """
                .formatted(limits))
        .apis(upstream("u", origin.port(), "pool: {maxConnections: 10000}") + api("a", "/a", "u"))
        .start();
  }

  /** Asks for a small answer again and again, a thousand times on one connection. */
  private static final class Caller implements Load.Caller {
    private final Tollgate tollgate;
    private RawClient client;
    private int calls;

    Caller(Tollgate tollgate) throws IOException {
      this.tollgate = tollgate;
      this.client = tollgate.client();
    }

    @Override
    public void call() throws IOException {
      if (++calls % 1000 == 0) {
        client.close();
        client = tollgate.client();
      }
      Response response = client.send("GET /a/honest HTTP/1.1\r\nHost: x\r\n\r\n").read();
      assertThat(response.status()).as("%s", response).isEqualTo(200);
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }
}
