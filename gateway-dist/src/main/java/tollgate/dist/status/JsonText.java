package tollgate.dist.status;

import java.util.List;
import java.util.stream.Collectors;

/** JSON strings (RFC 8259 section 7). */
final class JsonText {
  private JsonText() {}

  static String strings(List<String> texts) {
    return texts.stream().map(JsonText::string).collect(Collectors.joining(",", "[", "]"));
  }

  static String string(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < ' ' || Character.isSurrogate(c)) {
            json.append("\\u").append(String.format("%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }
}
