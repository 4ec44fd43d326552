package tollgate.it.mutation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tollgate.it.harness.Bytes;

/**
 * What a client does on one connection: bytes, where they are cut, and how it ends. Immutable.
 *
 * @param text one character per byte
 * @param cuts rising places where one write ends and the next begins
 */
record Script(String text, List<Integer> cuts, Ending ending) {
  /** How a client leaves. */
  enum Ending {
    /** Ends its output and reads to the end. */
    FINISHES,
    /** Reads to the end, which the gateway has to make. */
    STAYS,
    /** Closes without reading. */
    LEAVES,
    /** Resets without reading. */
    RESETS
  }

  /** One to four requests, most of them mutated, for one of the contexts each. */
  static Script of(long index, SplittableRandom random, List<String> contexts) {
    Mutator mutator =
        new Mutator(
            random,
            RequestCorpus.INSERTIONS,
            RequestCorpus.FRAMING,
            RequestCorpus.CHUNK_SIZES,
            others());
    StringBuilder text = new StringBuilder();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String right = mutator.any(RequestCorpus.RIGHT);
      String one = random.nextInt(10) < 7 ? mutator.mutate(right) : right;
      text.append(
          one.replace("~", "/" + mutator.any(contexts))
              .replace("%ID%", Long.toString(index, 36) + "-" + i));
    }
    return new Script(text.toString(), cuts(random, text.length()), ending(random));
  }

  byte[] bytes() {
    return Bytes.of(text);
  }

  private static List<String> others() {
    List<String> others = new ArrayList<>(RequestCorpus.RIGHT);
    for (int i = 0; i < 8; i++) {
      others.add(RequestCorpus.SMUGGLED);
    }
    return others;
  }

  private static Ending ending(SplittableRandom random) {
    int of1000 = random.nextInt(1000);
    if (of1000 < 10) {
      return Ending.STAYS;
    }
    return of1000 < 40 ? Ending.LEAVES : of1000 < 70 ? Ending.RESETS : Ending.FINISHES;
  }

  /** Where bytes are cut, mostly nowhere. */
  static List<Integer> cuts(SplittableRandom random, int length) {
    int count =
        switch (random.nextInt(20)) {
          case 0 -> 40;
          case 1, 2, 3, 4, 5, 6 -> 1 + random.nextInt(4);
          default -> 0;
        };
    return random.ints(count, 0, length + 1).sorted().boxed().toList();
  }
}
