package tollgate.handlers.validate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.PercentText;

/**
 * A query or the cookies of a request, taken apart: names decoded, values as they came. One thread.
 */
final class QueryText {
  private final List<Pair> pairs;
  private final boolean isMalformed;

  /** A name, and what stands behind its equals sign; empty if there is none. */
  record Pair(String name, String raw) {}

  private QueryText(List<Pair> pairs, boolean isMalformed) {
    this.pairs = pairs;
    this.isMalformed = isMalformed;
  }

  static QueryText ofQuery(@Nullable String query) {
    List<Pair> pairs = new ArrayList<>();
    boolean isMalformed = false;
    int from = 0;
    String text = query == null ? "" : query;
    while (from < text.length()) {
      int end = text.indexOf('&', from);
      end = end < 0 ? text.length() : end;
      if (end > from) {
        int equals = text.indexOf('=', from);
        int nameEnd = equals < 0 || equals > end ? end : equals;
        String name = PercentText.decoded(text.substring(from, nameEnd), true);
        if (name == null) {
          isMalformed = true;
        } else {
          pairs.add(new Pair(name, nameEnd == end ? "" : text.substring(nameEnd + 1, end)));
        }
      }
      from = end + 1;
    }
    return new QueryText(pairs, isMalformed);
  }

  /** RFC 6265 4.2.1; each line one Cookie field. */
  static QueryText ofCookies(List<String> lines) {
    List<Pair> pairs = new ArrayList<>();
    for (String line : lines) {
      for (String part : line.split(";", -1)) {
        int equals = part.indexOf('=');
        if (equals > 0) {
          pairs.add(
              new Pair(part.substring(0, equals).strip(), part.substring(equals + 1).strip()));
        }
      }
    }
    return new QueryText(pairs, false);
  }

  List<Pair> pairs() {
    return pairs;
  }

  /** Whether a name could not be decoded. */
  boolean isMalformed() {
    return isMalformed;
  }
}
