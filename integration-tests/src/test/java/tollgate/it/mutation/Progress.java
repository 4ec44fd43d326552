package tollgate.it.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tollgate.it.harness.Run;

/** Prints how far a run is, and keeps what the gateway took meanwhile. One thread. */
final class Progress {
  private static final Duration PERIOD = Duration.ofSeconds(20);

  /** Fewer samples than that say nothing of growth. */
  private static final int LEAST_SAMPLES = 12;

  private final Run run;
  private final Ledger ledger;
  private final ProvingGround ground;
  private final long started = System.nanoTime();
  private final List<Long> residentMib = new ArrayList<>();

  private Progress(Run run, Ledger ledger, ProvingGround ground) {
    this.run = run;
    this.ledger = ledger;
    this.ground = ground;
  }

  /** Until all workers have ended. */
  static Progress watch(Run run, Ledger ledger, ProvingGround ground, List<Thread> workers)
      throws InterruptedException {
    Progress progress = new Progress(run, ledger, ground);
    for (Thread worker : workers) {
      while (!worker.join(PERIOD)) {
        progress.look();
      }
    }
    progress.look();
    return progress;
  }

  /** Fails if a long run ended with more memory than it had in its middle. */
  void assertFlat() {
    int count = residentMib.size();
    if (count >= LEAST_SAMPLES) {
      assertThat(highest(2 * count / 3, count))
          .as("MiB resident at the end: %s", residentMib)
          .isLessThanOrEqualTo(highest(count / 3, 2 * count / 3) * 11 / 10 + 16);
    }
  }

  private long highest(int from, int to) {
    return residentMib.subList(from, to).stream().mapToLong(Long::longValue).max().orElseThrow();
  }

  private void look() {
    try {
      residentMib.add(ground.residentKib() / 1024);
      System.out.printf(
          "%d cases in %.0f s; %s; gateway: %d MiB resident, %.0f MiB direct%n",
          run.given(),
          (System.nanoTime() - started) / 1e9,
          ledger,
          residentMib.getLast(),
          ground.tollgate().metrics().sum("tollgate_direct_memory_bytes") / 1024 / 1024);
    } catch (IOException e) {
      ledger.fail("the gateway does not tell its metrics: " + e);
    }
  }
}
