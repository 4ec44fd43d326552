package tollgate.core.expression;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.Nearest;
import tollgate.config.text.Quoted;
import tollgate.core.http.FieldName;
import tollgate.core.http.Tokens;

/**
 * Reads what stands between <code>${</code> and <code>}</code>. One thread.
 *
 * <pre>
 *   expression = name [ ":" argument ] [ "??" fallback ]
 * </pre>
 *
 * Braces and question marks in quotes belong to the argument.
 */
public final class ExpressionReader {
  private static final List<String> WITH_NAME = List.of("header", "requestHeader", "query", "path");

  private final String text;
  private final Map<String, String> namespaces;
  private int end;

  /** Of the expressions in a text. */
  public ExpressionReader(String text, Map<String, String> namespaces) {
    this.text = text;
    this.namespaces = namespaces;
  }

  /** Whether it is the name of a source, and so of no variable. */
  public static boolean isName(String word) {
    for (Source.Fact fact : Source.Fact.values()) {
      if (fact.word().equals(word)) {
        return true;
      }
    }
    return WITH_NAME.contains(word);
  }

  /** Behind the brace that ended what was read last. */
  public int end() {
    return end;
  }

  /**
   * What stands between the braces, blanks around it left out.
   *
   * @param start of the dollar sign
   * @throws ExpressionException if it does not end
   */
  public String content(int start) {
    char quote = 0;
    for (int i = start + 2; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = isQuoting(start, i) ? c : 0;
      } else if (c == '}') {
        end = i + 1;
        return text.substring(start + 2, i).strip();
      }
    }
    throw new ExpressionException("has an expression that does not end", start);
  }

  /** Quotes count in paths alone: a fallback may hold an apostrophe. */
  private boolean isQuoting(int start, int at) {
    return text.substring(start, at).indexOf("??") < 0;
  }

  /**
   * The expression at a place.
   *
   * @param start of the dollar sign
   * @param variables that loops around it have
   * @throws ExpressionException if it is none
   */
  public Expression read(int start, Collection<String> variables) {
    return expression(content(start), start, variables);
  }

  /** An expression without its braces. */
  public Expression expression(String content, int start, Collection<String> variables) {
    int mark = mark(content);
    String source = (mark < 0 ? content : content.substring(0, mark)).strip();
    String fallback = mark < 0 ? null : content.substring(mark + 2).strip();
    int colon = source.indexOf(':');
    String name = colon < 0 ? source : source.substring(0, colon);
    String argument = colon < 0 ? null : source.substring(colon + 1).strip();
    try {
      return new Expression(source(name, argument, variables), fallback);
    } catch (IllegalArgumentException e) {
      throw new ExpressionException(
          "has ${" + Quoted.escaped(source) + "}, which " + e.getMessage(), start);
    }
  }

  /** Where the fallback's mark stands, outside of quotes; -1 if nowhere. */
  private static int mark(String content) {
    char quote = 0;
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (content.startsWith("??", i)) {
        return i;
      }
    }
    return -1;
  }

  private Source source(String name, @Nullable String argument, Collection<String> variables) {
    if (name.equals(Scope.BODY) || variables.contains(name)) {
      return new Source.Body(name, BodyPath.compile(required(name, argument), namespaces));
    }
    if (WITH_NAME.contains(name) && (argument != null || !name.equals("path"))) {
      String of = required(name, argument);
      return switch (name) {
        case "query" -> new Source.Query(of);
        case "path" -> new Source.PathParameter(of);
        default -> header(of, name.equals("requestHeader"));
      };
    }
    for (Source.Fact fact : Source.Fact.values()) {
      if (fact.word().equals(name)) {
        if (argument != null) {
          throw new IllegalArgumentException("takes nothing behind a colon");
        }
        return fact;
      }
    }
    List<String> known = new ArrayList<>(WITH_NAME);
    known.add(Scope.BODY);
    known.addAll(variables);
    for (Source.Fact fact : Source.Fact.values()) {
      if (fact != Source.Fact.PATH) {
        known.add(fact.word());
      }
    }
    String nearest = Nearest.of(name, known);
    throw new IllegalArgumentException(
        nearest == null
            ? "is not known (expected one of: " + String.join(", ", known) + ")"
            : "is not known (did you mean " + Quoted.of(nearest) + "?)");
  }

  private static String required(String name, @Nullable String argument) {
    if (argument == null || argument.isEmpty()) {
      String example = name.equals("header") ? "X-Tenant" : "name";
      throw new IllegalArgumentException(
          "says not which (expected e.g. ${"
              + name
              + ":"
              + (WITH_NAME.contains(name) ? example : "$.id")
              + "})");
    }
    return argument;
  }

  private static Source header(String name, boolean ofRequest) {
    if (!Tokens.isToken(name)) {
      throw new IllegalArgumentException("names no header field");
    }
    return new Source.Header(FieldName.of(name), ofRequest);
  }
}
