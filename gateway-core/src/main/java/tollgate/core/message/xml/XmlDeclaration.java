package tollgate.core.message.xml;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;

/**
 * The XML declaration (XML 1.0 2.8), if there is one. Immutable.
 *
 * @param encoding null for none named
 * @param standalone {@code yes} or {@code no}, null for none named
 * @param isThere false without a declaration
 * @param end the first byte behind it
 */
record XmlDeclaration(
    @Nullable String encoding, @Nullable String standalone, boolean isThere, int end) {
  /** Whatever stands at {@code start} of bytes that are ASCII as far as the declaration goes. */
  static XmlDeclaration read(byte[] bytes, int start) {
    return new Reader(bytes, start).read();
  }

  /** The declaration for the same document in UTF-8; nothing for none. */
  byte[] inUtf8() {
    if (!isThere) {
      return new byte[0];
    }
    String alone = standalone == null ? "" : " standalone=\"" + standalone + '"';
    return ("<?xml version=\"1.0\" encoding=\"UTF-8\"" + alone + "?>")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** One pass over the declaration. */
  private static final class Reader {
    private final byte[] bytes;
    private final int start;
    private int at;

    Reader(byte[] bytes, int start) {
      this.bytes = bytes;
      this.start = start;
      this.at = start;
    }

    XmlDeclaration read() {
      if (!take("<?xml") || at >= bytes.length || !XmlCharacters.isSpace(bytes[at])) {
        return new XmlDeclaration(null, null, false, start);
      }
      skipSpace();
      String version = value("version");
      if (version == null) {
        throw malformed("an XML declaration without a version");
      }
      if (!version.equals("1.0")) {
        throw malformed("a version of XML other than 1.0");
      }
      boolean spaced = skipSpace();
      String encoding = spaced ? value("encoding") : null;
      if (encoding != null) {
        checkEncoding(encoding);
        spaced = skipSpace();
      }
      String standalone = spaced ? value("standalone") : null;
      if (standalone != null && !standalone.equals("yes") && !standalone.equals("no")) {
        throw malformed("a standalone other than yes and no");
      }
      skipSpace();
      if (!take("?>")) {
        throw malformed("a malformed XML declaration");
      }
      return new XmlDeclaration(encoding, standalone, true, at);
    }

    private @Nullable String value(String name) {
      if (!take(name)) {
        return null;
      }
      skipSpace();
      if (!take("=")) {
        throw malformed("a malformed XML declaration");
      }
      skipSpace();
      byte quote = at < bytes.length ? bytes[at] : 0;
      if (quote != '"' && quote != '\'') {
        throw malformed("a malformed XML declaration");
      }
      int from = ++at;
      while (at < bytes.length && bytes[at] != quote) {
        if (bytes[at] <= ' ' || bytes[at] == '<') {
          throw malformed("a malformed XML declaration");
        }
        at++;
      }
      if (at == bytes.length) {
        throw malformed("a malformed XML declaration");
      }
      return new String(bytes, from, at++ - from, StandardCharsets.US_ASCII);
    }

    /** XML 1.0 production 81. */
    private void checkEncoding(String encoding) {
      for (int i = 0; i < encoding.length(); i++) {
        char c = encoding.charAt(i);
        boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        boolean isOther = (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        if (!isLetter && (i == 0 || !isOther)) {
          throw malformed("a malformed name of an encoding");
        }
      }
      if (encoding.isEmpty()) {
        throw malformed("a malformed name of an encoding");
      }
    }

    private boolean take(String ascii) {
      if (bytes.length - at < ascii.length()) {
        return false;
      }
      for (int i = 0; i < ascii.length(); i++) {
        if (bytes[at + i] != ascii.charAt(i)) {
          return false;
        }
      }
      at += ascii.length();
      return true;
    }

    private boolean skipSpace() {
      int from = at;
      while (at < bytes.length && XmlCharacters.isSpace(bytes[at])) {
        at++;
      }
      return at > from;
    }

    private MalformedPayloadException malformed(String reason) {
      return Position.refusal(Kind.MALFORMED, reason, bytes, at);
    }
  }
}
