package tollgate.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/** Percent-encoded text (RFC 3986 section 2.1). Any thread. */
public final class PercentText {
  private PercentText() {}

  /**
   * The text that is meant.
   *
   * @param isQuery whether a plus is a blank, as forms write it
   * @return null if it is malformed, or no UTF-8
   */
  public static @Nullable String decoded(String text, boolean isQuery) {
    if (text.indexOf('%') < 0 && !(isQuery && text.indexOf('+') >= 0) && isAscii(text)) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
        if (low < 0) {
          return null;
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(isQuery && c == '+' ? ' ' : c); // what is received is one byte a character
      }
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /** The first parameter of that name; null if there is none that can be read. */
  public static @Nullable String parameter(@Nullable String query, String name) {
    if (query == null) {
      return null;
    }
    for (int from = 0; from < query.length(); ) {
      int ampersand = query.indexOf('&', from);
      int end = ampersand < 0 ? query.length() : ampersand;
      int equals = query.indexOf('=', from);
      int nameEnd = equals < 0 || equals > end ? end : equals;
      if (name.equals(decoded(query.substring(from, nameEnd), true))) {
        return nameEnd == end ? "" : decoded(query.substring(nameEnd + 1, end), true);
      }
      from = end + 1;
    }
    return null;
  }
}
