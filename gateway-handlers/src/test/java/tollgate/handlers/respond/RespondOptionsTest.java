package tollgate.handlers.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.http.FieldName;
import tollgate.handlers.testing.PolicyText;

class RespondOptionsTest {
  @Test
  void defaultsToAnEmptyOk() {
    RespondOptions defaults = new RespondOptions(200, Map.of(), "", null);

    assertThat(options("respond: {}")).isEqualTo(defaults);
    assertThat(options("respond:")).isEqualTo(defaults);
  }

  @Test
  void readsEveryKey() {
    assertThat(
            options(
                "respond: {status: 503, headers: {Retry-After: 120}, body: \"{}\", contentType: application/json}"))
        .isEqualTo(
            new RespondOptions(
                503, Map.of(FieldName.RETRY_AFTER, "120"), "{}", "application/json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"100", "101", "199", "600", "0", "ok", "\"200\""})
  void refusesStatusesThatAreNoFinalAnswer(String status) {
    assertThat(PolicyText.problems("respond: {status: " + status + "}"))
        .startsWith("request[0].respond.status: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 205, 304})
  void refusesABodyWhereNoneMayBe(int status) {
    assertThat(PolicyText.problems("respond: {status: " + status + ", body: x}"))
        .startsWith("request[0].respond.body: stands beside the status " + status);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RespondOptions(status, Map.of(), "x", null));
  }

  @Test
  void refusesContentTypeAmongTheHeaders() {
    assertThat(PolicyText.problems("respond: {headers: {content-type: text/plain}}"))
        .contains("contentType");
  }

  @Test
  void refusesFieldsThatAreTheGatewaysOwn() {
    assertThat(PolicyText.problems("respond: {headers: {Content-Length: 5}}"))
        .contains("frames the message");
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "text/", "text/plain\\nX-Evil: 1", "/json"})
  void refusesMediaTypesThatAreNone(String type) {
    assertThat(PolicyText.problems("respond: {body: x, contentType: \"" + type + "\"}"))
        .startsWith("request[0].respond.contentType: ");
  }

  private static RespondOptions options(String step) {
    return PolicyText.options(RespondOptions.class, step);
  }
}
