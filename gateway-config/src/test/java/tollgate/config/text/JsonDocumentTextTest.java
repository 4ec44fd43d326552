package tollgate.config.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDocumentTextTest {
  private static ParsedText parse(String text) {
    return YamlText.parseNamed("f.json", text.getBytes(UTF_8), 100);
  }

  @Test
  void keepsLexemesAndPlaces() {
    ParsedText parsed =
        parse("{\n \"é😀\": [1.50, \"a\\u0041\\n\\\"\\/\\uD83D\\uDE00\", true, null], \"b\": {}}");

    assertThat(parsed.problems()).isEmpty();
    MapNode root = (MapNode) parsed.documents().getFirst();
    ListNode list = (ListNode) root.entries().getFirst().value();
    assertThat(root.entries().getFirst().key()).isEqualTo("é😀");
    assertThat(list.items().getFirst())
        .isEqualTo(
            new ScalarNode(new Location("f.json", 2, 9), "1.50", "1.50", ScalarNode.Form.PLAIN));
    assertThat(((ScalarNode) list.items().get(1)).text()).isEqualTo("aA\n\"/😀");
    assertThat(((ScalarNode) list.items().get(1)).form()).isEqualTo(ScalarNode.Form.QUOTED);
    assertThat(((ScalarNode) list.items().get(3)).isNull()).isTrue();
    assertThat(root.entries().get(1).location()).isEqualTo(new Location("f.json", 2, 57));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{|f.json:1:2 JSON syntax: the file ends (expected: a name in quotes)",
        "[1,]|f.json:1:4 [1]: JSON syntax: \"]\" (expected: a value)",
        "[1 2]|f.json:1:4 [1]: JSON syntax: \"2\" (expected: a comma or ])",
        "{\"a\":1,}|f.json:1:8 JSON syntax: \"}\" (expected: a name in quotes)",
        "{\"a\" 1}|f.json:1:6 a: JSON syntax: \"1\" (expected: a colon)",
        "{\"a\":1,\"a\":2}|f.json:1:8 JSON syntax: \"a\" is there twice",
        "[\"a|f.json:1:4 [0]: JSON syntax: the file ends (expected: the end of a string)",
        "[\"\\x\"]|f.json:1:4 [0]: JSON syntax: \"x\" (expected: an escape)",
        "[]x|f.json:1:3 JSON syntax: \"x\" (expected: the end)",
        "{}{}|f.json:1:3 JSON syntax: \"{\" (expected: the end)"
      })
  void saysWhereItIsNoJson(String text, String problem) {
    ParsedText parsed = parse(text);
    assertThat(parsed.complete()).isFalse();
    assertThat(parsed.problems())
        .extracting(one ->
            one.location() + (one.path().isEmpty() ? " " : " " + one.path() + ": ") + one.message())
        .containsExactly(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[01]",
        "[1.]",
        "[.5]",
        "[1e]",
        "[+1]",
        "[-]",
        "[NaN]",
        "[tru]",
        "['a']",
        "[\"\\u12g4\"]",
        "[\"\t\"]",
        "[1,,2]",
        "{1:2}",
        "[",
        "[\"\\uD8\"]",
        "{\"a\":}",
        "[1]]",
        "[nulll]",
        "[1e+]"
      })
  void refusesWhatIsNoJson(String text) {
    assertThat(parse(text).problems()).hasSize(1);
  }

  @Test
  void refusesDeepNestingWithoutRecursion() {
    assertThat(parse("[".repeat(200_000)).problems())
        .extracting(TextProblem::message)
        .containsExactly("JSON syntax: nested deeper than 100 levels");
    assertThat(parse("[".repeat(100) + "]".repeat(100)).problems()).isEmpty();
  }

  @Test
  void readsOtherTextsAsYaml() {
    assertThat(parse("a: b").documents()).hasSize(1);
    assertThat(parse("true").documents().getFirst()).isInstanceOf(ScalarNode.class);
    assertThat(parse("a: *b").problems()).isNotEmpty();
  }
}
