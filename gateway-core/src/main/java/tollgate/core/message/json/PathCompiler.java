package tollgate.core.message.json;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.json.PathExpression.Logical;
import tollgate.core.message.json.PathExpression.Operator;
import tollgate.core.message.json.PathExpression.Query;
import tollgate.core.message.json.PathExpression.Segment;
import tollgate.core.message.json.PathExpression.Selector;
import tollgate.core.message.json.PathExpression.Value;

/**
 * The grammar of RFC 9535 by recursive descent; filters may stand in one another {@value
 * #MAX_NESTING} deep. One thread, once.
 *
 * <p>One class, since the grammar is one; its methods stand in the order of the RFC's sections.
 *
 * <p>More than 400 lines in one class: it is the grammar of one language over one position.
 */
final class PathCompiler {
  private static final int MAX_NESTING = 32;

  /** RFC 9535 2.1: the range of I-JSON. */
  private static final long MAX_INDEX = (1L << 53) - 1;

  private final String text;
  private int at;
  private int nesting;

  PathCompiler(String text) {
    this.text = text;
  }

  Query compile() {
    if (peek() != '$') {
      throw failure("a path begins with $");
    }
    at++;
    Query query = new Query(false, readSegments());
    if (at < text.length()) {
      throw failure("a segment begins with . or [");
    }
    return query;
  }

  private List<Segment> readSegments() {
    List<Segment> segments = new ArrayList<>();
    while (true) {
      int before = at;
      skipBlanks();
      if (peek() == '[') {
        segments.add(new Segment(false, readBrackets()));
      } else if (text.startsWith("..", at)) {
        at += 2;
        segments.add(new Segment(true, peek() == '[' ? readBrackets() : List.of(readShorthand())));
      } else if (peek() == '.') {
        at++;
        segments.add(new Segment(false, List.of(readShorthand())));
      } else {
        at = before; // blanks belong to what comes after
        return List.copyOf(segments);
      }
    }
  }

  private Selector readShorthand() {
    if (peek() == '*') {
      at++;
      return Selector.Wildcard.ALL;
    }
    int from = at;
    while (at < text.length() && isNameCharacter(text.codePointAt(at), at > from)) {
      at += Character.charCount(text.codePointAt(at));
    }
    if (at == from) {
      throw failure("expected a name, * or [");
    }
    return new Selector.Name(JsonName.of(text.substring(from, at)));
  }

  private static boolean isNameCharacter(int point, boolean mayBeDigit) {
    return (point >= 'a' && point <= 'z')
        || (point >= 'A' && point <= 'Z')
        || point == '_'
        || (point >= 0x80 && !isSurrogate(point))
        || (mayBeDigit && isDigit(point));
  }

  private static boolean isSurrogate(int point) {
    return point >= 0xd800 && point <= 0xdfff;
  }

  private List<Selector> readBrackets() {
    List<Selector> selectors = new ArrayList<>();
    do {
      at++; // [ or ,
      skipBlanks();
      selectors.add(readSelector());
      skipBlanks();
    } while (peek() == ',');
    take(']', "expected , or ]");
    return List.copyOf(selectors);
  }

  private Selector readSelector() {
    int c = peek();
    if (c == '\'' || c == '"') {
      return new Selector.Name(JsonName.of(readString()));
    }
    if (c == '*') {
      at++;
      return Selector.Wildcard.ALL;
    }
    if (c == '?') {
      at++;
      skipBlanks();
      return new Selector.Filter(readOr());
    }
    if (c == ':' || c == '-' || isDigit(c)) {
      return readIndexOrSlice();
    }
    throw failure("expected a name in quotes, an index, a slice, * or ?");
  }

  private Selector readIndexOrSlice() {
    Long start = peek() == ':' ? null : (Long) readInteger();
    int behindStart = at;
    skipBlanks();
    if (peek() != ':') {
      at = behindStart;
      if (start == null) {
        throw failure("expected :");
      }
      return new Selector.Index(start);
    }
    at++;
    skipBlanks();
    Long end = isInteger() ? (Long) readInteger() : null;
    skipBlanks();
    long step = 1;
    if (peek() == ':') {
      at++;
      skipBlanks();
      if (isInteger()) {
        step = readInteger();
      }
    }
    return new Selector.Slice(start, end, step);
  }

  private boolean isInteger() {
    return peek() == '-' || isDigit(peek());
  }

