package tollgate.core.message.json;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON Pointer (RFC 6901). Immutable. */
public final class JsonPointer {
  /** Of the whole document. */
  public static final JsonPointer ROOT = new JsonPointer(List.of());

  private final List<String> tokens;

  private JsonPointer(List<String> tokens) {
    this.tokens = tokens;
  }

  /** Of names and indexes, unescaped. */
  public static JsonPointer of(List<String> tokens) {
    return tokens.isEmpty() ? ROOT : new JsonPointer(List.copyOf(tokens));
  }

  /**
   * Of its text: empty, or a {@code /} before each token.
   *
   * @throws JsonPathException if it is none
   */
  public static JsonPointer parse(String text) {
    requireNonNull(text, "text");
    if (text.isEmpty()) {
      return ROOT;
    }
    if (text.charAt(0) != '/') {
      throw new JsonPathException("a JSON Pointer begins with /", 0);
    }
    List<String> tokens = new ArrayList<>();
    StringBuilder token = new StringBuilder();
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '/') {
        tokens.add(token.toString());
        token.setLength(0);
      } else if (c != '~') {
        token.append(c);
      } else if (i + 1 < text.length() && (text.charAt(i + 1) & ~1) == '0') { // RFC 6901 4
        token.append(text.charAt(++i) == '0' ? '~' : '/');
      } else {
        throw new JsonPathException("after ~ stands 0 or 1", i);
      }
    }
    tokens.add(token.toString());
    return new JsonPointer(List.copyOf(tokens));
  }

  /** Of a node of that document; it walks down from the root. */
  public static JsonPointer to(JsonDocument json, int node) {
    Deque<String> tokens = new ArrayDeque<>();
    int at = JsonDocument.ROOT;
    while (at != node) {
      boolean isObject = json.kind(at) == JsonKind.OBJECT;
      int index = 0;
      int child = json.firstChild(at);
      while (child != JsonDocument.NONE && json.behind(child) <= node) {
        child = json.next(child);
        index++;
      }
      if (child == JsonDocument.NONE || child > node) {
        throw new IllegalArgumentException("no node of this document");
      }
      tokens.addLast(isObject ? json.name(child) : Integer.toString(index));
      at = child;
    }
    return of(List.copyOf(tokens));
  }

  /** Names and indexes, unescaped. */
  public List<String> tokens() {
    return tokens;
  }

  /**
   * The node it leads to; NONE if there is none. {@code -}, behind an array's end, is never one.
   */
  public int find(JsonDocument json) {
    int node = JsonDocument.ROOT;
    for (String token : tokens) {
      node =
          json.kind(node) == JsonKind.OBJECT
              ? json.member(node, token)
              : json.element(node, index(token));
      if (node == JsonDocument.NONE) {
        return node;
      }
    }
    return node;
  }

  /** RFC 6901 4: no sign, no leading zero; -1 for what is no index. */
  private static long index(String token) {
    if (token.isEmpty() || token.length() > 10 || (token.length() > 1 && token.charAt(0) == '0')) {
      return -1;
    }
    for (int i = 0; i < token.length(); i++) {
      if (token.charAt(i) < '0' || token.charAt(i) > '9') {
        return -1;
      }
    }
    return Long.parseLong(token);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonPointer pointer && pointer.tokens.equals(tokens);
  }

  @Override
  public int hashCode() {
    return tokens.hashCode();
  }

  /** As its text. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String token : tokens) {
      text.append('/').append(token.replace("~", "~0").replace("/", "~1"));
    }
    return text.toString();
  }
}
