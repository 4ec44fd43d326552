package tollgate.analytics.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MetricsPageTest {
  @Test
  void listsExactlyTheMetricsThereAre() throws IOException {
    Path page = Path.of(System.getProperty("basedir", "."), "../docs/reference/metrics.md");
    List<String> rows = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      List<String> labels = metric.labels().stream().map(label -> "`" + label + "`").toList();
      rows.add(
          "| `%s` | %s | %s | %s |"
              .formatted(
                  metric.familyName(),
                  metric.type().word(),
                  labels.isEmpty() ? "\u2013" : String.join(", ", labels),
                  metric.help()));
    }

    assertThat(Files.readAllLines(page).stream().filter(line -> line.startsWith("| `tollgate_")))
        .containsExactlyElementsOf(rows);
  }

  @Test
  void countersAloneEndInTotal() {
    for (Metric metric : Metric.values()) {
      assertThat(metric.familyName().endsWith("_total"))
          .as(metric.familyName())
          .isEqualTo(metric.type() == MetricType.COUNTER);
    }
  }
}