  private long readInteger() {
    int from = at;
    if (peek() == '-') {
      at++;
    }
    int digits = at;
    while (isDigit(peek())) {
      at++;
    }
    int length = at - digits;
    boolean isGood = length == 1 || (length > 1 && text.charAt(digits) != '0');
    if (!isGood || length > 16 || (digits > from && text.charAt(digits) == '0')) {
      at = from;
      throw failure("expected an integer without leading zeros");
    }
    long value = Long.parseLong(text, from, at, 10);
    if (Math.abs(value) > MAX_INDEX) {
      at = from;
      throw failure("expected an integer of 53 bits");
    }
    return value;
  }

  private String readString() {
    char quote = text.charAt(at);
    StringBuilder string = new StringBuilder();
    for (at++; ; at++) {
      int c = peek();
      if (c == quote) {
        at++;
        return string.toString();
      }
      if (c < ' ') {
        throw failure(c < 0 ? "a string that does not end" : "a control character in a string");
      }
      if (c == '\\') {
        readEscape(quote, string);
      } else if (!Character.isSurrogate((char) c)) {
        string.append((char) c);
      } else if (Character.isSupplementaryCodePoint(text.codePointAt(at))) {
        string.appendCodePoint(text.codePointAt(at++));
      } else {
        throw failure("half of a surrogate pair");
      }
    }
  }

  /** Stays on the last character of the escape. */
  private void readEscape(char quote, StringBuilder string) {
    at++;
    int c = peek();
    switch (c) {
      case 'b' -> string.append('\b');
      case 'f' -> string.append('\f');
      case 'n' -> string.append('\n');
      case 'r' -> string.append('\r');
      case 't' -> string.append('\t');
      case '/', '\\' -> string.append((char) c);
      case 'u' -> {
        char first = readHex();
        if (Character.isHighSurrogate(first) && text.startsWith("\\u", at + 1)) {
          at += 2;
          char second = readHex();
          if (!Character.isLowSurrogate(second)) {
            throw failure("half of a surrogate pair");
          }
          string.append(first).append(second);
        } else if (Character.isSurrogate(first)) {
          throw failure("half of a surrogate pair");
        } else {
          string.append(first);
        }
      }
      default -> {
        if (c != quote) {
          throw failure("an unknown escape");
        }
        string.append(quote);
      }
    }
  }

