package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Tollgate;

/** Requests of the gateway to itself before it is ready. */
final class WarmUpIT {
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - {name: http, bind: "127.0.0.1:@http@"}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 10s}
      """;

  @Test
  void isNoticedByNobodyButTheApplicationLog() throws IOException {
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .gateway(GATEWAY + "warmUp: 300ms\n")
                .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
                .start()) {
      assertThat(tollgate.log()).containsPattern("warmed up with [1-9]\\d* requests in \\d+ ms");
      assertThat(origin.connections()).isEmpty();

      assertThat(tollgate.get("/a/real").status()).isEqualTo(200);
      Patience.await().until(() -> !tollgate.accessLogLines().isEmpty());
      assertThat(tollgate.accessLogLines()).hasSize(1);
      assertThat(origin.requests()).hasSize(1);
      assertThat(tollgate.metrics().sum("tollgate_requests_total", "listener", "http"))
          .isEqualTo(1);
    }
  }

  @Test
  void canBeTurnedOff() throws IOException {
    try (Tollgate tollgate =
        Tollgate.setup()
            .gateway(GATEWAY + "warmUp: 0s\n")
            .apis(upstream("u", 1) + api("a", "/a", "u"))
            .start()) {
      assertThat(tollgate.log()).contains("ready in").doesNotContain("warm");
    }
  }
}
