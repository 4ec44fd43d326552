package tollgate.core.message.xml;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokens of an expression (3.7), and a position among them. One thread. */
final class XPathTokens {
  /** What a token is; operators that are names have {@link Kind#NAME}, and a mark. */
  enum Kind {
    NAME,
    LITERAL,
    NUMBER,
    SYMBOL
  }

  /**
   * @param text of a literal what stands between the quotes
   * @param isOperator whether it stands where only an operator can
   */
  record Token(Kind kind, String text, int offset, boolean isOperator) {}

  private static final String[] SYMBOLS = {
    "//", "::", "..", "!=", "<=", ">=", "/", "|", "+", "-", "=", "<", ">", "(", ")", "[", "]", ".",
    "@", ",", "*", "$"
  };

  private final String expression;
  private final List<Token> tokens = new ArrayList<>();
  private int scanned;
  private int at;

  XPathTokens(String expression) throws XmlPathException {
    this.expression = expression;
    while (true) {
      skipSpace();
      if (scanned == expression.length()) {
        break;
      }
      tokens.add(scan());
    }
  }

  int count() {
    return tokens.size();
  }

  int offset(int index) {
    return tokens.get(index).offset;
  }

  /** Where the next token stands. */
  int offset() {
    return at < tokens.size() ? tokens.get(at).offset : expression.length();
  }

  boolean isAtEnd() {
    return at == tokens.size();
  }

  Token next() throws XmlPathException {
    if (isAtEnd()) {
      throw problem("the expression ends too early");
    }
    return tokens.get(at++);
  }

  boolean take(String symbol) {
    return takes(symbol, false);
  }

  boolean takeOperator(String operator) {
    return takes(operator, true);
  }

  @Nullable String takeLiteral() {
    return !isAtEnd() && tokens.get(at).kind == Kind.LITERAL ? tokens.get(at++).text : null;
  }

  void require(String symbol) throws XmlPathException {
    if (!take(symbol)) {
      throw problem(symbol + " was expected");
    }
  }

  boolean isName() {
    return !isAtEnd() && tokens.get(at).kind == Kind.NAME && !tokens.get(at).isOperator;
  }

  boolean isAxis() {
    return isName() && is(at + 1, "::");
  }

  boolean isStep() {
    return isName() || is(at, "*") || is(at, "@") || is(at, ".") || is(at, "..");
  }

  /** Whether a literal, number, parenthesis, variable or call of a function comes next. */
  boolean isPrimary() {
    if (isAtEnd()) {
      return false;
    }
    Token token = tokens.get(at);
    return switch (token.kind) {
      case LITERAL, NUMBER -> true;
      case SYMBOL -> token.text.equals("(") || token.text.equals("$");
      case NAME ->
          !token.isOperator
              && is(at + 1, "(")
              && switch (token.text) {
                case "node", "text", "comment", "processing-instruction" -> false;
                default -> true;
              };
    };
  }

  XmlPathException problem(String reason) {
    return new XmlPathException(reason, offset());
  }

  private boolean takes(String text, boolean isOperator) {
    if (!isAtEnd()) {
      Token token = tokens.get(at);
      boolean isRight = token.kind == Kind.SYMBOL || (isOperator && token.kind == Kind.NAME);
      if (isRight && token.text.equals(text) && (token.isOperator || !isWord(text, isOperator))) {
        at++;
        return true;
      }
    }
    return false;
  }

  /** Whether the text is an operator only where one can stand: a name, or a star. */
  private static boolean isWord(String text, boolean isOperator) {
    return isOperator && (text.equals("*") || Character.isLetter(text.charAt(0)));
  }

  private boolean is(int index, String symbol) {
    return index < tokens.size()
        && tokens.get(index).kind == Kind.SYMBOL
        && tokens.get(index).text.equals(symbol);
  }

  private Token scan() throws XmlPathException {
    int start = scanned;
    char c = expression.charAt(start);
    if (c == '"' || c == '\'') {
      int close = expression.indexOf(c, start + 1);
      if (close < 0) {
        throw new XmlPathException("a string that does not end", start);
      }
      scanned = close + 1;
      return new Token(Kind.LITERAL, expression.substring(start + 1, close), start, false);
    }
    if (isDigit(start) || (c == '.' && isDigit(start + 1))) {
      return number(start);
    }
    boolean isOperator = isOperatorNext();
    for (String symbol : SYMBOLS) {
      if (expression.startsWith(symbol, start)) {
        scanned = start + symbol.length();
        return new Token(Kind.SYMBOL, symbol, start, isOperator);
      }
    }
    return name(start, isOperator);
  }

  private Token number(int start) {
    while (isDigit(scanned)) {
      scanned++;
    }
    if (scanned < expression.length() && expression.charAt(scanned) == '.') {
      scanned++;
      while (isDigit(scanned)) {
        scanned++;
      }
    }
    return new Token(Kind.NUMBER, expression.substring(start, scanned), start, false);
  }

  /** A name, with a prefix if one stands before a colon, and a star perhaps behind it. */
  private Token name(int start, boolean isOperator) throws XmlPathException {
    skipName();
    if (scanned == start) {
      throw new XmlPathException("a character that does not belong here", start);
    }
    if (!isOperator
        && scanned + 1 < expression.length()
        && expression.charAt(scanned) == ':'
        && expression.charAt(scanned + 1) != ':') {
      int local = ++scanned;
      if (expression.charAt(local) == '*') {
        scanned++;
      } else {
        skipName();
      }
      if (scanned == local) {
        throw new XmlPathException("a name that ends in a colon", local);
      }
    }
    return new Token(Kind.NAME, expression.substring(start, scanned), start, isOperator);
  }

  private void skipName() {
    int start = scanned;
    while (scanned < expression.length()) {
      int c = expression.codePointAt(scanned);
      if (!(scanned == start ? XmlCharacters.isNameStart(c) : XmlCharacters.isName(c))) {
        return;
      }
      scanned += Character.charCount(c);
    }
  }

  /** The rule of 3.7 that tells a star and names apart from operators. */
  private boolean isOperatorNext() {
    if (tokens.isEmpty()) {
      return false;
    }
    Token last = tokens.getLast();
    return switch (last.kind) {
      case LITERAL, NUMBER -> true;
      case NAME -> !last.isOperator;
      case SYMBOL ->
          switch (last.text) {
            case ")", "]", ".", ".." -> true;
            case "*" -> !last.isOperator;
            default -> false;
          };
    };
  }

  private boolean isDigit(int index) {
    return index < expression.length()
        && expression.charAt(index) >= '0'
        && expression.charAt(index) <= '9';
  }

  private void skipSpace() {
    while (scanned < expression.length() && XmlCharacters.isSpace(expression.charAt(scanned))) {
      scanned++;
    }
  }
}
