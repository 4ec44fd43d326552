package tollgate.handlers.rewrite;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.Authority;

/**
 * What the backend is asked for instead of what the caller asked for. Immutable.
 *
 * @param path null leaves it as it is
 * @param host host and optional port for Host, lower-cased; null leaves it
 */
public record RewriteOptions(@Nullable PathPattern path, QueryEdits query, @Nullable String host) {

  /**
   * Changes of single parameters of the query; names and values are plain text, not encoded.
   *
   * @param set parameters that have this value alone afterwards
   * @param remove parameters of which nothing is left
   */
  public record QueryEdits(Map<String, String> set, List<String> remove) {
    public static final Map<String, String> DEFAULT_SET = Map.of();
    public static final List<String> DEFAULT_REMOVE = List.of();
    public static final QueryEdits NONE = new QueryEdits(DEFAULT_SET, DEFAULT_REMOVE);

    public QueryEdits {
      set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
      remove = List.copyOf(remove);
      for (String name : remove) {
        if (set.containsKey(name)) {
          throw new IllegalArgumentException(
              name + " is both set and removed (expected: one of them)");
        }
      }
    }

    public boolean isEmpty() {
      return set.isEmpty() && remove.isEmpty();
    }
  }

  public RewriteOptions {
    requireNonNull(query, "query");
    if (path == null && query.isEmpty() && host == null) {
      throw new IllegalArgumentException("rewrites nothing (expected: path, query or host)");
    }
    if (host != null && !host.equals(Authority.canonical(host))) {
      throw new IllegalArgumentException("host: not a lower-cased host with an optional port");
    }
  }
}
