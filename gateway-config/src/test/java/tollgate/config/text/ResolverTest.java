package tollgate.config.text;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ResolverTest {
  private static final Location PLACE = new Location("f.yaml", 1, 1);

  private final Resolver resolver =
      new Resolver(
          Map.of("X", "one", "EMPTY", "", "LOOP", "${env:X}")::get,
          path -> {
            if (!path.equals("secret")) {
              throw new IOException("no such file");
            }
            return "hunter2";
          });

  @Test
  void replacesVariablesFilesAndDefaults() {
    assertThat(resolve("a${env:X}b${file:secret}c")).isEqualTo("aonebhunter2c");
    assertThat(resolve("${env:NONE:-two}")).isEqualTo("two");
    assertThat(resolve("${env:NONE:-}")).isEmpty();
    assertThat(resolve("${env:EMPTY:-three}")).isEqualTo("three");
    assertThat(resolve("${env:EMPTY}")).isEmpty();
    assertThat(resolve("${env:X:-two}")).isEqualTo("one");
    assertThat(resolver.lookedUp().keySet())
        .contains(
            new Substitution(Substitution.Source.FILE, "secret"),
            new Substitution(Substitution.Source.ENV, "NONE"));
  }

  @Test
  void neverLooksAgainAtWhatItPutIn() {
    assertThat(resolve("${env:LOOP}")).isEqualTo("${env:X}");
  }

  @Test
  void leavesOtherBracesAndEscapesAlone() {
    assertThat(resolve("$${env:X} ${claims.sub} ${header:X-Id} {x} $"))
        .isEqualTo("${env:X} ${claims.sub} ${header:X-Id} {x} $");
    assertThat(resolver.problems()).isEmpty();
  }

  @Test
  void marksWhatWasResolved() {
    assertThat(((ScalarNode) resolver.resolve(scalar("${env:X}"))).form())
        .isEqualTo(ScalarNode.Form.RESOLVED);
    assertThat(((ScalarNode) resolver.resolve(scalar("$${x}"))).form())
        .isEqualTo(ScalarNode.Form.PLAIN);
    assertThat(resolver.resolve(scalar("${file:secret}"))).hasToString("${file:secret}");
    assertThat(resolver.lookedUp().toString()).doesNotContain("hunter2");
  }

  @Test
  void reportsWhatCannotBeResolvedWithItsPath() {
    MapNode map =
        new MapNode(
            PLACE,
            List.of(
                new MapNode.Entry(
                    "a", PLACE, new ListNode(PLACE, List.of(scalar("x"), scalar("${env:NONE}"))))));
    MapNode resolved = (MapNode) resolver.resolve(map);

    assertThat(resolver.problems())
        .containsExactly(
            new TextProblem(PLACE, "a[1]", "\"${env:NONE}\" is not set in the environment"));
    ListNode list = (ListNode) requireNonNull(resolved.value("a"));
    assertThat(((ScalarNode) list.items().getLast()).isBroken()).isTrue();
  }

  @Test
  void reportsMissingFilesMisspeltSchemesAndUnclosedBraces() {
    for (String text : List.of("${file:none}", "${evn:X}", "${env:X", "${env:}", "${FILE:x}")) {
      resolver.resolve(scalar(text));
    }
    assertThat(resolver.problems().stream().map(TextProblem::message))
        .containsExactly(
            "\"${file:none}\" cannot be read: no such file",
            "\"${evn:X}\" is no substitution (expected ${env:NAME}, ${env:NAME:-default} or ${file:path})",
            "\"${env:X\" is incomplete (expected ${env:NAME}, ${env:NAME:-default} or ${file:path})",
            "\"${env:}\" is incomplete (expected ${env:NAME}, ${env:NAME:-default} or ${file:path})",
            "\"${FILE:x}\" is no substitution (expected ${env:NAME}, ${env:NAME:-default} or ${file:path})");
  }

  private String resolve(String text) {
    return ((ScalarNode) resolver.resolve(scalar(text))).text();
  }

  private static ScalarNode scalar(String text) {
    return new ScalarNode(PLACE, text, text, ScalarNode.Form.PLAIN);
  }
}
