package tollgate.it.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Run;

/**
 * Whatever an origin answers, clients get right answers or cut ones, the connection stays in step,
 * and nothing is our fault.
 */
final class MutatedResponsesIT {
  private static final int CLIENTS = 48;
  private static final long SHORT = 5_000;
  private static final long LONG = 200_000;
  private static final String STRICT = "GET /strict/next HTTP/1.1\r\nHost: x\r\n\r\n";

  @Test
  void clientsSeeOnlyRightAnswers() throws IOException, InterruptedException {
    Run run = Run.of("mutated responses", SHORT, LONG);
    Ledger ledger = new Ledger();
    try (StrictOrigin strict = StrictOrigin.start("strict", ledger);
        StrictOrigin hostile =
            StrictOrigin.start("hostile", ledger, (_, path, _, out) -> answer(run, path, out))) {
      Map<String, Integer> origins = Map.of("strict", strict.port(), "hostile", hostile.port());
      try (ProvingGround ground = ProvingGround.start(ledger, origins, () -> {})) {
        play(run, ledger, ground).assertFlat();
        ground.assertSettled();
        assertThat(ledger.sightings("strict")).isGreaterThan(run.cases() / 4);
      }
    }
  }

  private static Progress play(Run run, Ledger ledger, ProvingGround ground)
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
                  String method = method(index);
                  client.play(
                      script(method, index),
                      run.repeat(index),
                      answer -> answer == 0 && method.equals("HEAD"),
                      true);
                }
              }));
    }
    return Progress.watch(run, ledger, ground, clients);
  }

  private static String method(long index) {
    return switch ((int) (index % 5)) {
      case 0 -> "HEAD";
      case 1 -> "POST";
      default -> "GET";
    };
  }

  private static Script script(String method, long index) {
    String body = method.equals("POST") ? "Content-Length: 3\r\n\r\nabc" : "\r\n";
    String text = method + " /hostile/" + index + " HTTP/1.1\r\nHost: x\r\n" + body + STRICT;
    return new Script(text, List.of(), Script.Ending.FINISHES);
  }

  /** Few leave the connection open: the gateway waits for the rest of what is not complete. */
  private static boolean answer(Run run, String path, OutputStream out) throws IOException {
    SplittableRandom random = run.random(Long.parseLong(path.substring(1)));
    Mutator mutator =
        new Mutator(
            random,
            RequestCorpus.INSERTIONS,
            ResponseCorpus.LINES,
            RequestCorpus.CHUNK_SIZES,
            ResponseCorpus.RIGHT);
    String right = mutator.any(ResponseCorpus.RIGHT);
    byte[] bytes = Bytes.of(random.nextInt(8) == 0 ? right : mutator.mutate(right));
    int from = 0;
    for (int cut : Script.cuts(random, bytes.length)) {
      out.write(bytes, from, cut - from);
      from = cut;
    }
    out.write(bytes, from, bytes.length - from);
    return random.nextInt(20) == 0;
  }
}
