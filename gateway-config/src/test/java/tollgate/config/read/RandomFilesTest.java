package tollgate.config.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tollgate.config.text.Repeats;
import tollgate.config.text.Resolver;

/**
 * D9: whatever bytes are in a file, they are documents or problems with their place; nothing is
 * thrown. {@code -Dseed=N -Dcases=1} repeats one.
 */
final class RandomFilesTest {
  private static final long SEED = Long.getLong("seed", 20261125);
  private static final int RUNS = Integer.getInteger("cases", 3000);
  private static final Path FILE = Path.of("conf.d", "some.yaml");
  private static final List<Kind<?>> KINDS = Kind.all(Vocabulary.of(TestSteps.ALL));
  private static final List<String> PIECES =
      List.of(
          FullConfiguration.API,
          FullConfiguration.UPSTREAM,
          FullConfiguration.POLICY,
          FullConfiguration.GATEWAY,
          "---\n",
          "...\n",
          "kind: ",
          "name: x\n",
          "[",
          "{",
          "]",
          "}",
          "- ",
          "? ",
          "<<: *a\n",
          "&a ",
          "*a",
          "!!java.net.URL ",
          "!!binary ",
          "|\n  ",
          ">-\n  ",
          "\t",
          "%YAML 1.2\n",
          "%TAG ! x\n",
          "\"\\x0",
          "'",
          "# ",
          "${env:X}",
          "${file:/dev/null}",
          "${",
          ": ",
          "\u0000",
          "\u00ff\u00fe",
          "\u00ef\u00bb\u00bf",
          "\u00c3",
          "\u0085",
          "\u00e2\u0080\u00a8",
          "\u00ed\u00a0\u0080",
          "1e999999",
          "0x7fffffffffffffffff",
          ".inf",
          "2026-11-25T00:00:00Z",
          "[".repeat(5000),
          "{a: ".repeat(2000),
          "- ".repeat(3000),
          "a".repeat(20_000));

  @Test
  void anyBytesGiveDocumentsOrLocatedProblems() {
    for (long seed = SEED; seed < SEED + RUNS; seed++) {
      byte[] content = content(new SplittableRandom(seed));
      try {
        check(content);
      } catch (AssertionError | RuntimeException | StackOverflowError e) {
        String text = new String(content, ISO_8859_1);
        fail(
            "-Dseed=" + seed + " -Dcases=1: " + text.substring(0, Math.min(2000, text.length())),
            e);
      }
    }
  }

  static void check(byte[] content) {
    Path root = Path.of("/none");
    FileReading.Result result =
        new FileReading(KINDS, root, new Repeats())
            .read(
                new ConfigFolder.ConfigFile(FILE, false),
                content,
                new Resolver(_ -> null, new RootFiles(root)));
    int lines = new String(content, UTF_8).split("\r\n|[\r\n\u0085\u2028\u2029]", -1).length;
    for (Diagnostic diagnostic : result.diagnostics()) {
      assertThat(diagnostic.toString())
          .startsWith(FILE.toString())
          .doesNotContainPattern("[\\p{Cntrl}\u2028\u2029]");
      assertThat(diagnostic.location().line()).isBetween(0, lines);
    }
    if (result.documents().isEmpty()) {
      // Nothing but blanks and comments is a file without documents, and no problem.
      assertThat(result.complete() || !result.diagnostics().isEmpty()).isTrue();
    }
  }

  private static byte[] content(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int pieces = random.nextInt(6); pieces >= 0; pieces--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    for (int edits = random.nextInt(4); edits > 0; edits--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.setLength(Math.max(1, at));
        default -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
      }
    }
    return text.toString().getBytes(ISO_8859_1);
  }
}
