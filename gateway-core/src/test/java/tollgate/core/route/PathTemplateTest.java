package tollgate.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {
  @Test
  void namesItsParametersInOrder() {
    PathTemplate template = PathTemplate.parse("/orders/{orderId}/files/{path*}");
    assertThat(template.parameters()).containsExactly("orderId", "path");
    assertThat(template.text()).isEqualTo("/orders/{orderId}/files/{path*}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "/a//b",
        "/{}",
        "/{*}",
        "/{a}/{a}",
        "/{a*}/b",
        "/{a*}/",
        "/x{a}",
        "/{a}.json",
        "/{a}{b}",
        "/{a",
        "/a}",
        "/{a b}",
        "/*",
        "/a/*",
        "/..",
        "/a%2Fb",
        "/a;b",
        "/a?b",
        "/a#b",
      })
  void saysWhatIsWrong(String text) {
    assertThat(PathTemplate.problem(text)).isNotNull();
    assertThatThrownBy(() -> PathTemplate.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a", "/a/", "/{a}", "/{a}/", "/{a*}", "/a.b/%41", "/caf\u00e9/a b"})
  void findsNothingWrong(String text) {
    assertThat(PathTemplate.problem(text)).isNull();
  }

  @Test
  void shapeForgetsNamesAndSpelling() {
    assertThat(PathTemplate.parse("/%41/{x}/{y*}").shape())
        .isEqualTo(PathTemplate.parse("/A/{a}/{b*}").shape());
    assertThat(PathTemplate.parse("/caf\u00e9").shape())
        .isEqualTo(PathTemplate.parse("/caf%c3%a9").shape());
    assertThat(PathTemplate.parse("/a").shape()).isNotEqualTo(PathTemplate.parse("/a/").shape());
  }
}
