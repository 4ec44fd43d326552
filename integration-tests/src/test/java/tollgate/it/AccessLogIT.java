package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Tollgate;
import tools.jackson.databind.JsonNode;

/** One JSON line per exchange, and traffic that goes on when there is no room for it. */
final class AccessLogIT {
  @Test
  void writesOneLinePerExchange() throws IOException {
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup().apis(upstream("u", origin.port()) + api("a", "/a", "u")).start()) {
      try (RawClient client = tollgate.client()) {
        for (int i = 0; i < 200; i++) {
          client.send(
              "POST /a/line HTTP/1.1\r\nHost: api.test\r\nUser-Agent: it \"quoted\" \u001b\\\r\n"
                      .replace("\u001b", "")
                  + "Content-Length: 5\r\n\r\nhello");
          assertThat(client.read().status()).isEqualTo(200);
        }
      }
      tollgate.get(
          "/a/secret?token=kept-to-itself",
          "Authorization: Bearer kept-to-itself",
          "Cookie: kept=to-itself-too");
      Patience.await().until(() -> tollgate.accessLogLines().size() == 201);
      List<JsonNode> lines = tollgate.accessLogLines();
      Set<String> ids = new HashSet<>();
      for (JsonNode line : lines) {
        ids.add(line.path("request_id").asString());
      }
      assertThat(ids).hasSize(201);
      JsonNode line = lines.getFirst();
      assertThat(line.path("ts").asString())
          .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
      assertThat(line.path("method").asString()).isEqualTo("POST");
      assertThat(line.path("path").asString()).isEqualTo("/a/line");
      assertThat(line.path("host").asString()).isEqualTo("api.test");
      assertThat(line.path("protocol").asString()).isEqualTo("HTTP/1.1");
      assertThat(line.path("status").asInt()).isEqualTo(200);
      assertThat(line.path("outcome").asString()).isEqualTo("ok");
      assertThat(line.path("api").asString()).isEqualTo("a");
      assertThat(line.path("api_version").asString()).isEqualTo("v1");
      assertThat(line.path("upstream").asString()).isEqualTo("u");
      assertThat(line.path("upstream_status").asInt()).isEqualTo(200);
      assertThat(line.path("request_bytes").asInt()).isEqualTo(5);
      assertThat(line.path("response_bytes").asInt()).isEqualTo(5);
      assertThat(line.path("user_agent").asString()).isEqualTo("it \"quoted\" \\");
      assertThat(line.path("attempts").asInt()).isEqualTo(1);
      assertThat(line.path("duration_ms").isNumber()).isTrue();
      assertThat(tollgate.accessLog() + tollgate.log())
          .doesNotContain("kept-to-itself", "to-itself-too");
    }
  }

  @Test
  void goesOnWithoutRoomForTheLog() throws IOException {
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .gatewayAlso("telemetry: {accessLog: {output: /dev/full}}\n")
                .expectError("access log|/dev/full|No space")
                .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
                .start()) {
      try (RawClient client = tollgate.client()) {
        for (int i = 0; i < 500; i++) {
          assertThat(client.send("GET /a/x HTTP/1.1\r\nHost: x\r\n\r\n").read().status())
              .isEqualTo(200);
        }
      }
      Patience.await().until(() -> tollgate.metrics().sum("tollgate_log_dropped_total") > 0);
      assertThat(tollgate.status("/readyz")).isEqualTo(200);
      assertThat(tollgate.log().lines().filter(line -> line.contains("/dev/full")))
          .as("said once, not per line")
          .hasSizeBetween(1, 10);
    }
  }

  @Test
  void writesToAFile() throws IOException {
    Path file = Files.createTempFile("tollgate-access-", ".log");
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .gatewayAlso("telemetry: {accessLog: {output: \"" + file + "\", query: true}}\n")
                .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
                .start()) {
      tollgate.get("/a/x?q=1");
      Patience.await().until(() -> Files.readString(file).endsWith("}\n"));
      assertThat(Files.readString(file)).contains("q=1");
      assertThat(tollgate.accessLog()).isEmpty();
    } finally {
      Files.delete(file);
    }
  }
}
