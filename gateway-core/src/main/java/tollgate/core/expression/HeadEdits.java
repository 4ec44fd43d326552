package tollgate.core.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Exchange;
import tollgate.core.handler.Side;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Head;
import tollgate.core.http.QueryEditor;
import tollgate.core.http.Tokens;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;

/**
 * Header fields and query parameters with values that are made for each message. Immutable; any
 * thread.
 */
public final class HeadEdits {
  /** The longest value that is made. */
  public static final int MAX_VALUE = 8192;

  private final Map<FieldName, TextTemplate> headers;
  private final Map<String, TextTemplate> query;

  public HeadEdits(Map<FieldName, TextTemplate> headers, Map<String, TextTemplate> query) {
    this.headers = headers;
    this.query = query;
  }

  /** Values that were made; null for one that is missing. Immutable. */
  public record Made(
      Map<FieldName, @Nullable String> headers, Map<String, @Nullable String> query) {
    /** Puts them in place; what has no value goes. Event loop only. */
    public void apply(Exchange exchange, Side side) {
      Head head = side == Side.REQUEST ? exchange.request() : exchange.response();
      if (head == null) {
        throw new IllegalStateException("no response yet");
      }
      Fields fields = head.fields();
      headers.forEach((name, value) -> {
        if (value == null) {
          fields.remove(name);
        } else {
          fields.set(name, value);
        }
      });
      if (query.isEmpty()) {
        return;
      }
      Map<String, String> set = new LinkedHashMap<>();
      List<String> removed = new ArrayList<>();
      query.forEach((name, value) -> {
        if (value == null) {
          removed.add(name);
        } else {
          set.put(name, value);
        }
      });
      exchange.request().query(new QueryEditor(set, removed).edit(exchange.request().query()));
    }
  }

  /**
   * Makes all values.
   *
   * @throws MalformedPayloadException for one that cannot be sent
   */
  public Made make(Scope scope) {
    Map<FieldName, @Nullable String> fields = new LinkedHashMap<>();
    headers.forEach((name, template) -> fields.put(name, field(name, template.text(scope))));
    Map<String, @Nullable String> parameters = new LinkedHashMap<>();
    query.forEach((name, template) -> parameters.put(name, checked(name, template.text(scope))));
    return new Made(fields, parameters);
  }

  /** RFC 9110 5.5: one line, without blanks around it. */
  private static @Nullable String field(FieldName name, @Nullable String value) {
    if (value == null) {
      return null;
    }
    if (!Tokens.isFieldValue(value)) {
      throw new MalformedPayloadException(
          Kind.MALFORMED,
          "the value for " + name.text() + " has a character that a header field cannot have");
    }
    return checked(name.text(), stripped(value));
  }

  private static @Nullable String checked(String name, @Nullable String value) {
    if (value != null && value.length() > MAX_VALUE) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX,
          "the value for " + name + " has more than " + MAX_VALUE + " characters");
    }
    return value;
  }

  private static String stripped(String value) {
    int from = 0;
    int to = value.length();
    while (from < to && isBlank(value.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(value.charAt(to - 1))) {
      to--;
    }
    return value.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
