package tollgate.analytics.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A scrape read back strictly: fails on anything the formats do not allow. */
record Scraped(String text, Map<String, String> values) {
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
  private static final String NUMBER =
      "(?:[-+]?(?:[0-9]+(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|Inf)|NaN)";
  private static final Pattern META =
      Pattern.compile("# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(%s(?:,%s)*)\\})? (%s)( # \\{%s\\} %s %s)?"
              .formatted(LABEL, LABEL, NUMBER, LABEL, NUMBER, NUMBER));

  static Scraped of(GatewayMetrics metrics) {
    return of(metrics, null);
  }

  static Scraped of(GatewayMetrics metrics, @Nullable String accept) {
    Scrape scrape = metrics.render(accept);
    String text = scrape.body().toString(UTF_8);
    scrape.body().release();
    return read(text, scrape.contentType().startsWith("application/openmetrics-text"));
  }

  static Scraped read(String text, boolean openMetrics) {
    assertThat(text).endsWith("\n");
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (openMetrics) {
      assertThat(lines.removeLast()).isEqualTo("# EOF");
    }
    Map<String, String> values = new HashMap<>();
    Map<String, String> types = new HashMap<>();
    Set<String> closed = new HashSet<>();
    String family = "";
    for (String line : lines) {
      Matcher meta = META.matcher(line);
      if (meta.matches()) {
        String name = requireNonNull(meta.group(2));
        if (!name.equals(family)) {
          assertThat(closed.add(family)).isTrue();
          assertThat(closed).as("family in one piece: " + name).doesNotContain(name);
          family = name;
        }
        if ("TYPE".equals(meta.group(1))) {
          assertThat(types.put(name, requireNonNull(meta.group(3)))).as("one TYPE").isNull();
        }
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as(line).isTrue();
      String name = requireNonNull(sample.group(1));
      assertThat(name).as("below its own family").startsWith(family);
      if (openMetrics && "counter".equals(types.get(family))) {
        assertThat(name).isEqualTo(family + "_total");
      }
      String labels = sample.group(2);
      String key = labels == null ? name : name + "{" + labels + "}";
      assertThat(values.put(key, requireNonNull(sample.group(3)))).as("one " + key).isNull();
    }
    return new Scraped(text, values);
  }

  /** The value of this series, as printed. */
  String value(String series) {
    return values.getOrDefault(series, "absent");
  }

  /** All series of a sample name. */
  Set<String> series(String name) {
    Set<String> found = new HashSet<>();
    for (String key : values.keySet()) {
      if (key.equals(name) || key.startsWith(name + "{")) {
        found.add(key);
      }
    }
    return found;
  }

  /** The sum over all series of a sample name. */
  double sum(String name) {
    double sum = 0;
    for (String key : series(name)) {
      sum += Double.parseDouble(value(key));
    }
    return sum;
  }
}
