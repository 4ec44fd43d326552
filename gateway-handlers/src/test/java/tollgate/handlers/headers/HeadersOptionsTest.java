package tollgate.handlers.headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.http.FieldName;
import tollgate.handlers.testing.PolicyText;

class HeadersOptionsTest {
  private static final FieldName A = FieldName.of("X-A");

  @Test
  void defaultsToNoEdits() {
    assertThat(options("headers: {remove: [X-A]}"))
        .isEqualTo(new HeadersOptions(Map.of(), Map.of(), List.of(A)));
    assertThat(options("headers: {set: {X-A: 1}}"))
        .isEqualTo(new HeadersOptions(Map.of(A, "1"), Map.of(), List.of()));
  }

  @Test
  void readsEveryKey() {
    assertThat(options("headers: {set: {X-B: true}, add: {X-C: \"\"}, remove: [X-A]}"))
        .isEqualTo(
            new HeadersOptions(
                Map.of(FieldName.of("X-B"), "true"), Map.of(FieldName.of("X-C"), ""), List.of(A)));
  }

  @Test
  void refusesAStepThatEditsNothing() {
    assertThat(PolicyText.problems("headers: {}")).contains("edits nothing");
    assertThat(PolicyText.problems("headers:")).contains("edits nothing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length",
        "transfer-encoding",
        "Transfer_Encoding",
        "Trailer",
        "Connection",
        "Keep-Alive",
        "Proxy-Connection",
        "Proxy-Authorization",
        "TE",
        "Upgrade",
        "HTTP2-Settings",
        "Host",
        "Expect",
        "X-Forwarded-For",
        "x_forwarded_proto",
        "Forwarded"
      })
  void refusesFieldsThatAreTheGatewaysOwn(String name) {
    for (String step :
        List.of(
            "headers: {set: {" + name + ": a}}",
            "headers: {add: {" + name + ": a}}",
            "headers: {remove: [" + name + "]}")) {
      assertThat(PolicyText.problems(step)).contains("\"" + name + "\"").contains("(expected: ");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HeadersOptions(Map.of(), Map.of(), List.of(FieldName.of(name))))
        .withMessageStartingWith(name);
  }

  @Test
  void saysWhatIsWrongWithAFramingField() {
    assertThat(PolicyText.problems("headers: {set: {Content-Length: 5}}"))
        .isEqualTo(
            "request[0].headers.set.Content-Length: \"Content-Length\" frames the message and is the gateway's own (expected: another header)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a\\r\\nX-Evil: 1\"", "\"a\\0\"", "\"\\u20ac\"", "\" a\"", "\"a\\t\""})
  void refusesValuesThatCannotBeSent(String value) {
    assertThat(PolicyText.problems("headers: {set: {X-A: " + value + "}}"))
        .contains("request[0].headers.set.X-A");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X A", "X:A", "Grün", "\"\""})
  void refusesNamesThatAreNone(String name) {
    assertThat(PolicyText.problems("headers: {remove: [\"" + name.replace("\"", "") + "\"]}"))
        .contains("request[0].headers.remove[0]");
  }

  @Test
  void refusesTheSameNameTwiceInAnyCase() {
    assertThat(PolicyText.problems("headers: {set: {X-A: 1, x-a: 2}}")).contains("is there twice");
    assertThat(PolicyText.problems("headers: {remove: [X-A, x-a]}")).contains("is there twice");
  }

  @Test
  void namesTheNearestKey() {
    assertThat(PolicyText.problems("headers: {removes: [X-A]}")).contains("\"remove\"");
  }

  private static HeadersOptions options(String step) {
    return PolicyText.options(HeadersOptions.class, step);
  }
}
