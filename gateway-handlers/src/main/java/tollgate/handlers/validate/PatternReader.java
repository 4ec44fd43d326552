package tollgate.handlers.validate;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a regular expression of ECMA-262 (with the flag u, as JSON Schema means it) and writes it
 * for RE2 and for {@code java.util.regex}, both with the meaning it had. One thread, used once.
 *
 * <p>What RE2 does not have, look-around and references back, is noted: such an expression can only
 * be matched by trying.
 *
 * <p>More than 400 lines in one class: it is the grammar of one language over one position.
 */
final class PatternReader {
  /** More, with counted repetitions written out, is refused. */
  static final int MAX_SIZE = 10_000;

  /** RE2's own bound. */
  private static final int MAX_RE2_COUNT = 1000;

  private static final int MAX_DEPTH = 100;

  private static final CodePoints DIGITS = CodePoints.of('0', '9');
  private static final CodePoints WORD = CodePoints.of('0', '9', 'A', 'Z', '_', '_', 'a', 'z');
  private static final CodePoints SPACE =
      CodePoints.of(
          '\t', '\r', ' ', ' ', 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f,
          0x202f, 0x205f, 0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff);
  private static final CodePoints LINE_ENDS = CodePoints.of('\n', '\n', '\r', '\r', 0x2028, 0x2029);

  private static final Pattern COUNT = Pattern.compile("\\{([0-9]{1,9})(,([0-9]{0,9}))?}");
  private static final Pattern GROUP_NAME = Pattern.compile("<([\\p{L}_$][\\p{L}\\p{N}_$]*)>");
  private static final Pattern PROPERTY =
      Pattern.compile("\\{(?:(General_Category|gc|Script|sc|Script_Extensions|scx)=)?(\\w+)}");

  private static final Map<String, String> CATEGORIES = categories();

  private final String source;
  private final StringBuilder re2 = new StringBuilder();
  private final StringBuilder java = new StringBuilder();
  private final Map<String, Integer> groups = new HashMap<>();
  private boolean isLinear = true;
  private int groupCount;
  private int at;
  private int depth;

  /**
   * What was read.
   *
   * @param isLinear whether RE2 can match it
   * @param size in steps, repetitions written out
   */
  record Result(String re2, String java, boolean isLinear, int size) {}

  private PatternReader(String source) {
    this.source = source;
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException if it is none; the message goes on from it
   */
  static Result read(String source) {
    PatternReader reader = new PatternReader(source);
    reader.nameGroups();
    long size = reader.alternatives();
    if (reader.at < source.length()) {
      throw reader.bad("a parenthesis that closes nothing");
    }
    return new Result(reader.re2.toString(), reader.java.toString(), reader.isLinear, (int) size);
  }

  /** Numbers all named groups: a reference may stand before its group. */
  private void nameGroups() {
    int number = 0;
    boolean inClass = false;
    for (int i = 0; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == '\\') {
        i++;
      } else if (inClass) {
        inClass = c != ']';
      } else if (c == '[') {
        inClass = true;
      } else if (c == '(') {
        boolean isNamed = source.startsWith("?<", i + 1) && !isLookBehind(i + 1);
        if (isNamed || !source.startsWith("?", i + 1)) {
          number++;
        }
        Matcher name = GROUP_NAME.matcher(source);
        if (isNamed && name.region(i + 2, source.length()).lookingAt()) {
          groups.put(name.group(1), number);
        }
      }
    }
    groupCount = number;
  }

  private boolean isLookBehind(int index) {
    return source.startsWith("?<=", index) || source.startsWith("?<!", index);
  }

  private long alternatives() {
    long size = sequence();
    while (peek() == '|') {
      at++;
      write("|");
      size += sequence() + 1;
      check(size);
    }
    return size;
  }

  private long sequence() {
    long size = 0;
    while (at < source.length() && peek() != '|' && peek() != ')') {
      size += term();
      check(size);
    }
    return size;
  }

