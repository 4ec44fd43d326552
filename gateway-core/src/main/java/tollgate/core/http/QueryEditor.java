package tollgate.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes single parameters of a query and leaves the others as they came, byte by byte. Immutable.
 */
public final class QueryEditor {
  /** Names that go, decoded. */
  private final byte[][] names;

  /** What comes at the end, encoded; empty for nothing. */
  private final String appended;

  /**
   * Names and values are plain text.
   *
   * @param set parameters that have this value alone afterwards, at the end
   * @param remove parameters of which nothing is left
   */
  public QueryEditor(Map<String, String> set, Collection<String> remove) {
    List<byte[]> going = new ArrayList<>();
    StringBuilder pairs = new StringBuilder();
    for (Map.Entry<String, String> pair : set.entrySet()) {
      going.add(pair.getKey().getBytes(UTF_8));
      pairs.append(pairs.isEmpty() ? "" : "&");
      encode(pair.getKey(), pairs);
      encode(pair.getValue(), pairs.append('='));
    }
    for (String name : remove) {
      going.add(name.getBytes(UTF_8));
    }
    this.names = going.toArray(byte[][]::new);
    this.appended = pairs.toString();
  }

  /**
   * @param query without the question mark, or null
   * @return the same; null if nothing is left
   */
  public @Nullable String edit(@Nullable String query) {
    String kept = query == null || query.isEmpty() ? query : keep(query);
    if (appended.isEmpty()) {
      return kept;
    }
    return kept == null || kept.isEmpty() ? appended : kept + '&' + appended;
  }

  /** The pairs that stay; the same object if all do, null if none does. */
  private @Nullable String keep(String query) {
    StringBuilder kept = null;
    int from = 0;
    while (from <= query.length()) {
      int ampersand = query.indexOf('&', from);
      int end = ampersand < 0 ? query.length() : ampersand;
      if (goes(query, from, end)) {
        if (kept == null) {
          kept = new StringBuilder(query.length()).append(query, 0, Math.max(0, from - 1));
        }
      } else if (kept != null) {
        kept.append(kept.isEmpty() ? "" : "&").append(query, from, end);
      }
      from = end + 1;
    }
    if (kept == null) {
      return query;
    }
    return kept.isEmpty() ? null : kept.toString();
  }

  private boolean goes(String query, int from, int end) {
    int equals = query.indexOf('=', from);
    int to = equals < 0 || equals > end ? end : equals;
    for (byte[] name : names) {
      if (isNamed(query, from, to, name)) {
        return true;
      }
    }
    return false;
  }

  /** Compares without decoding into an object; a broken escape stands for itself. */
  private static boolean isNamed(String query, int from, int to, byte[] name) {
    int at = from;
    for (byte expected : name) {
      if (at >= to) {
        return false;
      }
      char c = query.charAt(at++);
      int found = c == '+' ? ' ' : c;
      if (c == '%' && at + 1 < to) {
        int high = Character.digit(query.charAt(at), 16);
        int low = Character.digit(query.charAt(at + 1), 16);
        if (high >= 0 && low >= 0) {
          found = (high << 4) | low;
          at += 2;
        }
      }
      if (found != (expected & 0xff)) {
        return false;
      }
    }
    return at == to;
  }

  /** RFC 3986 section 2.3: everything but unreserved characters is escaped. */
  private static void encode(String text, StringBuilder to) {
    for (byte b : text.getBytes(UTF_8)) {
      boolean isLetter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
      if (isLetter || (b >= '0' && b <= '9') || "-._~".indexOf(b) >= 0) {
        to.append((char) b);
      } else {
        to.append('%').append(digit(b >> 4)).append(digit(b));
      }
    }
  }

  private static char digit(int bits) {
    return Character.toUpperCase(Character.forDigit(bits & 15, 16));
  }
}
