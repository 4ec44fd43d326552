package tollgate.core.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "application/json|application/json|-|application/json",
        "Application/JSON|application/json|-|application/json",
        "application/hal+json; charset=UTF-8|application/hal+json|json|"
            + "application/hal+json; charset=UTF-8",
        "application/soap+xml;action=\"urn:a b\"|application/soap+xml|xml|"
            + "application/soap+xml; action=\"urn:a b\"",
        "a/b ; X=\"\\\"\\\\\" ;; y=z;|a/b|-|a/b; x=\"\\\"\\\\\"; y=z",
        "application/json+|application/json+|-|application/json+",
        "application/+json|application/+json|-|application/+json",
        "a/b+c+d|a/b+c+d|d|a/b+c+d",
        "*/*|*/*|-|*/*",
        "a/b; q=\"\"|a/b|-|a/b; q=\"\"",
      })
  void readsTypesWithoutCase(String text, String essence, @Nullable String suffix, String written) {
    MediaType type = MediaType.of(text);
    assertThat(type.essence()).isEqualTo(essence);
    assertThat(type.suffix()).isEqualTo(suffix);
    assertThat(type.toString()).isEqualTo(written);
    assertThat(type.type() + "/" + type.subtype()).isEqualTo(essence);
    assertThat(MediaType.of(written)).isEqualTo(type).hasSameHashCodeAs(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "json",
        "/json",
        "application/",
        "application /json",
        "application/ json",
        "application/json, text/xml",
        "application/json charset=utf-8",
        "a/b;charset",
        "a/b;charset=",
        "a/b; charset =utf-8",
        "a/b; charset= utf-8",
        "a/b;charset=\"utf-8",
        "a/b;charset=utf-8;charset=utf-7",
        "a/b;charset=utf-8;CHARSET=utf-8",
        "a/b;=x",
        "a/b;x=\"\\",
        "a/b;x=\"\u0001\"",
        "\u00e9/b",
        "a/b;x=\u00e9",
        "a/b;x=\"a\"b",
        "a/b/c",
        "a/b;x=\"\n\"",
        "a/b;x=\"\u0100\"",
      })
  void whatCouldBeReadInTwoWaysIsNone(String text) {
    assertThat(MediaType.parse(text)).isNull();
    assertThatThrownBy(() -> MediaType.of(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void parametersAreSetAndTakenAway() {
    MediaType type = MediaType.of("text/plain; a=1; charset=utf-8");
    assertThat(type.parameter("charset")).isEqualTo("utf-8");
    assertThat(type.parameter("b")).isNull();
    assertThat(type.with("charset", "x y")).hasToString("text/plain; a=1; charset=\"x y\"");
    assertThat(type.without("a").without("charset")).isEqualTo(MediaType.TEXT);
    assertThatThrownBy(() -> type.with("a", "\r\n")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> type.with("A", "x")).isInstanceOf(IllegalArgumentException.class);
  }
}
