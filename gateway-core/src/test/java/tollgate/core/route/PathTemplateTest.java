package tollgate.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.config.model.PathTemplate;
import tollgate.core.http.CanonicalPath;

/** What the configuration takes for a path is spelled as the paths of requests are. */
class PathTemplateTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a",
        "/a/",
        "/a.b/~c",
        "/caf%C3%A9/a%20b",
        "/...",
        "/.a",
        "/$&'()+,=:@!",
        "/%3Ca%3E"
      })
  void aLiteralTemplateIsACanonicalPath(String text) {
    assertThat(CanonicalPath.of(PathTemplate.parse(text).text())).isEqualTo(text);
  }
}
