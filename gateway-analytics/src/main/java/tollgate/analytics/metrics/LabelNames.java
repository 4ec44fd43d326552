package tollgate.analytics.metrics;

import java.util.Arrays;
import java.util.List;

/** The label names of a family, of which one may be switched off. Immutable. */
final class LabelNames {
  private final String[] names;
  private final boolean[] off;

  private LabelNames(String[] names, boolean[] off) {
    this.names = names;
    this.off = off;
  }

  static LabelNames of(List<String> names, boolean withOperation) {
    boolean[] off = new boolean[names.size()];
    for (int i = 0; i < off.length; i++) {
      off[i] = !withOperation && names.get(i).equals("operation");
    }
    return new LabelNames(names.toArray(String[]::new), off);
  }

  /** {@code a="1",b="2"}: what stands between the braces. */
  String text(String... values) {
    if (values.length != names.length) {
      throw new IllegalArgumentException(
          "labels: " + values.length + " values (expected: " + names.length + ")");
    }
    StringBuilder text = new StringBuilder(32 * names.length);
    for (int i = 0; i < names.length; i++) {
      if (!off[i]) {
        text.append(text.isEmpty() ? "" : ",").append(names[i]).append("=\"");
        escape(values[i], text);
        text.append('"');
      }
    }
    return text.toString();
  }

  /** Every label with the same value. */
  String textOfAll(String value) {
    String[] values = new String[names.length];
    Arrays.fill(values, value);
    return text(values);
  }

  // Text format 0.0.4, "Comments, help text, and type information"; the same in OpenMetrics 1.0.
  private static void escape(String value, StringBuilder text) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '"' -> text.append("\\\"");
        case '\n' -> text.append("\\n");
        default -> text.append(c);
      }
    }
  }
}
