package tollgate.core.upstream;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.FieldName;
import tollgate.core.http.RequestHead;

/**
 * What of a request decides about its target under {@link Balance#CONSISTENT_HASH}. Immutable; any
 * thread.
 */
public sealed interface HashKey {
  /** The request has no such key. */
  long NONE = 0;

  /**
   * The hash of the request's key; {@link #NONE} if it has none.
   *
   * @param head as handlers left it
   * @param client the caller
   */
  long of(RequestHead head, InetAddress client);

  /** The first line of a header field. */
  record Header(FieldName name) implements HashKey {
    @Override
    public long of(RequestHead head, InetAddress client) {
      return hash(head.fields().first(name));
    }
  }

  /** A cookie; the first of its name. */
  record Cookie(String name) implements HashKey {
    private static final FieldName COOKIE = FieldName.of("Cookie");

    public Cookie {
      requireNonNull(name, "name");
    }

    @Override
    public long of(RequestHead head, InetAddress client) {
      String cookies = head.fields().first(COOKIE);
      return cookies == null ? NONE : hashOfPair(cookies, name, ';');
    }
  }

  /** A parameter of the query as it stands there, undecoded; the first of its name. */
  record Query(String name) implements HashKey {
    public Query {
      requireNonNull(name, "name");
    }

    @Override
    public long of(RequestHead head, InetAddress client) {
      String query = head.query();
      return query == null ? NONE : hashOfPair(query, name, '&');
    }
  }

  /** The caller's address. */
  enum ClientAddress implements HashKey {
    CLIENT_ADDRESS;

    @Override
    public long of(RequestHead head, InetAddress client) {
      return Hash64.mix(client.hashCode());
    }
  }

  /** The path as the backend sees it. */
  enum Path implements HashKey {
    PATH;

    @Override
    public long of(RequestHead head, InetAddress client) {
      return hash(head.path());
    }
  }

  private static long hash(@Nullable String key) {
    return key == null ? NONE : Hash64.of(key, 0, key.length());
  }

  /** The value behind {@code name=} in a list of pairs, hashed where it stands. */
  private static long hashOfPair(String pairs, String name, char separator) {
    for (int start = 0; start < pairs.length(); ) {
      int end = pairs.indexOf(separator, start);
      int stop = end < 0 ? pairs.length() : end;
      while (start < stop && pairs.charAt(start) == ' ') {
        start++;
      }
      int value = start + name.length() + 1;
      if (value <= stop && pairs.charAt(value - 1) == '=' && pairs.startsWith(name, start)) {
        return Hash64.of(pairs, value, stop);
      }
      start = stop + 1;
    }
    return NONE;
  }
}
