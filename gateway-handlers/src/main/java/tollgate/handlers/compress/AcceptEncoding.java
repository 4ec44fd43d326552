package tollgate.handlers.compress;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.coding.ContentCoding;

/**
 * What a client says it can decode (RFC 9110 section 12.5.3). Weights are in thousandths; a member
 * that cannot be read counts as not there. Any thread.
 */
final class AcceptEncoding {
  private static final int UNSAID = -1;

  private AcceptEncoding() {}

  /**
   * The best of those offered; null for the body as it is, which is also what is sent to a client
   * that refuses everything: better readable than nothing, and the standard allows it.
   *
   * @param lines values of all Accept-Encoding lines; none at all means that nothing is known
   * @param offered in order of preference, for those that the client likes equally
   */
  static @Nullable ContentCoding best(List<String> lines, List<ContentCoding> offered) {
    ContentCoding best = null;
    int bestWeight = 0;
    for (ContentCoding coding : offered) {
      int weight = weight(lines, coding.token());
      if (weight > bestWeight) {
        best = coding;
        bestWeight = weight;
      }
    }
    // The body as it is may be wanted more; left unsaid it is acceptable and no more than that.
    return best != null && weightOfIdentity(lines) > bestWeight ? null : best;
  }

  private static int weightOfIdentity(List<String> lines) {
    return find(lines, "identity");
  }

  private static int weight(List<String> lines, String token) {
    int own = find(lines, token);
    if (own == UNSAID && token.equals("gzip")) {
      own = find(lines, "x-gzip"); // RFC 9110 8.4.1.3
    }
    return own == UNSAID ? Math.max(0, find(lines, "*")) : own;
  }

  private static int find(List<String> lines, String token) {
    for (String line : lines) {
      int from = 0;
      while (from < line.length()) {
        int comma = line.indexOf(',', from);
        int end = comma < 0 ? line.length() : comma;
        int weight = member(line.substring(from, end), token);
        if (weight != UNSAID) {
          return weight;
        }
        from = end + 1;
      }
    }
    return UNSAID;
  }

  private static int member(String member, String token) {
    int semicolon = member.indexOf(';');
    String name = (semicolon < 0 ? member : member.substring(0, semicolon)).trim();
    if (!name.equalsIgnoreCase(token)) {
      return UNSAID;
    }
    return semicolon < 0 ? 1000 : thousandths(member.substring(semicolon + 1).trim());
  }

  /** RFC 9110 12.4.2: {@code q=}, then 0 or 1 with up to three decimals. */
  private static int thousandths(String parameter) {
    if (!parameter.matches("[qQ]=(?:0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?)")) {
      return 0; // not understood: not asked for
    }
    return (int) Math.round(Double.parseDouble(parameter.substring(2)) * 1000);
  }
}