  /** Four digits behind the u, on the last of which it stays. */
  private char readHex() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      at++;
      int c = peek();
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw failure("expected four hexadecimal digits");
      }
      value = value << 4 | digit;
    }
    return (char) value;
  }

  private Logical readOr() {
    List<Logical> any = new ArrayList<>();
    any.add(readAnd());
    while (takeOperator("||")) {
      any.add(readAnd());
    }
    return any.size() == 1 ? any.getFirst() : new Logical.Or(List.copyOf(any));
  }

  private Logical readAnd() {
    List<Logical> all = new ArrayList<>();
    all.add(readBasic());
    while (takeOperator("&&")) {
      all.add(readBasic());
    }
    return all.size() == 1 ? all.getFirst() : new Logical.And(List.copyOf(all));
  }

  private boolean takeOperator(String operator) {
    int before = at;
    skipBlanks();
    if (!text.startsWith(operator, at)) {
      at = before;
      return false;
    }
    at += 2;
    skipBlanks();
    return true;
  }

  private Logical readBasic() {
    if (++nesting > MAX_NESTING) {
      throw failure("filters in filters deeper than " + MAX_NESTING);
    }
    Logical basic;
    if (peek() == '!') {
      at++;
      skipBlanks();
      basic = new Logical.Not(peek() == '(' ? readParentheses() : test(at, readTerm()));
    } else if (peek() == '(') {
      basic = readParentheses();
    } else {
      basic = readComparisonOrTest();
    }
    nesting--;
    return basic;
  }

  private Logical readParentheses() {
    at++;
    skipBlanks();
    Logical inner = readOr();
    skipBlanks();
    take(')', "expected )");
    return inner;
  }

  private Logical readComparisonOrTest() {
    int leftAt = at;
    PathExpression left = readTerm();
    int behindLeft = at;
    skipBlanks();
    Operator operator = takeComparison();
    if (operator == null) {
      at = behindLeft;
      return test(leftAt, left);
    }
    skipBlanks();
    int rightAt = at;
    PathExpression right = readTerm();
    return new Logical.Compare(operator, value(leftAt, left), value(rightAt, right));
  }

  private @Nullable Operator takeComparison() {
    int c = peek();
    boolean isEqual = at + 1 < text.length() && text.charAt(at + 1) == '=';
    Operator operator =
        switch (c) {
          case '=' -> isEqual ? Operator.EQUAL : null;
          case '!' -> isEqual ? Operator.NOT_EQUAL : null;
          case '<' -> isEqual ? Operator.LESS_OR_EQUAL : Operator.LESS;
          case '>' -> isEqual ? Operator.GREATER_OR_EQUAL : Operator.GREATER;
          default -> null;
        };
    if (operator != null) {
      at += isEqual ? 2 : 1;
    }
    return operator;
  }

  /** A literal, a query or a call. */
  private PathExpression readTerm() {
    int c = peek();
    if (c == '@' || c == '$') {
      at++;
      if (++nesting > MAX_NESTING) {
        throw failure("filters in filters deeper than " + MAX_NESTING);
      }
      Query query = new Query(c == '@', readSegments());
      nesting--;
      return query;
    }
    if (c == '\'' || c == '"') {
      String string = readString();
      return new Value.Literal(new JsonComposer(string.length()).string(string).finish());
    }
    if (c == '-' || isDigit(c)) {
      return readNumber();
    }
    return readWord();
  }

  private Value readNumber() {
    int from = at;
    while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String lexeme = text.substring(from, at);
    if (!JsonParser.isNumber(lexeme)) { // RFC 9535 2.3.5.1 has numbers as JSON has them
      at = from;
      throw failure("expected a number as JSON writes them");
    }
    return new Value.Literal(JsonParser.parse(lexeme));
  }

  private PathExpression readWord() {
    int from = at;
    while (isWordCharacter(peek())) {
      at++;
    }
    String word = text.substring(from, at);
    if (peek() == '(') {
      return readCall(from, word);
    }
    if (word.equals("true") || word.equals("false") || word.equals("null")) {
      return new Value.Literal(JsonParser.parse(word));
    }
    at = from;
    throw failure("expected a literal, a query or a function");
  }

  private static boolean isWordCharacter(int c) {
    return (c >= 'a' && c <= 'z') || c == '_' || isDigit(c);
  }

  private PathExpression readCall(int nameAt, String name) {
    if (++nesting > MAX_NESTING) {
      throw failure("filters in filters deeper than " + MAX_NESTING);
    }
    List<PathExpression> arguments = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    at++;
    skipBlanks();
    while (peek() != ')') {
      if (!arguments.isEmpty()) {
        take(',', "expected , or )");
        skipBlanks();
      }
      places.add(at);
      arguments.add(readTerm());
      skipBlanks();
    }
    at++;
    nesting--;
    int wanted =
        switch (name) {
          case "length", "count", "value" -> 1;
          case "match", "search" -> 2;
          default -> throw new JsonPathException("an unknown function", nameAt);
        };
    if (arguments.size() != wanted) {
      throw new JsonPathException(name + " takes " + wanted + " arguments", nameAt);
    }
    PathExpression first = arguments.getFirst();
    int firstAt = places.getFirst();
    return switch (name) {
      case "length" -> new Value.Length(value(firstAt, first));
      case "count" -> new Value.Count(query(firstAt, first));
      case "value" -> new Value.Only(query(firstAt, first));
      default ->
          matches(
              value(firstAt, first),
              value(places.getLast(), arguments.getLast()),
              name.equals("match"));
    };
  }

  private static Logical matches(Value text, Value pattern, boolean isWhole) {
    Regexp compiled = null;
    if (pattern instanceof Value.Literal literal
        && literal.value().kind(JsonDocument.ROOT) == JsonKind.STRING) {
      compiled = Regexp.compile(literal.value().string(JsonDocument.ROOT));
    }
    return new Logical.Matches(text, pattern, compiled, isWhole);
  }

  /** RFC 9535 2.4.3: what stands where a condition must. */
  private static Logical test(int place, PathExpression term) {
    return switch (term) {
      case Query query -> new Logical.Exists(query);
      case Logical logical -> logical;
      case Value _ -> throw new JsonPathException("a value where a condition must stand", place);
    };
  }

  /** RFC 9535 2.4.3: what stands where a value must. */
  private static Value value(int place, PathExpression term) {
    return switch (term) {
      case Value value -> value;
      case Query query -> {
        if (!query.isSingular()) {
          throw new JsonPathException("a query that may select several nodes", place);
        }
        yield new Value.Singular(query);
      }
      case Logical _ -> throw new JsonPathException("a condition where a value must stand", place);
    };
  }

  private static Query query(int place, PathExpression term) {
    if (term instanceof Query query) {
      return query;
    }
    throw new JsonPathException("expected a query", place);
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void take(char wanted, String otherwise) {
    if (peek() != wanted) {
      throw failure(otherwise);
    }
    at++;
  }

  /** The character here, -1 at the end. */
  private int peek() {
    return at < text.length() ? text.charAt(at) : -1;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private JsonPathException failure(String reason) {
    return new JsonPathException(at >= text.length() ? "an early end" : reason, at);
  }
}
