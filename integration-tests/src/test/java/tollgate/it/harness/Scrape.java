package tollgate.it.harness;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One look at {@code /metrics}. Immutable. */
public final class Scrape {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)(?: .*)?");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final String text;
  private final List<Sample> samples = new ArrayList<>();

  /** One series and its value. */
  public record Sample(String name, Map<String, String> labels, double value) {
    public Sample {
      labels = Map.copyOf(labels);
    }
  }

  private Scrape(String text) {
    this.text = text;
    text.lines().filter(line -> !line.startsWith("#")).forEach(this::parse);
  }

  static Scrape of(String text) {
    return new Scrape(text);
  }

  /**
   * The sum of the series of a name that have these labels, given as name, value, name, value; 0 if
   * there are none.
   */
  public double sum(String name, String... labels) {
    return find(name, labels).stream().mapToDouble(Sample::value).sum();
  }

  public boolean has(String name, String... labels) {
    return !find(name, labels).isEmpty();
  }

  public List<Sample> find(String name, String... labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name) && hasAll(sample, labels))
        .toList();
  }

  /** Requests with another outcome than {@code ok}. */
  public double refused() {
    return sum("tollgate_requests_total") - sum("tollgate_requests_total", "outcome", "ok");
  }

  /** As it was served. */
  public String text() {
    return text;
  }

  private static boolean hasAll(Sample sample, String... labels) {
    for (int i = 0; i < labels.length; i += 2) {
      if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
        return false;
      }
    }
    return true;
  }

  private void parse(String line) {
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      return;
    }
    Map<String, String> labels = new HashMap<>();
    if (sample.group(2) != null) {
      Matcher label = LABEL.matcher(sample.group(2));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    String value = sample.group(3);
    double number = value.endsWith("Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(value);
    samples.add(new Sample(sample.group(1), labels, number));
  }
}
