package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** E11: what can be learnt of the inside from the outside. */
final class ExposureIT {
  private static final String SECRET = "hidden-value-1717";

  private static RecordingOrigin origin;
  private static Tollgate tollgate;
  private static int nobody;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    nobody = Tollgate.freePort();
    tollgate =
        Tollgate.setup()
            .apis(
                upstream("u", origin.port())
                    + upstream("gone", nobody)
                    + api("a", "/a", "u", "policies: [p]")
                    + api("b", "/b", "gone")
                    + "---\nkind: Policy\nname: p\nrequest: [{headers: {set: {X-Key: "
                    + SECRET
                    + "}}}]\n")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/metrics", "/readyz", "/livez", "/v1/config", "/v1/reload", "/v1/drain", "/"})
  void theTrafficListenerServesNothingOfTheGateway(String target) throws IOException {
    Problems.assertProblem(tollgate.get(target), 404);
    assertThat(
            RawClient.once(
                    tollgate.port(),
                    "POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
                .status())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/config", "/v1/reload", "/v1/drain", "/metrics/", "/metrics/x", "/a/x", "/"})
  void theStatusPortServesThreePathsOnly(String target) throws IOException {
    Response refusal = status(target);
    assertThat(refusal.status()).isEqualTo(404);
    assertThat(refusal.text()).doesNotContain(tollgate.conf().toString(), ".yaml", "127.0.0.1");
  }

  @Test
  void readinessIsOneWord() throws IOException {
    assertThat(status("/readyz").text()).isEqualTo("ready\n");
    assertThat(status("/livez").text()).isEqualTo("alive\n");
  }

  @Test
  void metricsHoldNoFilesNoClientsAndNoValues() throws IOException {
    assertThat(tollgate.get("/a/some-path?token=" + SECRET, "X-Key: " + SECRET).status())
        .isEqualTo(200);
    assertThat(tollgate.get("/elsewhere/some-path").status()).isEqualTo(404);
    String text = tollgate.metrics().text();
    assertThat(text)
        .contains("tollgate_requests_total")
        .doesNotContain(SECRET, "some-path", "elsewhere", "token")
        .doesNotContain(tollgate.conf().toString())
        .doesNotContain(".yaml", "java.home", System.getProperty("user.dir"));
  }

  @Test
  void refusalsTellNothingOfTheInside() throws IOException {
    String request = "GET /a/x HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n";
    List<Response> refusals =
        List.of(
            tollgate.get("/nowhere"),
            tollgate.get("/b/unreachable"),
            RawClient.once(tollgate.port(), request.formatted("Content-Length: x")),
            RawClient.once(tollgate.port(), request.formatted("X: " + "y".repeat(40_000))),
            RawClient.once(tollgate.port(), "BREW /a/x HTTP/1.1\r\nHost: x\r\n\r\n"));
    for (Response refusal : refusals) {
      assertThat(refusal.status()).isBetween(400, 599);
      Problems.assertProblem(refusal, refusal.status());
      assertThat(refusal.text() + refusal.headers())
          .doesNotContain(SECRET, ":" + nobody, ":" + origin.port())
          .doesNotContain(tollgate.conf().toString(), ".yaml");
    }
  }

  private static Response status(String target) throws IOException {
    return RawClient.get(tollgate.port("status"), target);
  }
}
