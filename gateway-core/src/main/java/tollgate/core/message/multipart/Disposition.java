package tollgate.core.message.multipart;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.Tokens;

/**
 * A Content-Disposition field (RFC 7578 4.2, RFC 6266). What two readers could take for different
 * names is malformed: a parameter twice, {@code filename*} beside or in place of {@code filename},
 * a backslash before a quote or a backslash, an open quote. Immutable.
 *
 * @param type in lower case
 * @param name null without one
 * @param filename null without one
 */
record Disposition(String type, @Nullable String name, @Nullable String filename) {
  /** The field's value; null if it is malformed. */
  static @Nullable Disposition parse(String value) {
    int at = token(value, 0);
    if (at == 0) {
      return null;
    }
    String type = value.substring(0, at).toLowerCase(Locale.ROOT);
    Map<String, String> parameters = new LinkedHashMap<>();
    while (true) {
      at = blanks(value, at);
      if (at == value.length()) {
        return new Disposition(type, parameters.get("name"), parameters.get("filename"));
      }
      if (value.charAt(at) != ';') {
        return null;
      }
      at = blanks(value, at + 1);
      if (at == value.length()) {
        return new Disposition(type, parameters.get("name"), parameters.get("filename"));
      }
      at = parameter(value, at, parameters);
      if (at < 0) {
        return null;
      }
    }
  }

  /** Where the parameter ends; negative if it is malformed. */
  private static int parameter(String value, int from, Map<String, String> parameters) {
    int nameEnd = token(value, from);
    String name = value.substring(from, nameEnd).toLowerCase(Locale.ROOT);
    // RFC 7578 4.2: filename* must not be used, and whoever reads it may prefer it.
    if (name.isEmpty()
        || name.endsWith("*")
        || nameEnd == value.length()
        || value.charAt(nameEnd) != '='
        || parameters.containsKey(name)) {
      return -1;
    }
    int at = nameEnd + 1;
    if (at < value.length() && value.charAt(at) == '"') {
      return quoted(value, at + 1, name, parameters);
    }
    int end = token(value, at);
    parameters.put(name, value.substring(at, end));
    return end == at ? -1 : end;
  }

  private static int quoted(String value, int from, String name, Map<String, String> parameters) {
    for (int at = from; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c == '"') {
        parameters.put(name, value.substring(from, at));
        return at + 1;
      }
      // Browsers send backslashes as they are, others take one for an escape.
      if (c == '\\'
          && at + 1 < value.length()
          && (value.charAt(at + 1) == '"' || value.charAt(at + 1) == '\\')) {
        return -1;
      }
    }
    return -1;
  }

  private static int token(String value, int from) {
    int at = from;
    while (at < value.length()
        && value.charAt(at) < 0x80
        && Tokens.isTokenByte((byte) value.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int blanks(String value, int from) {
    int at = from;
    while (at < value.length() && (value.charAt(at) == ' ' || value.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }
}
