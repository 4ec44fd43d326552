package tollgate.analytics.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.analytics.accesslog.AccessLog;
import tollgate.analytics.accesslog.AccessLogOptions;
import tollgate.analytics.accesslog.LogOutput;
import tollgate.analytics.metrics.GatewayMetrics;
import tollgate.analytics.metrics.MetricsOptions;
import tollgate.core.telemetry.Telemetry;

final class RecordingTelemetryTest {
  @Test
  void feedsMetricsAndLog(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("access.log");
    try (GatewayMetrics metrics = new GatewayMetrics(MetricsOptions.defaults("1", "x"), 1)) {
      AccessLog log = AccessLog.start(AccessLogOptions.to(LogOutput.file(file)), 1);
      Telemetry telemetry = RecordingTelemetry.of(metrics, log);
      telemetry.started(0, "http");
      telemetry.ended(0, Recorded.exchange().build());
      assertThat(log.close(Duration.ofSeconds(30))).isTrue();

      assertThat(Files.readAllLines(file)).hasSize(1);
      assertThat(metrics.render(null).body().toString(UTF_8))
          .contains("tollgate_requests_total{")
          .contains("tollgate_log_dropped_total{sink=\"access_log\"} 0\n");
    }
  }

  @Test
  void isTheMetricsAloneWithoutLog() {
    try (GatewayMetrics metrics = new GatewayMetrics(MetricsOptions.defaults("1", "x"), 1)) {
      assertThat(RecordingTelemetry.of(metrics, null)).isSameAs(metrics);
    }
  }
}
