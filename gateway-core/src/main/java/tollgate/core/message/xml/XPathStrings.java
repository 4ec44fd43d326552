package tollgate.core.message.xml;

import java.util.HashMap;
import java.util.Map;

/** What XPath's functions do to strings; a character is a code point. Pure. */
final class XPathStrings {
  private XPathStrings() {}

  /** To the nearest whole number, halves up (4.4); NaN and infinities stay. */
  static double rounded(double value) {
    return Double.isNaN(value) || Double.isInfinite(value) ? value : Math.floor(value + 0.5);
  }

  /** The characters at positions {@code from} to before {@code end}, counted from 1 (4.2). */
  static String substring(String text, double from, double end) {
    StringBuilder part = new StringBuilder();
    int position = 1;
    for (int i = 0; i < text.length(); position++) {
      int c = text.codePointAt(i);
      if (position >= from && position < end) {
        part.appendCodePoint(c);
      }
      i += Character.charCount(c);
    }
    return part.toString();
  }

  /** White space at the ends away, and each run of it one space. */
  static String normalized(String text) {
    StringBuilder normal = new StringBuilder(text.length());
    boolean isSpaced = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (XmlCharacters.isSpace(c)) {
        isSpaced = !normal.isEmpty();
      } else {
        if (isSpaced) {
          normal.append(' ');
          isSpaced = false;
        }
        normal.append(c);
      }
    }
    return normal.toString();
  }

  /** Each character of {@code from} replaced by its counterpart in {@code to}, or left out. */
  static String translated(String text, String from, String to) {
    int[] sources = from.codePoints().toArray();
    int[] targets = to.codePoints().toArray();
    Map<Integer, Integer> map = new HashMap<>();
    for (int i = 0; i < sources.length; i++) {
      map.putIfAbsent(sources[i], i < targets.length ? targets[i] : -1);
    }
    StringBuilder made = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> map.getOrDefault(c, c))
        .filter(c -> c >= 0)
        .forEach(made::appendCodePoint);
    return made.toString();
  }
}
