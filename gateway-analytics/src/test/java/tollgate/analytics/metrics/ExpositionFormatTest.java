package tollgate.analytics.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExpositionFormatTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/openmetrics-text | OPENMETRICS
          application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3 | OPENMETRICS
          APPLICATION/OpenMetrics-Text; version=0.0.1 | OPENMETRICS
          application/openmetrics-text;q=0.5, text/plain | TEXT
          application/openmetrics-text;q=0 | TEXT
          application/openmetrics-text; version=2.0.0 | TEXT
          application/openmetrics-text;q=x | TEXT
          text/html,*/* | TEXT
          ;;,,=;q= | TEXT
          """)
  void followsTheAcceptField(String accept, ExpositionFormat expected) {
    assertThat(ExpositionFormat.preferred(accept)).isEqualTo(expected);
  }

  @Test
  void isPlainTextWithoutAcceptField() {
    assertThat(ExpositionFormat.preferred(null)).isEqualTo(ExpositionFormat.TEXT);
  }
}
