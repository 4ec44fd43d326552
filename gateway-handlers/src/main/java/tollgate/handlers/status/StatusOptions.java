package tollgate.handlers.status;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which statuses become which others. Immutable.
 *
 * @param map by a status, {@code 404}, or a class of them, {@code 5xx}; a status wins over its
 *     class
 */
public record StatusOptions(Map<String, Integer> map) {
  private static final Pattern STATUS = Pattern.compile("[2-5](?:[0-9][0-9]|xx)");

  /** Their body is none, or a part: RFC 9110 15.3.5 to 15.3.7, 15.4.5. */
  private static final Set<Integer> UNLIKE_OTHERS = Set.of(204, 205, 206, 304);

  public StatusOptions {
    map = Map.copyOf(new TreeMap<>(map));
    if (map.isEmpty()) {
      throw new IllegalArgumentException("maps nothing (expected: map with e.g. 404: 410)");
    }
    map.forEach((from, to) -> {
      checkFrom(from);
      checkTo(to);
    });
  }

  /**
   * @throws IllegalArgumentException if it can become no other; the message goes on from the text
   */
  static String checkFrom(String text) {
    if (!STATUS.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "is no status that can be mapped (expected: 200 to 599, or 2xx to 5xx)");
    }
    if (!text.endsWith("xx")) {
      checkMappable(Integer.parseInt(text));
    }
    return text;
  }

  /**
   * @throws IllegalArgumentException as {@link #checkFrom}
   */
  static Integer checkTo(Integer status) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("is out of range (expected: 200 to 599)");
    }
    checkMappable(status);
    return status;
  }

  private static void checkMappable(int status) {
    if (UNLIKE_OTHERS.contains(status)) {
      throw new IllegalArgumentException(
          "is about a body that other answers do not have (expected: none of 204, 205, 206, 304)");
    }
  }

  /** By status from 0 on; 0 for one that stays. */
  int[] table() {
    int[] table = new int[600];
    for (int status = 200; status < table.length; status++) {
      Integer to = map.get(Integer.toString(status));
      if (to == null) {
        to = map.get(status / 100 + "xx");
      }
      table[status] = to == null || UNLIKE_OTHERS.contains(status) ? 0 : to;
    }
    return table;
  }
}