  private void check(long size) {
    if (size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "is larger than " + MAX_SIZE + " steps with its repetitions written out");
    }
  }

  private long term() {
    int re2Start = re2.length();
    int javaStart = java.length();
    char c = peek();
    boolean isAssertion = false;
    long size = 1;
    switch (c) {
      case '^' -> {
        at++;
        write("\\A");
        isAssertion = true;
      }
      case '$' -> {
        at++;
        write("\\z");
        isAssertion = true;
      }
      case '(' -> {
        isAssertion =
            source.startsWith("?=", at + 1)
                || source.startsWith("?!", at + 1)
                || isLookBehind(at + 1);
        size = group();
      }
      case '[' -> brackets();
      case '.' -> {
        at++;
        write("[^" + LINE_ENDS.text() + "]");
      }
      case '\\' -> isAssertion = escape();
      case '*', '+', '?' -> throw bad("a repetition of nothing");
      case '{' -> {
        if (COUNT.matcher(source).region(at, source.length()).lookingAt()) {
          throw bad("a repetition of nothing");
        }
        at++;
        write(CodePoints.literal(c));
      }
      default -> {
        int codePoint = source.codePointAt(at);
        at += Character.charCount(codePoint);
        write(CodePoints.literal(codePoint));
      }
    }
    return isAssertion && !isRepetition() ? size : quantified(size, re2Start, javaStart);
  }

  private boolean isRepetition() {
    return switch (peek()) {
      case '*', '+', '?' -> at < source.length();
      case '{' -> COUNT.matcher(source).region(at, source.length()).lookingAt();
      default -> false;
    };
  }

  private long quantified(long size, int re2Start, int javaStart) {
    if (!isRepetition()) {
      return size;
    }
    // What was written may be several atoms to the engine, or end in a digit or quantifier of its
    // own.
    re2.insert(re2Start, "(?:").append(')');
    java.insert(javaStart, "(?:").append(')');
    long times = 1;
    Matcher count = COUNT.matcher(source);
    if (peek() == '{' && count.region(at, source.length()).lookingAt()) {
      int min = Integer.parseInt(count.group(1));
      String upper = count.group(3);
      int max =
          count.group(2) == null
              ? min
              : upper == null || upper.isEmpty() ? -1 : Integer.parseInt(upper);
      if (max >= 0 && max < min) {
        throw bad("a repetition whose bounds are the wrong way round");
      }
      times = Math.max(1, max < 0 ? min + 1L : max);
      isLinear &= times <= MAX_RE2_COUNT;
      write(count.group());
      at = count.end();
    } else {
      write(String.valueOf(peek()));
      at++;
    }
    if (peek() == '?' && at < source.length()) {
      at++;
      write("?");
    }
    long all = (size + 1) * times;
    check(all);
    return all;
  }

  private long group() {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException("has groups nested deeper than " + MAX_DEPTH);
    }
    at++;
    if (source.startsWith("?:", at)) {
      at += 2;
      write("(?:");
    } else if (source.startsWith("?=", at) || source.startsWith("?!", at)) {
      isLinear = false;
      write("(" + source.substring(at, at + 2));
      at += 2;
    } else if (isLookBehind(at)) {
      isLinear = false;
      write("(" + source.substring(at, at + 3));
      at += 3;
    } else {
      if (source.startsWith("?", at)) {
        Matcher name = GROUP_NAME.matcher(source);
        if (!source.startsWith("?<", at) || !name.region(at + 1, source.length()).lookingAt()) {
          throw bad("a group of an unknown kind");
        }
        at = name.end();
      }
      re2.append("(?:");
      java.append('(');
    }
    long size = alternatives() + 1;
    if (peek() != ')' || at >= source.length()) {
      throw bad("a group without an end");
    }
    at++;
    write(")");
    depth--;
    return size;
  }

  /** Outside of brackets; true for an assertion. */
  private boolean escape() {
    if (at + 1 >= source.length()) {
      throw bad("a backslash at its end");
    }
    char c = source.charAt(at + 1);
    switch (c) {
      case 'b', 'B' -> {
        at += 2;
        write("\\" + c);
        return true;
      }
      case 'k' -> {
        Matcher name = GROUP_NAME.matcher(source).region(at + 2, source.length());
        Integer number = name.lookingAt() ? groups.get(name.group(1)) : null;
        if (number == null) {
          throw bad("a reference to a group that is not there");
        }
        at = name.end();
        backReference(number);
      }
      case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        int end = at + 1;
        while (end < source.length() && end < at + 4 && Character.isDigit(source.charAt(end))) {
          end++;
        }
        int number = Integer.parseInt(source.substring(at + 1, end));
        if (number > groupCount) {
          throw bad("a reference to a group that is not there");
        }
        at = end;
        backReference(number);
      }
      case 'p', 'P' -> property("[", "]");
      default -> {
        CodePoints set = set(c);
        if (set != null) {
          at += 2;
          write("[" + set.text() + "]");
        } else {
          write(CodePoints.literal(character()));
        }
      }
    }
    return false;
  }

  private void backReference(int number) {
    isLinear = false;
    re2.append("()"); // never used
    java.append("(?:\\").append(number).append(')');
  }

  /** The set of {@code \d} and its like, or null. */
  private static @Nullable CodePoints set(char c) {
    return switch (c) {
      case 'd' -> DIGITS;
      case 'D' -> DIGITS.complement();
      case 'w' -> WORD;
      case 'W' -> WORD.complement();
      case 's' -> SPACE;
      case 'S' -> SPACE.complement();
      default -> null;
    };
  }

  /** {@code \p} or {@code \P} at the present place. */
  private void property(String before, String after) {
    char letter = source.charAt(at + 1);
    Matcher matcher = PROPERTY.matcher(source).region(at + 2, source.length());
    if (!matcher.lookingAt()) {
      throw bad("a property that is not understood");
    }
    String kind = matcher.group(1);
    String name = matcher.group(2);
    boolean isScript = kind != null && (kind.startsWith("S") || kind.startsWith("s"));
    String category = isScript ? null : CATEGORIES.get(name);
    if (category != null) {
      write(before + "\\" + letter + "{" + category + "}" + after);
    } else if (isScript) {
      re2.append(before).append('\\').append(letter).append('{').append(name).append('}');
      re2.append(after);
      java.append(before).append('\\').append(letter).append("{Is").append(name).append('}');
      java.append(after);
    } else if (kind == null && name.equals("Any")) {
      CodePoints any = CodePoints.of(0, CodePoints.MAX);
      write(before + (letter == 'p' ? any : any.complement()).text() + after);
    } else if (kind == null && name.equals("ASCII")) {
      CodePoints ascii = CodePoints.of(0, 0x7f);
      write(before + (letter == 'p' ? ascii : ascii.complement()).text() + after);
    } else if (kind == null) {
      isLinear = false; // RE2 has no binary properties
      java.append(before).append('\\').append(letter).append("{Is").append(name).append('}');
      java.append(after);
    } else {
      throw bad("a property that is not understood");
    }
    at = matcher.end();
  }

  private void brackets() {
    at++;
    boolean isNegated = peek() == '^' && at < source.length();
    at += isNegated ? 1 : 0;
    CodePoints points = new CodePoints();
    int re2Start = re2.length();
    int javaStart = java.length();
    while (true) {
      if (at >= source.length()) {
        throw bad("a bracket without an end");
      }
      if (peek() == ']') {
        at++;
        break;
      }
      member(points);
    }
    boolean isEmpty = points.isEmpty() && re2.length() == re2Start && java.length() == javaStart;
    if (isEmpty) {
      CodePoints all = CodePoints.of(0, CodePoints.MAX);
      write((isNegated ? "[" : "[^") + all.text() + "]");
      return;
    }
    String open = isNegated ? "[^" : "[";
    re2.insert(re2Start, open).append(points.text()).append(']');
    java.insert(javaStart, open).append(points.text()).append(']');
  }

  /** One member of a class, or a range; properties are written at once. */
  private void member(CodePoints points) {
    if (peek() == '\\' && at + 1 < source.length()) {
      char c = source.charAt(at + 1);
      CodePoints set = set(c);
      if (set != null) {
        at += 2;
        points.addAll(set);
        return;
      }
      if (c == 'p' || c == 'P') {
        property("", "");
        return;
      }
    }
    int from = classCharacter();
    if (peek() == '-' && at + 1 < source.length() && source.charAt(at + 1) != ']') {
      int dash = at++;
      if (peek() == '\\' && at + 1 < source.length() && set(source.charAt(at + 1)) != null) {
        at = dash; // [a-\d]: no range; the dash is taken for itself
        points.add(from, from);
        at++;
        points.add('-', '-');
        return;
      }
      int to = classCharacter();
      if (to < from) {
        throw bad("a range that is the wrong way round");
      }
      points.add(from, to);
    } else {
      points.add(from, from);
    }
  }

  private int classCharacter() {
    if (peek() != '\\') {
      int codePoint = source.codePointAt(at);
      at += Character.charCount(codePoint);
      return codePoint;
    }
    if (source.startsWith("\\b", at)) {
      at += 2;
      return '\b';
    }
    return character();
  }

  /** The character that an escape at the present place stands for. */
  private int character() {
    if (at + 1 >= source.length()) {
      throw bad("a backslash at its end");
    }
    char c = source.charAt(at + 1);
    at += 2;
    return switch (c) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'v' -> 0x0b;
      case 'f' -> '\f';
      case 'r' -> '\r';
      case '0' -> 0;
      case 'c' -> {
        char letter = peek();
        if (!((letter | 0x20) >= 'a' && (letter | 0x20) <= 'z')) {
          throw bad("an escape that is not understood");
        }
        at++;
        yield letter & 0x1f;
      }
      case 'x' -> hex(2);
      case 'u' -> unicode();
      default -> {
        if (Character.isLetterOrDigit(c)) {
          throw bad("an escape that is not understood");
        }
        at--;
        int codePoint = source.codePointAt(at);
        at += Character.charCount(codePoint);
        yield codePoint;
      }
    };
  }

  private int unicode() {
    if (peek() == '{') {
      int end = source.indexOf('}', at);
      String digits = end < 0 ? "" : source.substring(at + 1, end);
      if (!digits.matches("[0-9A-Fa-f]{1,6}") || Integer.parseInt(digits, 16) > CodePoints.MAX) {
        throw bad("an escape that is not understood");
      }
      at = end + 1;
      return Integer.parseInt(digits, 16);
    }
    int unit = hex(4);
    if (Character.isHighSurrogate((char) unit) && source.startsWith("\\u", at)) {
      int before = at;
      at += 2;
      int low = hex(4);
      if (Character.isLowSurrogate((char) low)) {
        return Character.toCodePoint((char) unit, (char) low);
      }
      at = before;
    }
    return unit;
  }

  private int hex(int count) {
    int end = at + count;
    String digits = end > source.length() ? "" : source.substring(at, end);
    if (!digits.matches("[0-9A-Fa-f]+")) {
      throw bad("an escape that is not understood");
    }
    at = end;
    return Integer.parseInt(digits, 16);
  }

  private char peek() {
    return at < source.length() ? source.charAt(at) : '\0';
  }

  private void write(String text) {
    re2.append(text);
    java.append(text);
  }

  private IllegalArgumentException bad(String what) {
    return new IllegalArgumentException(
        "is no regular expression of ECMA-262: at " + at + " is " + what);
  }

  private static Map<String, String> categories() {
    Map<String, String> all = new HashMap<>();
    String pairs =
        "L Letter, Lu Uppercase_Letter, Ll Lowercase_Letter, Lt Titlecase_Letter,"
            + " Lm Modifier_Letter, Lo Other_Letter, M Mark, Mn Nonspacing_Mark,"
            + " Mc Spacing_Mark, Me Enclosing_Mark, N Number, Nd Decimal_Number,"
            + " Nl Letter_Number, No Other_Number, P Punctuation, Pc Connector_Punctuation,"
            + " Pd Dash_Punctuation, Ps Open_Punctuation, Pe Close_Punctuation,"
            + " Pi Initial_Punctuation, Pf Final_Punctuation, Po Other_Punctuation, S Symbol,"
            + " Sm Math_Symbol, Sc Currency_Symbol, Sk Modifier_Symbol, So Other_Symbol,"
            + " Z Separator, Zs Space_Separator, Zl Line_Separator, Zp Paragraph_Separator,"
            + " C Other, Cc Control, Cf Format, Co Private_Use, Cs Surrogate";
    for (String pair : pairs.split(", ", -1)) {
      int space = pair.indexOf(' ');
      all.put(pair.substring(0, space), pair.substring(0, space));
      all.put(pair.substring(space + 1), pair.substring(0, space));
    }
    all.put("digit", "Nd");
    all.put("punct", "P");
    all.put("cntrl", "Cc");
    return Map.copyOf(all);
  }
}
