package tollgate.it.harness;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every refusal must look like. Any thread. */
public final class Problems {
  private static final JsonMapper JSON = JsonMapper.shared();

  private Problems() {}

  /**
   * Fails unless the answer is one problem (RFC 9457) that tells a caller what to do and nothing
   * about the inside.
   */
  public static JsonNode assertProblem(Response response, int status) {
    assertThat(response.status()).as("%s", response).isEqualTo(status);
    assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(response.isComplete()).as("complete").isTrue();
    JsonNode problem = JSON.readTree(response.body());
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asString("")).isNotEmpty();
    assertThat(problem.path("code").asString("")).isNotEmpty();
    assertThat(problem.path("request_id").asString("")).isNotEmpty();
    assertThat(response.text())
        .doesNotContain(
            "Exception", "tollgate.core", "io.netty", "java.", "127.0.0.1", "localhost");
    assertThat(response.headers().names()).doesNotContain("server", "x-powered-by", "via");
    return problem;
  }

  /** As {@link #assertProblem}, of an answer that must end its connection. */
  public static JsonNode assertLastProblem(Response response, int status) {
    assertThat(response.header("Connection")).isEqualTo("close");
    return assertProblem(response, status);
  }
}
