package tollgate.handlers.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.json.JsonComposer;

/** How a value is written at its place in a template. */
enum Escape {
  /** A value of JSON of any kind. */
  JSON_VALUE,
  /** Inside of a string of JSON. */
  JSON_STRING,
  /** Text or the value of an attribute: what is good in both. */
  XML,
  /** A name or value of a form. */
  FORM,
  NONE;

  /**
   * Adds text.
   *
   * @throws MalformedPayloadException for a character that XML does not have
   */
  void write(String value, StringBuilder to) {
    switch (this) {
      case JSON_VALUE -> to.append(string(value));
      case JSON_STRING -> {
        String string = string(value);
        to.append(string, 1, string.length() - 1);
      }
      case XML -> xml(value, to);
      case FORM -> form(value, to);
      case NONE -> to.append(value);
    }
  }

  private static String string(String value) {
    return new JsonComposer(value.length() + 2).string(value).finish().toString();
  }

  private static void xml(String value, StringBuilder to) {
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '&' -> to.append("&amp;");
        case '<' -> to.append("&lt;");
        case '>' -> to.append("&gt;");
        case '"' -> to.append("&quot;");
        case '\'' -> to.append("&#39;");
        case '\t', '\n', '\r' -> to.append("&#").append(c).append(';');
        default -> {
          if (!isXml(c)) {
            throw new MalformedPayloadException(
                Kind.MALFORMED, "a value has a character that XML cannot hold");
          }
          to.appendCodePoint(c);
        }
      }
    }
  }

  /** XML 1.0 section 2.2, less what is written as a reference. */
  private static boolean isXml(int c) {
    return (c >= ' ' && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
  }

  private static void form(String value, StringBuilder to) {
    for (byte b : value.getBytes(UTF_8)) {
      boolean isLetter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
      if (isLetter || (b >= '0' && b <= '9') || "-._*".indexOf(b) >= 0) {
        to.append((char) b);
      } else {
        to.append('%').append(digit(b >> 4)).append(digit(b));
      }
    }
  }

  private static char digit(int bits) {
    return Character.toUpperCase(Character.forDigit(bits & 15, 16));
  }
}
