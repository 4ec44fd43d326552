package tollgate.config.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON file as a located tree: RFC 8259 to the letter, and no member twice. One thread, used
 * once.
 *
 * <p>Strings become {@link ScalarNode.Form#QUOTED} scalars, numbers and literals {@link
 * ScalarNode.Form#PLAIN} ones as they are written, so that YAML and JSON files look alike to
 * readers. Reading ends at the first error; it does not recurse.
 */
final class JsonDocumentText {
  private final String file;
  private final String text;
  private final int maxDepth;
  private final Deque<Open> open = new ArrayDeque<>();
  private int at;
  private int line = 1;
  private int lineStart;

  /** Characters beyond the first of a code point on this line: columns count code points. */
  private int extraOnLine;

  /** A list or map whose end has not been seen; {@code key} is that of the member being read. */
  private static final class Open {
    final Location location;
    final boolean isMap;
    final List<ConfigNode> items = new ArrayList<>();
    final List<MapNode.Entry> entries = new ArrayList<>();
    final Set<String> names = new HashSet<>();
    @Nullable String key;
    @Nullable Location keyLocation;

    Open(Location location, boolean isMap) {
      this.location = location;
      this.isMap = isMap;
    }

    void add(ConfigNode node) {
      String name = key;
      Location place = keyLocation;
      if (name != null && place != null) {
        entries.add(new MapNode.Entry(name, place, node));
        key = null;
      } else {
        items.add(node);
      }
    }

    ConfigNode close() {
      return isMap ? new MapNode(location, entries) : new ListNode(location, items);
    }
  }

  /** What ends the reading. */
  private static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    SyntaxException(String message) {
      super(message, null, false, false);
    }
  }

  private JsonDocumentText(String file, String text, int maxDepth) {
    this.file = file;
    this.text = text;
    this.maxDepth = maxDepth;
  }

  /** Parses decoded text; one document, or one problem. */
  static ParsedText parse(String file, String text, int maxDepth) {
    JsonDocumentText reader = new JsonDocumentText(file, text, maxDepth);
    try {
      return new ParsedText(List.of(reader.document()), List.of(), true);
    } catch (SyntaxException e) {
      String message = "JSON syntax: " + e.getMessage();
      return new ParsedText(
          List.of(), List.of(new TextProblem(reader.here(), reader.path(), message)), false);
    }
  }

  private ConfigNode document() throws SyntaxException {
    ConfigNode done = null;
    while (done == null) {
      ConfigNode node = value();
      while (node != null) { // complete: goes into its parent, which it may complete in turn
        Open parent = open.peek();
        if (parent == null) {
          done = node;
          break;
        }
        parent.add(node);
        node = behind(parent);
      }
    }
    blank();
    if (at < text.length()) {
      throw unexpected("the end");
    }
    return done;
  }

  /** The next value; null when it is a list or map that has been opened and has content. */
  private @Nullable ConfigNode value() throws SyntaxException {
    blank();
    Location place = here();
    return switch (peek()) {
      case '{' -> opened(new Open(place, true), '}');
      case '[' -> opened(new Open(place, false), ']');
      case '"' -> {
        String string = string();
        yield new ScalarNode(place, string, string, ScalarNode.Form.QUOTED);
      }
      default -> {
        String word = word();
        yield new ScalarNode(place, word, word, ScalarNode.Form.PLAIN);
      }
    };
  }

  private @Nullable ConfigNode opened(Open next, char end) throws SyntaxException {
    if (open.size() == maxDepth) {
      throw new SyntaxException("nested deeper than " + maxDepth + " levels");
    }
    at++;
    blank();
    if (peek() == end) {
      at++;
      return next.close();
    }
    open.push(next);
    if (next.isMap) {
      name(next);
    }
    return null;
  }

  /** What stands behind a value: a comma and more (null), or the end of its parent. */
  private @Nullable ConfigNode behind(Open parent) throws SyntaxException {
    blank();
    char c = peek();
    if (c == ',') {
      at++;
      if (parent.isMap) {
        blank();
        name(parent);
      }
      return null;
    }
    if (c != (parent.isMap ? '}' : ']')) {
      throw unexpected(parent.isMap ? "a comma or }" : "a comma or ]");
    }
    at++;
    open.pop();
    return parent.close();
  }

  private void name(Open map) throws SyntaxException {
    if (peek() != '"') {
      throw unexpected("a name in quotes");
    }
    Location place = here();
    int start = at;
    String name = string();
    if (!map.names.add(name)) {
      at = start;
      throw new SyntaxException(Quoted.of(name) + " is there twice");
    }
    map.key = name;
    map.keyLocation = place;
    blank();
    if (peek() != ':') {
      throw unexpected("a colon");
    }
    at++;
  }

  private String word() throws SyntaxException {
    int start = at;
    int end = at;
    while (end < text.length() && isWordPart(text.charAt(end))) {
      end++;
    }
    String word = text.substring(start, end);
    boolean good =
        switch (word) {
          case "true", "false", "null" -> true;
          default -> isNumber(word);
        };
    if (!good) {
      throw unexpected("a value");
    }
    at = end;
    return word;
  }

  private static boolean isWordPart(char c) {
    return (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '-'
        || c == '+'
        || c == '.';
  }

  /** RFC 8259 6. */
  private static boolean isNumber(String word) {
    int length = word.length();
    int i = word.startsWith("-") ? 1 : 0;
    int digits = digits(word, i);
    if (digits == 0 || (digits > 1 && word.charAt(i) == '0')) {
      return false;
    }
    i += digits;
    if (i < length && word.charAt(i) == '.') {
      digits = digits(word, ++i);
      if (digits == 0) {
        return false;
      }
      i += digits;
    }
    if (i < length && (word.charAt(i) == 'e' || word.charAt(i) == 'E')) {
      i++;
      if (i < length && (word.charAt(i) == '+' || word.charAt(i) == '-')) {
        i++;
      }
      digits = digits(word, i);
      if (digits == 0) {
        return false;
      }
      i += digits;
    }
    return i == length;
  }

  private static int digits(String word, int from) {
    int i = from;
    while (i < word.length() && word.charAt(i) >= '0' && word.charAt(i) <= '9') {
      i++;
    }
    return i - from;
  }

  private String string() throws SyntaxException {
    StringBuilder out = new StringBuilder();
    at++;
    while (true) {
      char c = peek();
      if (c == '"' && at < text.length()) {
        at++;
        return out.toString();
      }
      if (at >= text.length() || c < ' ') {
        throw unexpected("the end of a string");
      }
      at++;
      if (c == '\\') {
        escape(out);
      } else {
        extraOnLine += Character.isLowSurrogate(c) ? 1 : 0;
        out.append(c);
      }
    }
  }

  private void escape(StringBuilder out) throws SyntaxException {
    char c = peek();
    switch (c) {
      case '"', '\\', '/' -> out.append(c);
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'u' -> {
        if (at + 5 > text.length()) {
          throw unexpected("four hex digits");
        }
        int unit = 0;
        for (int i = 1; i <= 4; i++) {
          int digit = Character.digit(text.charAt(at + i), 16);
          if (digit < 0 || text.charAt(at + i) > 'f') {
            throw unexpected("four hex digits");
          }
          unit = unit << 4 | digit;
        }
        out.append((char) unit);
        at += 4;
      }
      default -> throw unexpected("an escape");
    }
    at++;
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void blank() {
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\n') {
        line++;
        lineStart = at + 1;
        extraOnLine = 0;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
    }
  }

  private SyntaxException unexpected(String expected) {
    String found = at >= text.length() ? "the file ends" : Quoted.of(text.substring(at, end()));
    return new SyntaxException(found + " (expected: " + expected + ")");
  }

  private int end() {
    return text.offsetByCodePoints(at, 1);
  }

  private Location here() {
    return new Location(file, line, at - lineStart - extraOnLine + 1);
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    open.descendingIterator()
        .forEachRemaining(level -> {
          if (level.key != null) {
            path.append(path.isEmpty() ? "" : ".").append(Quoted.escaped(level.key));
          } else if (!level.isMap) {
            path.append('[').append(level.items.size()).append(']');
          }
        });
    return path.toString();
  }
}
