package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.fail;

import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** {@code -Dseed=N} runs another sequence; a failure names the seed of its case. */
class MutatedWireTest {
  private static final long SEED = Long.getLong("seed", 20261125);
  private static final int RUNS = Integer.getInteger("cases", 200);

  @Test
  void requestsAreUnderstoodHoweverTheyAreCut() {
    everyRun(
        seed ->
            new RandomMessages(seed).request(1).text()
                + new RandomMessages(~seed).request(2).text(),
        WireProperties::requests);
  }

  @Test
  void responsesAreUnderstoodHoweverTheyAreCut() {
    everyRun(seed -> new RandomMessages(seed).response().text(), WireProperties::responses);
  }

  private static void everyRun(LongFunction<String> make, Consumer<byte[]> property) {
    for (long seed = SEED; seed < SEED + RUNS; seed++) {
      String text = new RandomEdits(seed).of(make.apply(seed));
      try {
        property.accept(text.getBytes(ISO_8859_1));
      } catch (AssertionError | RuntimeException e) {
        fail("-Dseed=" + seed + " -Dcases=1: " + text, e);
      }
    }
  }
}
