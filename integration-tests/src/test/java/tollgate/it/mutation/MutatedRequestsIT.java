package tollgate.it.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Run;

/**
 * No origin sees a request that the gateway did not log as one, whatever clients send; every
 * connection ends; every answer is right, and nobody else's; nothing is our fault.
 */
final class MutatedRequestsIT {
  private static final int CLIENTS = 48;
  private static final long SHORT = 8_000;
  private static final long LONG = 1_000_000;

  @Test
  void noOriginSeesWhatIsNotLogged() throws IOException, InterruptedException {
    Run run = Run.of("mutated requests", SHORT, LONG);
    Ledger ledger = new Ledger();
    try (StrictOrigin strict = StrictOrigin.start("strict", ledger);
        ForeignOrigins foreign = ForeignOrigins.start(ledger)) {
      Map<String, Integer> origins = new TreeMap<>(foreign.ports());
      origins.put("strict", strict.port());
      try (ProvingGround ground = ProvingGround.start(ledger, origins, foreign::follow)) {
        play(run, ledger, ground, List.copyOf(origins.keySet())).assertFlat();
        ground.assertSettled();
        assertThat(origins.keySet()).allMatch(origin -> ledger.sightings(origin) > 0);
        assertThat(ledger.lines()).isGreaterThan(run.cases() / 2);
      }
    }
  }

  private static Progress play(Run run, Ledger ledger, ProvingGround ground, List<String> contexts)
      throws InterruptedException {
    HostileClient client = new HostileClient(ground.port(), ledger);
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((_, failure) -> ledger.fail(failure.toString()))
              .start(() -> {
                for (long index = run.next();
                    index >= 0 && !ledger.hasFailed();
                    index = run.next()) {
                  Script script = Script.of(index, run.random(index), contexts);
                  client.play(script, run.repeat(index), _ -> false, false);
                }
              }));
    }
    return Progress.watch(run, ledger, ground, clients);
  }
}
