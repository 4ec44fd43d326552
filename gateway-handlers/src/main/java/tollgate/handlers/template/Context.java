package tollgate.handlers.template;

import org.jspecify.annotations.Nullable;

/**
 * Where in the text of a template something stands, told by the literal text before it. One thread;
 * used while a template is compiled.
 */
final class Context {
  /** States of XML. */
  private static final int TEXT = 0;

  private static final int TAG = 1;
  private static final int VALUE = 2;
  private static final int OTHER = 3;

  private final Output output;
  private boolean inString;
  private boolean isEscaped;

  /** The last character of JSON outside of strings that is no blank. */
  private char last;

  /** A list of JSON has ended, and its bracket is due. */
  private boolean isClosing;

  private int state = TEXT;
  private char quote;
  private String until = "";

  Context(Output output) {
    this.output = output;
  }

  /** Follows literal text; gives what is wrong with it, or null. */
  @Nullable String pass(String text) {
    return switch (output) {
      case JSON -> passJson(text);
      case XML -> passXml(text);
      case FORM, TEXT -> null;
    };
  }

  /** How a value is written here; null if none can stand here. */
  @Nullable Escape place() {
    return switch (output) {
      case JSON -> {
        if (isEscaped || isClosing) {
          yield null;
        }
        last = inString ? last : 'v';
        yield inString ? Escape.JSON_STRING : Escape.JSON_VALUE;
      }
      case XML -> state == TEXT || state == VALUE ? Escape.XML : null;
      case FORM -> Escape.FORM;
      case TEXT -> Escape.NONE;
    };
  }

  /** Whether a block may begin or end here. */
  boolean mayBranch() {
    return !isEscaped && !isClosing && (state == TEXT || state == VALUE);
  }

  /** What must be the same where a block begins and ends. */
  int state() {
    return inString ? -1 : state == VALUE ? quote : state;
  }

  /** Whether a loop that begins here makes a list of JSON. */
  boolean isList() {
    return output == Output.JSON && !inString;
  }

  /** Whether a bracket has just been opened. */
  boolean isOpened() {
    return last == '[' || last == '{';
  }

  /** A list ends here. */
  void close() {
    isClosing = true;
  }

  /** The rounds of a list begin here. */
  void begin() {
    last = 0;
  }

  private @Nullable String passJson(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inString) {
        inString = isEscaped || c != '"';
        isEscaped = !isEscaped && c == '\\';
      } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
        if (isClosing && c != ']' && c != '}') {
          return "has something between a loop and the bracket behind it";
        }
        isClosing = false;
        inString = c == '"';
        last = c;
      }
    }
    return null;
  }

  private @Nullable String passXml(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (state) {
        case TEXT -> {
          if (c == '<') {
            open(text, i);
          }
        }
        case TAG -> {
          if (c == '>') {
            state = TEXT;
          } else if (c == '"' || c == '\'') {
            state = VALUE;
            quote = c;
          }
        }
        case VALUE -> state = c == quote ? TAG : VALUE;
        default -> {
          if (text.startsWith(until, i)) {
            i += until.length() - 1;
            state = TEXT;
          }
        }
      }
    }
    return null;
  }

  private void open(String text, int at) {
    state = OTHER;
    if (text.startsWith("<!--", at)) {
      until = "-->";
    } else if (text.startsWith("<![CDATA[", at)) {
      until = "]]>";
    } else if (text.startsWith("<?", at)) {
      until = "?>";
    } else {
      state = TAG;
    }
  }
}
