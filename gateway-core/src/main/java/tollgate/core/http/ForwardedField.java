package tollgate.core.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the field Forwarded, RFC 7239 section 4. One use per parse. */
final class ForwardedField {
  /**
   * One hop.
   *
   * @param node value of {@code for}: address with an optional port, IPv6 in brackets; or a word
   * @param host value of {@code host}
   * @param scheme value of {@code proto}
   */
  record Element(@Nullable String node, @Nullable String host, @Nullable String scheme) {}

  private final String text;
  private int at;

  private ForwardedField(String text) {
    this.text = text;
  }

  /**
   * @param text all lines, joined by commas
   * @return oldest first; null if the syntax is broken anywhere
   */
  static @Nullable List<Element> parse(String text) {
    return new ForwardedField(text).elements();
  }

  private @Nullable List<Element> elements() {
    List<Element> elements = new ArrayList<>(4);
    while (true) {
      skipBlanks();
      // RFC 9110 section 5.6.1: empty list elements are ignored
      if (at < text.length() && text.charAt(at) != ',') {
        Element element = element();
        if (element == null) {
          return null;
        }
        elements.add(element);
      }
      if (at == text.length()) {
        return elements;
      }
      if (text.charAt(at++) != ',') {
        return null;
      }
    }
  }

  private @Nullable Element element() {
    @Nullable String node = null;
    @Nullable String host = null;
    @Nullable String scheme = null;
    while (true) {
      String name = token();
      if (name == null || at == text.length() || text.charAt(at++) != '=') {
        return null;
      }
      String value = value();
      if (value == null) {
        return null;
      }
      // RFC 7239 section 4: each parameter once at most, names in any case
      if (name.equalsIgnoreCase("for")) {
        if (node != null) {
          return null;
        }
        node = value;
      } else if (name.equalsIgnoreCase("host")) {
        if (host != null) {
          return null;
        }
        host = value;
      } else if (name.equalsIgnoreCase("proto")) {
        if (scheme != null) {
          return null;
        }
        scheme = value;
      }
      skipBlanks();
      if (at == text.length() || text.charAt(at) != ';') {
        return new Element(node, host, scheme);
      }
      at++;
      skipBlanks();
    }
  }

  private @Nullable String value() {
    return at < text.length() && text.charAt(at) == '"' ? quoted() : token();
  }

  private @Nullable String token() {
    int from = at;
    while (at < text.length()
        && text.charAt(at) <= 0x7f
        && Tokens.isTokenByte((byte) text.charAt(at))) {
      at++;
    }
    return at == from ? null : text.substring(from, at);
  }

  /** RFC 9110 section 5.6.4. */
  private @Nullable String quoted() {
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return value.toString();
      }
      if (c == '\\') {
        if (++at == text.length()) {
          return null;
        }
        c = text.charAt(at);
      }
      value.append(c);
    }
    return null;
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }
}
