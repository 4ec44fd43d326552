package tollgate.it.harness;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Field lines in the order they came, names as they were written. Immutable.
 *
 * @param lines names and values, values without the blanks around them
 */
public record Headers(List<Line> lines) {
  public static final Headers NONE = new Headers(List.of());

  /** One field line. */
  public record Line(String name, String value) {}

  public Headers {
    lines = List.copyOf(lines);
  }

  static Headers parse(List<String> texts) {
    List<Line> lines = new ArrayList<>();
    for (String text : texts) {
      int colon = text.indexOf(':');
      lines.add(
          colon < 0
              ? new Line(text, "")
              : new Line(text.substring(0, colon), text.substring(colon + 1).strip()));
    }
    return new Headers(lines);
  }

  public boolean has(String name) {
    return first(name) != null;
  }

  /** The first value of the name in any case, or null. */
  public @Nullable String first(String name) {
    List<String> all = all(name);
    return all.isEmpty() ? null : all.getFirst();
  }

  /** All values of the name in any case. */
  public List<String> all(String name) {
    return lines.stream()
        .filter(line -> line.name().equalsIgnoreCase(name))
        .map(Line::value)
        .toList();
  }

  /** Names in lower case. */
  public List<String> names() {
    return lines.stream().map(line -> line.name().toLowerCase(java.util.Locale.ROOT)).toList();
  }
}
