package tollgate.core.message;

import java.util.HexFormat;
import tollgate.core.message.xml.XmlCharacters;

/**
 * Names of members as names of elements in the shape of WSO2, and back. Any thread.
 *
 * <p>{@code $a} is {@code _JsonReader_PS_a} and {@code 1a} is {@code _JsonReader_PD_1a}, as it is
 * there. A character that cannot stand in a name, where WSO2 fails, is {@code _x0020_}, as ISO
 * 9075-14 has it; so is an underscore that would be read so.
 */
final class XmlNames {
  private static final String DOLLAR = "_JsonReader_PS_";
  private static final String DIGIT = "_JsonReader_PD_";

  private XmlNames() {}

  /** Of any member name; the result is a name without a colon. */
  static String encode(String member) {
    if (XmlCharacters.isNcName(member) && !member.contains("_x")) {
      return member;
    }
    if (!member.isEmpty() && member.charAt(0) == '$') {
      return DOLLAR + encodeFrom(member, 1, false);
    }
    if (!member.isEmpty() && member.charAt(0) >= '0' && member.charAt(0) <= '9') {
      return DIGIT + encodeFrom(member, 0, false);
    }
    return member.isEmpty() ? "_x_" : encodeFrom(member, 0, true);
  }

  /** Of an element's name without its prefix. */
  static String decode(String element) {
    if (element.startsWith(DOLLAR)) {
      return '$' + decodeEscapes(element.substring(DOLLAR.length()));
    }
    if (element.startsWith(DIGIT)) {
      return decodeEscapes(element.substring(DIGIT.length()));
    }
    return element.equals("_x_") ? "" : decodeEscapes(element);
  }

  private static String encodeFrom(String member, int from, boolean isFirst) {
    StringBuilder name = new StringBuilder(member.length() + 16);
    for (int i = from; i < member.length(); ) {
      int point = member.codePointAt(i);
      boolean isGood =
          (isFirst && i == from) ? XmlCharacters.isNameStart(point) : XmlCharacters.isName(point);
      if (isGood && !(point == '_' && member.startsWith("x", i + 1))) {
        name.appendCodePoint(point);
      } else {
        HexFormat hex = HexFormat.of().withUpperCase();
        name.append("_x")
            .append(point > 0xffff ? hex.toHexDigits(point) : hex.toHexDigits((char) point))
            .append('_');
      }
      i += Character.charCount(point);
    }
    return name.toString();
  }

  private static String decodeEscapes(String element) {
    int at = element.indexOf("_x");
    if (at < 0) {
      return element;
    }
    StringBuilder name = new StringBuilder(element.length());
    int plain = 0;
    while (at >= 0) {
      int end = element.indexOf('_', at + 2);
      int point = end < 0 ? -1 : point(element, at + 2, end);
      if (point < 0) {
        at = element.indexOf("_x", at + 2);
        continue;
      }
      name.append(element, plain, at);
      if (point > 0xffff) {
        name.appendCodePoint(point);
      } else {
        name.append((char) point); // may be half of a pair
      }
      plain = end + 1;
      at = element.indexOf("_x", plain);
    }
    return name.append(element, plain, element.length()).toString();
  }

  /** What four or eight digits name; -1 for other text. */
  private static int point(String text, int from, int to) {
    if (to - from != 4 && to - from != 8) {
      return -1;
    }
    for (int i = from; i < to; i++) {
      if (!HexFormat.isHexDigit(text.charAt(i))) {
        return -1;
      }
    }
    long point = HexFormat.fromHexDigitsToLong(text, from, to);
    return point <= Character.MAX_CODE_POINT ? (int) point : -1;
  }
}
