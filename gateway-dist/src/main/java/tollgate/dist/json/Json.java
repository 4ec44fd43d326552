package tollgate.dist.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints plain maps, lists, strings, numbers and booleans as JSON (RFC 8259) over several lines.
 * Any thread.
 */
public final class Json {
  private Json() {}

  /** An object of names and values in turn, in this order. */
  public static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }

  /** Ends with a line feed. */
  public static String print(Object value) {
    StringBuilder out = new StringBuilder();
    append(value, "\n", out);
    return out.append('\n').toString();
  }

  private static void append(Object value, String newLine, StringBuilder out) {
    String inner = newLine + "  ";
    switch (value) {
      case Map<?, ?> map -> {
        String separator = inner;
        out.append('{');
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(separator);
          string(String.valueOf(entry.getKey()), out);
          append(value(entry), inner, out.append(": "));
          separator = "," + inner;
        }
        out.append(map.isEmpty() ? "" : newLine).append('}');
      }
      case List<?> list -> {
        String separator = inner;
        out.append('[');
        for (Object item : list) {
          append(item, inner, out.append(separator));
          separator = "," + inner;
        }
        out.append(list.isEmpty() ? "" : newLine).append(']');
      }
      case Number number -> out.append(number);
      case Boolean bool -> out.append(bool);
      case String text -> string(text, out);
      default ->
          throw new IllegalArgumentException(value.getClass() + " (expected: a plain value)");
    }
  }

  private static Object value(Map.Entry<?, ?> entry) {
    return java.util.Objects.requireNonNull(entry.getValue(), "value");
  }

  private static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        default -> out.append(c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
      }
    }
    out.append('"');
  }
}
