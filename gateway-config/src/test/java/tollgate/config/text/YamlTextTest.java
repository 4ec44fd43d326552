package tollgate.config.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class YamlTextTest {

  @Test
  void keepsThePlaceOfEveryNode() {
    MapNode map = (MapNode) documents("a: 1\nb:\n  - x\n  - {c: \"y\"}\n").getFirst();

    assertThat(map.location()).hasToString("f.yaml:1:1");
    assertThat(map.entries().get(1).location()).hasToString("f.yaml:2:1");
    ListNode list = (ListNode) map.entries().get(1).value();
    assertThat(list.items().getFirst().location()).hasToString("f.yaml:3:5");
    MapNode inner = (MapNode) list.items().getLast();
    assertThat(inner.value("c"))
        .isEqualTo(new ScalarNode(new Location("f.yaml", 4, 9), "y", "y", ScalarNode.Form.QUOTED));
  }

  @Test
  void countsColumnsInCodePoints() {
    assertThat(documents("\uFEFF{\"\uD83D\uDE00\": x}")).hasSize(1);
    MapNode map = (MapNode) documents("{\"\uD83D\uDE00\": x}").getFirst();
    assertThat(map.entries().getFirst().value().location()).hasToString("f.yaml:1:7");
  }

  @Test
  void readsSeveralDocumentsAndSkipsEmptyOnes() {
    assertThat(documents("---\n# nothing\n---\na: 1\n---\n...\n---\nb: 2\n")).hasSize(2);
    assertThat(documents("")).isEmpty();
  }

  @Test
  void refusesAliasesWithoutExpandingThem() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }

    assertThat(problems(bomb.toString()))
        .hasSize(160 - 3)
        .startsWith(
            "f.yaml:1:5 a0 anchor &a0 is refused (aliases are not supported)",
            "f.yaml:2:5 a1 anchor &a1 is refused (aliases are not supported)",
            "f.yaml:2:10 a1[0] alias *a0 is refused (write the value out)");
  }

  @Test
  void refusesTags() {
    assertThat(problems("a: !!java.net.URL [\"http://x\"]\nb: !!str x\nc: !custom {}\n"))
        .containsExactly(
            "f.yaml:1:4 a tag \"tag:yaml.org,2002:java.net.URL\" is refused (expected: a plain value)",
            "f.yaml:2:4 b tag \"tag:yaml.org,2002:str\" is refused (expected: a plain value)",
            "f.yaml:3:4 c tag \"!custom\" is refused (expected: a plain value)");
  }

  @Test
  void refusesDuplicateAndStructuredKeys() {
    assertThat(problems("a: 1\nb: {x: 1, x: 2}\na: 2\n? [k]\n: 3\n"))
        .containsExactly(
            "f.yaml:2:11 b.x duplicate key (first at f.yaml:2:5)",
            "f.yaml:3:1 a duplicate key (first at f.yaml:1:1)",
            "f.yaml:4:3  a list or map as a key is refused (expected: a plain key)");
  }

  @Test
  void refusesTabsInTheIndentation() {
    assertThat(problems("a:\n\tb: 1\n"))
        .containsExactly("f.yaml:2:1  tab in the indentation (expected: spaces)");
    assertThat(problems("a:\n  \tb: 1\n"))
        .containsExactly("f.yaml:2:3  tab in the indentation (expected: spaces)");
    assertThat(problems("a: \"x\ty\" # z\t\n")).isEmpty();
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[] latin = "a: 1\nb: gr\u00FC\u00DFe\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(YamlText.parse("f.yaml", latin).problems().getFirst().location())
        .hasToString("f.yaml:2:6");
    assertThat(YamlText.parse("f.yaml", "a: 1\n".getBytes(StandardCharsets.UTF_16)).problems())
        .hasSize(1);
    assertThat(problems("a: \u0001\n"))
        .containsExactly("f.yaml:1:4  character U+0001 is not allowed in YAML");
  }

  @Test
  void refusesDeepNestingAndLargeFiles() {
    assertThat(problems("[".repeat(100_000)))
        .containsExactly("f.yaml:1:65 %s nested deeper than 64 levels".formatted("[0]".repeat(64)));
    assertThat(problems("- ".repeat(100_000)).getFirst()).contains("nested deeper");
    ParsedText huge = YamlText.parse("f.yaml", new byte[50 * 1024 * 1024]);
    assertThat(huge.problems().getFirst().message())
        .isEqualTo("is larger than 8388608 bytes (expected: several smaller files)");
    assertThat(huge.complete()).isFalse();
  }

  @Test
  void reportsSyntaxErrorsWithTheirPlaceAndKeepsEarlierDocuments() {
    ParsedText parsed = parse("a: 1\n---\nb: {x: 1\nc: 2\n");

    assertThat(parsed.documents()).hasSize(1);
    assertThat(parsed.complete()).isFalse();
    assertThat(parsed.problems().getFirst().message())
        .startsWith("YAML syntax: ")
        .doesNotContain("\n");
    assertThat(parsed.problems().getFirst().location().line()).isEqualTo(4);
  }

  @Test
  void givesUpAfterAThousandProblems() {
    assertThat(parse("[" + "*a, ".repeat(100_000) + "]").problems()).hasSize(1000);
  }

  private static ParsedText parse(String text) {
    return YamlText.parse("f.yaml", text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<ConfigNode> documents(String text) {
    ParsedText parsed = parse(text);
    assertThat(parsed.problems()).isEmpty();
    return parsed.documents();
  }

  private static List<String> problems(String text) {
    return parse(text).problems().stream()
        .map(p -> p.location() + " " + p.path() + " " + p.message())
        .toList();
  }
}
