package tollgate.config.read;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Prints plain maps, lists, strings, numbers and booleans as JSON (RFC 8259). Any thread. */
final class JsonText {
  private final StringBuilder out = new StringBuilder();

  private JsonText() {}

  /** Over several lines, indented by two spaces. */
  static String print(Object value) {
    JsonText json = new JsonText();
    json.value(value, "\n");
    return json.out.append('\n').toString();
  }

  /** In one line. */
  static String printFlat(Object value) {
    JsonText json = new JsonText();
    json.value(value, "");
    return json.out.toString();
  }

  /**
   * Appends a value.
   *
   * @param newLine the line end and indentation that its own end needs; empty for everything in one
   *     line
   */
  private void value(Object value, String newLine) {
    switch (value) {
      case Map<?, ?> map -> map(map, newLine);
      case List<?> list -> list(list, newLine);
      case Number number -> out.append(number);
      case Boolean bool -> out.append(bool);
      case String text -> string(text);
      default ->
          throw new IllegalArgumentException(
              value.getClass() + " is no JSON (expected: a plain value)");
    }
  }

  private void map(Map<?, ?> map, String newLine) {
    out.append('{');
    String inner = newLine.isEmpty() ? "" : newLine + "  ";
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      out.append(inner);
      string(String.valueOf(entry.getKey()));
      out.append(": ");
      value(present(entry.getValue()), inner);
      comma(entries, inner);
    }
    out.append(map.isEmpty() ? "" : newLine).append('}');
  }

  private void list(List<?> list, String newLine) {
    out.append('[');
    boolean flat = list.stream().noneMatch(item -> item instanceof Map || item instanceof List);
    String inner = flat || newLine.isEmpty() ? "" : newLine + "  ";
    Iterator<?> items = list.iterator();
    while (items.hasNext()) {
      out.append(inner);
      value(present(items.next()), inner);
      comma(items, inner);
    }
    out.append(inner.isEmpty() || list.isEmpty() ? "" : newLine).append(']');
  }

  private static Object present(@Nullable Object value) {
    return Objects.requireNonNull(value, "null is never written");
  }

  private void comma(Iterator<?> rest, String inner) {
    if (rest.hasNext()) {
      out.append(inner.isEmpty() ? ", " : ",");
    }
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
