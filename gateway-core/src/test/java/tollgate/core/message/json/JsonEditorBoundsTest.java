package tollgate.core.message.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import tollgate.core.message.MalformedPayloadException;

/** One value in many places makes no document that nobody could hold. */
class JsonEditorBoundsTest {
  private static final JsonDocument MANY = JsonParser.parse("[" + "{},".repeat(9_999) + "{}]");
  private static final JsonPath ALL = JsonPath.compile("$[*]");

  @Test
  void refusesToMakeMoreThanIsHeld() {
    JsonDocument large = JsonParser.parse("{\"a\":\"" + "x".repeat(7000) + "\"}");
    assertThatExceptionOfType(MalformedPayloadException.class)
        .isThrownBy(() -> JsonEditor.set(MANY, ALL, large))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(MalformedPayloadException.Kind.TOO_COMPLEX));
    assertThatExceptionOfType(MalformedPayloadException.class)
        .isThrownBy(() -> JsonEditor.merge(MANY, ALL, large));
  }

  @Test
  void makesWhatIsBelow() {
    JsonDocument small = JsonParser.parse("{\"a\":1}");
    assertThat(JsonEditor.set(MANY, ALL, small).size(JsonDocument.ROOT)).isEqualTo(10_000);
  }
}
