package tollgate.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryEditorTest {
  private static final QueryEditor REMOVE = editor(Map.of(), "debug", "a b", "ü", "x=y");

  @ParameterizedTest
  @CsvSource({
    "debug=1,",
    "debug,",
    "debug=1&debug=2,",
    "a=1&debug=1,a=1",
    "debug=1&a=1,a=1",
    "a=1&debug=1&b=2,a=1&b=2",
    "a=1&debug&b=2&debug=&c,a=1&b=2&c",
    "%64ebug=1&c=3,c=3",
    "a+b=1&c=3,c=3",
    "a%20b=1&c=3,c=3",
    "%C3%bc=1&c=3,c=3",
    "x%3Dy=1&c=3,c=3",
    "x=y&c=3,x=y&c=3",
    "Debug=1,Debug=1",
    "debugger=1&deb=2,debugger=1&deb=2",
    "a=debug,a=debug",
    "%6=1&%zz=2,%6=1&%zz=2",
    "&&a=1&,&&a=1&",
  })
  void removesParametersHoweverTheyAreWritten(String query, String kept) {
    assertThat(REMOVE.edit(query)).isEqualTo(kept);
  }

  @Test
  void leavesAQueryThatHasNoneOfThemAsItIs() {
    String query = "b=%7e&a=1+2";

    assertThat(REMOVE.edit(query)).isSameAs(query);
    assertThat(REMOVE.edit(null)).isNull();
    assertThat(REMOVE.edit("")).isEmpty();
  }

  @Test
  void setsParametersAtTheEnd() {
    Map<String, String> set = new LinkedHashMap<>();
    set.put("lang", "en");
    set.put("q", "a&b=c d+ü/");
    QueryEditor editor = editor(set, "debug");

    String appended = "lang=en&q=a%26b%3Dc%20d%2B%C3%BC%2F";
    assertThat(editor.edit(null)).isEqualTo(appended);
    assertThat(editor.edit("")).isEqualTo(appended);
    assertThat(editor.edit("lang=de&debug=1")).isEqualTo(appended);
    assertThat(editor.edit("lang=de&x=%41&lang=fr")).isEqualTo("x=%41&" + appended);
  }

  private static QueryEditor editor(Map<String, String> set, String... remove) {
    return new QueryEditor(set, List.of(remove));
  }
}
