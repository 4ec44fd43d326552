package tollgate.core.message.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonEditorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1.0,\"b\":2}|$.a|9|{\"a\":9,\"b\":2}",
        "{\"a\":1}|$.b|[1e400]|{\"a\":1,\"b\":[1e400]}",
        "{}|$.a.b.c|null|{\"a\":{\"b\":{\"c\":null}}}",
        "{}|$.a[0].b|1|{\"a\":[{\"b\":1}]}",
        "{}|$.a[1]|1|{}",
        "[1,2]|$[2]|3|[1,2,3]",
        "[1,2]|$[3]|3|[1,2]",
        "[1,2]|$[-1]|3|[1,3]",
        "[]|$[0]|3|[3]",
        "{\"a\":1}|$.a.b|2|{\"a\":1}",
        "{\"a\":[1,2]}|$.a.b|2|{\"a\":[1,2]}",
        "[1,[1],{\"a\":1}]|$..[?@==1]|\"x\"|[\"x\",[\"x\"],{\"a\":\"x\"}]",
        "[1,[1]]|$[*]|0|[0,0]",
        "{\"a\":1}|$.x[*]|2|{\"a\":1}",
        "{\"a\":1}|$|{\"b\":2}|{\"b\":2}",
        "{\"\\u0061\":1,\"b\":\"\\/\"}|$.a|2|{\"\\u0061\":2,\"b\":\"\\/\"}",
        "{ \"a\" : [ 1 , 2 ] }|$.b|3|{\"a\":[1,2],\"b\":3}",
        "1|$.a|2|1",
        "{}|$['a\\u0000\"']|1|{\"a\\u0000\\\"\":1}",
        "{}|$.__proto__|1|{\"__proto__\":1}",
      })
  void sets(String json, String path, String value, String result) {
    assertThat(
            JsonEditor.set(JsonParser.parse(json), JsonPath.compile(path), JsonParser.parse(value)))
        .hasToString(result);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"b\":2,\"c\":3}|$.a|{\"b\":2,\"c\":3}",
        "{\"a\":1,\"b\":2,\"c\":3}|$.b|{\"a\":1,\"c\":3}",
        "{\"a\":1,\"b\":2,\"c\":3}|$.c|{\"a\":1,\"b\":2}",
        "{\"a\":1}|$.a|{}",
        "[1,2,3]|$[0,2]|[2]",
        "[1,2,3]|$[*]|[]",
        "[[1],[2]]|$[*][*]|[[],[]]",
        "{\"a\":{\"b\":1}}|$..*|{}",
        "[1]|$|null",
        "[1]|$.a|[1]",
        "[{\"secret\":1,\"a\":{\"secret\":[1]}},2]|$..secret|[{\"a\":{}},2]",
      })
  void removes(String json, String path, String result) {
    assertThat(JsonEditor.remove(JsonParser.parse(json), JsonPath.compile(path)))
        .hasToString(result);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"b\":{\"a\":2}}|$.a|x|{\"x\":1,\"b\":{\"a\":2}}",
        "{\"a\":1,\"b\":{\"a\":2}}|$..a|x|{\"x\":1,\"b\":{\"x\":2}}",
        "{\"a\":1,\"b\":2}|$.a|b|{\"b\":1}",
        "{\"a\":1,\"b\":2}|$.b|a|{\"a\":2}",
        "{\"a\":1,\"b\":2}|$.*|c|{\"c\":1}",
        "{\"a\":1}|$.a|a|{\"a\":1}",
        "[1,{\"a\":1}]|$[0]|x|[1,{\"a\":1}]",
        "[[{\"b\":[1]},7],8]|$..*|x|[[{\"x\":[1]},7],8]",
        "{\"a\":{\"a\":{\"a\":1}}}|$..a|x|{\"x\":{\"x\":{\"x\":1}}}",
        "{\"a\":1}|$|x|{\"a\":1}",
      })
  void renames(String json, String path, String name, String result) {
    assertThat(JsonEditor.rename(JsonParser.parse(json), JsonPath.compile(path), name))
        .hasToString(result);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"b\":{}}|$.a|$.b.c|{\"b\":{\"c\":1}}",
        "{\"a\":{\"x\":1.0}}|$.a|$.a.b|{\"a\":{\"b\":{\"x\":1.0}}}",
        "{\"a\":[1,2]}|$.a[0]|$.first|{\"a\":[2],\"first\":1}",
        "{\"a\":1}|$.b|$.c|{\"a\":1}",
        "{\"a\":1,\"b\":2}|$.a|$.b.c|{\"a\":1,\"b\":2}",
        "{\"a\":1,\"b\":2}|$.a|$|1",
      })
  void moves(String json, String from, String to, String result) {
    assertThat(
            JsonEditor.move(JsonParser.parse(json), JsonPath.compile(from), JsonPath.compile(to)))
        .hasToString(result);
  }

  /** The first are those of RFC 7396, appendix A. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":\"b\"}|$|{\"a\":\"c\"}|{\"a\":\"c\"}",
        "{\"a\":\"b\"}|$|{\"b\":\"c\"}|{\"a\":\"b\",\"b\":\"c\"}",
        "{\"a\":\"b\"}|$|{\"a\":null}|{}",
        "{\"a\":\"b\",\"b\":\"c\"}|$|{\"a\":null}|{\"b\":\"c\"}",
        "{\"a\":[\"b\"]}|$|{\"a\":\"c\"}|{\"a\":\"c\"}",
        "{\"a\":\"c\"}|$|{\"a\":[\"b\"]}|{\"a\":[\"b\"]}",
        "{\"a\":{\"b\":\"c\"}}|$|{\"a\":{\"b\":\"d\",\"c\":null}}|{\"a\":{\"b\":\"d\"}}",
        "{\"a\":[{\"b\":\"c\"}]}|$|{\"a\":[1]}|{\"a\":[1]}",
        "[\"a\",\"b\"]|$|[\"c\",\"d\"]|[\"c\",\"d\"]",
        "{\"a\":\"b\"}|$|[\"c\"]|[\"c\"]",
        "{\"a\":\"foo\"}|$|null|null",
        "{\"a\":\"foo\"}|$|\"bar\"|\"bar\"",
        "{\"e\":null}|$|{\"a\":1}|{\"e\":null,\"a\":1}",
        "[1,2]|$|{\"a\":\"b\",\"c\":null}|{\"a\":\"b\"}",
        "{}|$|{\"a\":{\"bb\":{\"ccc\":null}}}|{\"a\":{\"bb\":{}}}",
        "{\"x\":{\"a\":1}}|$.x|{\"b\":2.0}|{\"x\":{\"a\":1,\"b\":2.0}}",
        "{}|$.x|{\"a\":1,\"b\":null}|{\"x\":{\"a\":1}}",
        "[{\"a\":1},{}]|$[*]|{\"b\":2}|[{\"a\":1,\"b\":2},{\"b\":2}]",
        "[{\"a\":{}}]|$..*|{\"b\":2}|[{\"a\":{},\"b\":2}]",
      })
  void merges(String json, String path, String patch, String result) {
    assertThat(
            JsonEditor.merge(
                JsonParser.parse(json), JsonPath.compile(path), JsonParser.parse(patch)))
        .hasToString(result);
  }

  @Test
  void whatHasNothingToDoGivesBackTheSame() {
    JsonDocument json = JsonParser.parse("{\"a\":[1]}");
    JsonPath none = JsonPath.compile("$.b.c");
    assertThat(JsonEditor.remove(json, none)).isSameAs(json);
    assertThat(JsonEditor.rename(json, none, "x")).isSameAs(json);
    assertThat(JsonEditor.rename(json, JsonPath.compile("$.a"), "a")).isSameAs(json);
    assertThat(JsonEditor.set(json, JsonPath.compile("$.a.b"), json)).isSameAs(json);
    assertThat(JsonEditor.move(json, JsonPath.compile("$.a[0]"), JsonPath.compile("$.a.b")))
        .isSameAs(json);
    assertThatThrownBy(() -> JsonEditor.move(json, JsonPath.compile("$.*"), none))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void depthCostsNoStack() {
    int depth = 50_000;
    JsonDocument deep = JsonParser.parse("{\"a\":".repeat(depth) + "{}" + "}".repeat(depth));
    assertThat(MergePatch.apply(deep, 0, deep)).hasToString(deep.toString());
    JsonPath all = JsonPath.compile("$..a");
    assertThat(JsonEditor.rename(deep, all, "b").toString())
        .isEqualTo("{\"b\":".repeat(depth) + "{}" + "}".repeat(depth));
    assertThat(JsonEditor.remove(deep, all)).hasToString("{}");
  }

  /** Against trees of Java's collections, by pointers to every kind of place. */
  @Test
  void agreesWithEditsOfATree() {
    for (int seed = 0; seed < 2000; seed++) {
      JsonDocument json = JsonParser.parse(new RandomJson(seed, true).next());
      int[] nodes = JsonPath.compile("$..*").select(json, Long.MAX_VALUE);
      if (nodes.length == 0) {
        continue;
      }
      int node = nodes[new Random(seed).nextInt(nodes.length)];
      Rewriting removing = new Rewriting(json);
      removing.change(node, Rewriting.Change.Remove.REMOVE);
      assertThat(removing.run()).hasToString(text(tree(json, JsonDocument.ROOT, node, null)));
      Rewriting replacing = new Rewriting(json);
      replacing.change(node, new Rewriting.Change.Replace(JsonParser.parse("[7]")));
      assertThat(replacing.run()).hasToString(text(tree(json, JsonDocument.ROOT, node, "[7]")));
    }
  }

  private static Object tree(JsonDocument json, int node, int changed, @Nullable String text) {
    if (!json.kind(node).isContainer()) {
      return json.lexeme(node);
    }
    boolean isObject = json.kind(node) == JsonKind.OBJECT;
    Map<String, Object> members = new LinkedHashMap<>();
    List<Object> elements = new ArrayList<>();
    for (int child = json.firstChild(node); child != JsonDocument.NONE; child = json.next(child)) {
      if (child == changed && text == null) {
        continue;
      }
      Object value = child == changed ? text : tree(json, child, changed, text);
      if (isObject) {
        members.put(json.nameLexeme(child), value);
      } else {
        elements.add(value);
      }
    }
    return isObject ? members : elements;
  }

  private static String text(Object tree) {
    if (tree instanceof List<?> list) {
      return list.stream().map(JsonEditorTest::text).collect(Collectors.joining(",", "[", "]"));
    }
    if (tree instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(member -> "\"" + member.getKey() + "\":" + text(member.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    return (String) tree;
  }
}
