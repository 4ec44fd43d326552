package tollgate.core.message.scan;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** A plain recursive reading of RFC 8259, to compare with. */
final class JsonOracle {
  private final String text;
  private int at;

  private JsonOracle(String text) {
    this.text = text;
  }

  static boolean isJson(byte[] payload) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
    } catch (CharacterCodingException e) {
      return false;
    }
    JsonOracle oracle = new JsonOracle(text);
    try {
      oracle.blank();
      oracle.value();
      oracle.blank();
      return oracle.at == text.length();
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private char next() {
    check(at < text.length());
    return text.charAt(at++);
  }

  private char peek() {
    check(at < text.length());
    return text.charAt(at);
  }

  private static void check(boolean isRight) {
    if (!isRight) {
      throw new IllegalStateException();
    }
  }

  private void blank() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void word(String word) {
    check(text.startsWith(word, at));
    at += word.length();
  }

  private void value() {
    switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
  }

  private void object() {
    Set<String> names = new HashSet<>();
    next();
    blank();
    if (peek() == '}') {
      next();
      return;
    }
    do {
      blank();
      check(peek() == '"');
      check(names.add(string()));
      blank();
      check(next() == ':');
      blank();
      value();
      blank();
    } while (peek() == ',' && next() == ',');
    check(next() == '}');
  }

  private void array() {
    next();
    blank();
    if (peek() == ']') {
      next();
      return;
    }
    do {
      blank();
      value();
      blank();
    } while (peek() == ',' && next() == ',');
    check(next() == ']');
  }

  private String string() {
    StringBuilder meant = new StringBuilder();
    next();
    while (true) {
      char c = next();
      check(c >= ' ');
      if (c == '"') {
        String result = meant.toString();
        for (int i = 0; i < result.length(); i++) {
          if (Character.isHighSurrogate(result.charAt(i))) {
            check(++i < result.length() && Character.isLowSurrogate(result.charAt(i)));
          } else {
            check(!Character.isLowSurrogate(result.charAt(i)));
          }
        }
        return result;
      }
      if (c != '\\') {
        meant.append(c);
        continue;
      }
      char escape = next();
      int index = "\"\\/bfnrtu".indexOf(escape);
      check(index >= 0);
      if (escape == 'u') {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
          int digit = "0123456789abcdef".indexOf(Character.toLowerCase(next()));
          check(digit >= 0);
          unit = unit * 16 + digit;
        }
        meant.append((char) unit);
      } else {
        meant.append("\"\\/\b\f\n\r\t".charAt(index));
      }
    }
  }

  private void number() {
    if (peek() == '-') {
      next();
    }
    if (peek() == '0') {
      next();
    } else {
      digits();
    }
    if (at < text.length() && peek() == '.') {
      next();
      digits();
    }
    if (at < text.length() && (peek() | 0x20) == 'e') {
      next();
      if ("+-".indexOf(peek()) >= 0) {
        next();
      }
      digits();
    }
  }

  private void digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    check(at > start);
  }
}
