package tollgate.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tollgate.config.model.BindAddress;
import tollgate.config.model.Cidr;
import tollgate.config.model.DataSize;
import tollgate.config.model.HostPattern;
import tollgate.config.model.OperationMatch;
import tollgate.config.model.PathTemplate;
import tollgate.config.model.Percent;
import tollgate.config.model.TargetUrl;

/**
 * What holds for any input. {@code -Dseed=N} runs another sequence; a failure names the seed of its
 * own case.
 */
final class PropertyTest {
  private static final long SEED = Long.getLong("seed", 20261123);
  private static final int RUNS = 500;
  private static final String SOUP =
      "{}[]:,-#&*!|>'\"%@`~?\\ \n\t${}env:file:/.0123456789azAZ\u00e4\u2028\u0000";

  @Test
  void valuesPrintAsTheyAreRead() {
    everyRun(
        random -> DataSize.ofBytes(random.nextLong(1L << random.nextInt(1, 40))), DataSize::parse);
    everyRun(random -> new Percent(random.nextInt(101)), Percent::parse);
    everyRun(random -> new BindAddress(host(random), random.nextInt(65536)), BindAddress::parse);
    everyRun(
        random -> new TargetUrl(scheme(random), host(random), random.nextInt(1, 65536)),
        TargetUrl::parse);
    everyRun(PropertyTest::cidr, Cidr::parse);
    everyRun(
        random -> new HostPattern(label(random) + "." + label(random), random.nextBoolean()),
        HostPattern::parse);
    everyRun(PropertyTest::match, OperationMatch::parse);
  }

  @Test
  void durationsPrintAsTheyAreRead() {
    for (int run = 0; run < RUNS; run++) {
      SplittableRandom random = new SplittableRandom(SEED + run);
      Duration duration = Duration.ofMillis(random.nextLong(1L << random.nextInt(1, 40)));
      assertThat(DurationText.parse(DurationText.print(duration)))
          .as("seed %d", SEED + run)
          .isEqualTo(duration);
    }
  }

  @Test
  void aBlockHoldsExactlyTheAddressesOfItsPrefix() throws Exception {
    for (int run = 0; run < RUNS; run++) {
      SplittableRandom random = new SplittableRandom(SEED + run);
      Cidr block = cidr(random);
      byte[] address = block.network().getAddress();
      int bit = random.nextInt(address.length * 8);
      address[bit / 8] ^= (byte) (0x80 >> (bit % 8));
      assertThat(block.contains(InetAddress.getByAddress(address)))
          .as("seed %d: %s with bit %d turned", SEED + run, block, bit)
          .isEqualTo(bit >= block.prefix());
    }
  }

  @Test
  void anyTextGivesARecordOrAProblemWithItsPlace() {
    List<String> documents =
        List.of(
            FullConfiguration.GATEWAY,
            FullConfiguration.UPSTREAM,
            FullConfiguration.API,
            FullConfiguration.POLICY);
    List<Kind<?>> kinds = Kind.all(Vocabulary.of(TestSteps.ALL));
    int valid = 0;
    for (int run = 0; run < 4 * RUNS; run++) {
      SplittableRandom random = new SplittableRandom(SEED + run);
      Kind<?> kind = kinds.get(run % kinds.size());
      String text = mutated(documents.get(run % documents.size()), random);
      valid +=
          check(
              SnippetReader.readBlocking(kind.shape(), text, Path.of("/none"), _ -> null),
              text,
              SEED + run);
    }
    assertThat(valid).isBetween(1, 4 * RUNS - 1);
  }

  private static int check(Loaded<?> loaded, String text, long seed) {
    List<Diagnostic> diagnostics =
        switch (loaded) {
          case Loaded.Valid<?> valid -> valid.warnings();
          case Loaded.Invalid<?> invalid -> invalid.problems();
        };
    boolean valid = loaded instanceof Loaded.Valid;
    assertThat(diagnostics.stream().anyMatch(Diagnostic::isError))
        .as("seed %d", seed)
        .isEqualTo(!valid);
    int lines = text.split("\r\n|[\r\n\u0085\u2028\u2029]", -1).length;
    for (Diagnostic diagnostic : diagnostics) {
      assertThat(diagnostic.toString())
          .as("seed %d", seed)
          .doesNotContainPattern("[\\p{Cntrl}\u2028\u2029]")
          .startsWith("snippet");
      assertThat(diagnostic.location().line()).as("seed %d", seed).isBetween(0, lines);
    }
    return valid ? 1 : 0;
  }

  private static String mutated(String text, SplittableRandom random) {
    StringBuilder mutated = new StringBuilder(text);
    for (int edits = random.nextInt(4); edits >= 0; edits--) {
      int from = random.nextInt(mutated.length());
      int to = Math.min(mutated.length(), from + random.nextInt(4));
      String inserted = "";
      for (int i = random.nextInt(3); i > 0; i--) {
        inserted += SOUP.charAt(random.nextInt(SOUP.length()));
      }
      mutated.replace(from, to, inserted);
    }
    return mutated.toString();
  }

  private static <T> void everyRun(Function<SplittableRandom, T> make, Function<String, T> parse) {
    for (int run = 0; run < RUNS; run++) {
      T value = make.apply(new SplittableRandom(SEED + run));
      assertThat(parse.apply(String.valueOf(value))).as("seed %d", SEED + run).isEqualTo(value);
    }
  }

  private static TargetUrl.Scheme scheme(SplittableRandom random) {
    return random.nextBoolean() ? TargetUrl.Scheme.HTTP : TargetUrl.Scheme.HTTPS;
  }

  private static String host(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> label(random) + "." + label(random);
      case 1 -> cidr(random).network().getHostAddress();
      default -> label(random);
    };
  }

  private static String label(SplittableRandom random) {
    StringBuilder label = new StringBuilder("a");
    for (int i = random.nextInt(10); i > 0; i--) {
      label.append("abcz0189_-".charAt(random.nextInt(10)));
    }
    return label.append('z').toString();
  }

  private static Cidr cidr(SplittableRandom random) {
    byte[] address = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(address);
    int prefix = random.nextInt(address.length * 8 + 1);
    for (int bit = prefix; bit < address.length * 8; bit++) {
      address[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
    }
    try {
      return new Cidr(InetAddress.getByAddress(address), prefix);
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static OperationMatch match(SplittableRandom random) {
    List<PathTemplate.Segment> segments = new ArrayList<>();
    int count = random.nextInt(1, 6);
    for (int i = 0; i < count; i++) {
      boolean last = i == count - 1;
      segments.add(
          switch (random.nextInt(last ? 4 : 2)) {
            case 0 -> new PathTemplate.Parameter("p" + i);
            case 1 -> new PathTemplate.Literal(label(random));
            case 2 -> new PathTemplate.Rest("rest");
            default -> new PathTemplate.Literal("");
          });
    }
    String method = random.nextBoolean() ? null : "PATCH";
    return new OperationMatch(method, new PathTemplate(segments));
  }
}
