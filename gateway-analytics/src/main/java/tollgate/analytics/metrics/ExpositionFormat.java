package tollgate.analytics.metrics;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The two text formats of a scrape. */
public enum ExpositionFormat {
  /** Prometheus text format 0.0.4. */
  TEXT("text/plain; version=0.0.4; charset=utf-8"),
  /** OpenMetrics 1.0. */
  OPENMETRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

  private final String contentType;

  ExpositionFormat(String contentType) {
    this.contentType = contentType;
  }

  public String contentType() {
    return contentType;
  }

  /**
   * What {@code accept} prefers: OpenMetrics only if it is named and no less welcome than plain
   * text (RFC 9110 section 12.5.1). Never fails: what cannot be read counts for nothing.
   *
   * @param accept value of the Accept field, null if there was none
   */
  public static ExpositionFormat preferred(@Nullable String accept) {
    if (accept == null) {
      return TEXT;
    }
    double openMetrics = 0;
    double text = 0;
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = range.split(";", -1);
      String type = parts[0].strip();
      if (type.equals("application/openmetrics-text")) {
        openMetrics = Math.max(openMetrics, isKnownVersion(parts) ? weight(parts) : 0);
      } else if (type.equals("text/plain") || type.equals("text/*") || type.equals("*/*")) {
        text = Math.max(text, weight(parts));
      }
    }
    return openMetrics > 0 && openMetrics >= text ? OPENMETRICS : TEXT;
  }

  private static boolean isKnownVersion(String[] parts) {
    for (String part : parts) {
      String parameter = part.strip();
      if (parameter.startsWith("version=")) {
        return parameter.equals("version=1.0.0") || parameter.equals("version=0.0.1");
      }
    }
    return true;
  }

  private static double weight(String[] parts) {
    for (String part : parts) {
      String parameter = part.strip();
      if (parameter.startsWith("q=")) {
        return parseWeight(parameter.substring(2));
      }
    }
    return 1;
  }

  private static double parseWeight(String text) {
    boolean isWeight = text.length() <= 5 && text.matches("[01](\\.[0-9]*)?");
    return isWeight ? Double.parseDouble(text) : 0;
  }
}
