package tollgate.transport.http2;

import org.jspecify.annotations.Nullable;
import tollgate.core.http.FieldName;
import tollgate.core.http.Tokens;

/** What a field may look like (RFC 9113 sections 8.2.1 and 8.2.2). Any thread. */
final class FieldCheck {
  static final FieldName COOKIE = FieldName.of("Cookie");

  private static final FieldName[] FOR_ONE_CONNECTION = {
    FieldName.CONNECTION,
    FieldName.KEEP_ALIVE,
    FieldName.PROXY_CONNECTION,
    FieldName.TRANSFER_ENCODING,
    FieldName.UPGRADE,
  };

  /** Lower-case token characters. */
  private static final boolean[] NAME_BYTE = new boolean[256];

  /** As HTTP/1 lets pass: HTAB, SP, visible ASCII, obs-text (RFC 9110 section 5.5). */
  private static final boolean[] VALUE_BYTE = new boolean[256];

  static {
    for (int i = 0; i < 256; i++) {
      NAME_BYTE[i] = Tokens.isTokenByte((byte) i) && !(i >= 'A' && i <= 'Z');
      VALUE_BYTE[i] = (i >= ' ' && i != 0x7f) || i == '\t';
    }
  }

  private FieldCheck() {}

  /**
   * @param index of a field that should be no pseudo-field
   * @return what is wrong with it; null for nothing
   */
  static @Nullable String problem(HeaderList list, int index) {
    byte[] bytes = list.bytes();
    int from = list.nameStart(index);
    int to = list.nameEnd(index);
    if (from == to) {
      return "a field without a name";
    }
    for (int at = from; at < to; at++) {
      if (!NAME_BYTE[bytes[at] & 0xff]) {
        return bytes[at] == ':' && at == from
            ? "a pseudo-field behind other fields"
            : "a field name that is no lower-case token";
      }
    }
    int value = list.valueStart(index);
    int valueEnd = list.valueEnd(index);
    if (value < valueEnd && (isBlank(bytes[value]) || isBlank(bytes[valueEnd - 1]))) {
      return "a field value with a blank at an end";
    }
    for (int at = value; at < valueEnd; at++) {
      if (!VALUE_BYTE[bytes[at] & 0xff]) {
        return "a control character in a field value";
      }
    }
    for (FieldName name : FOR_ONE_CONNECTION) {
      if (isNamed(list, index, name)) {
        return "a field for one connection";
      }
    }
    return null;
  }

  static boolean isNamed(HeaderList list, int index, FieldName name) {
    int from = list.nameStart(index);
    return list.hash(index) == name.hash()
        && name.matches(list.bytes(), from, list.nameEnd(index) - from);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
