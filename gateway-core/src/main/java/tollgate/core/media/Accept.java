package tollgate.core.media;

import java.util.List;
import java.util.Locale;

/**
 * How much a caller wants one of some media types, by its Accept fields (RFC 9110 section 12.5.1).
 * An element that is malformed wants nothing. Any thread.
 */
public final class Accept {
  private static final int MOST = 1000;
  private static final int NOT_NAMED = -1;

  private Accept() {}

  /**
   * In thousandths: by the most specific range that has one of the types in it, the best where
   * several are as specific; 0 for what is not wanted.
   *
   * @param values of all Accept fields; empty for a caller who takes anything
   * @param types as {@code type/subtype} in lower case
   */
  public static int quality(List<String> values, List<String> types) {
    if (values.isEmpty()) {
      return MOST;
    }
    int named = NOT_NAMED;
    int ofType = NOT_NAMED;
    int ofAny = NOT_NAMED;
    for (String value : values) {
      for (String element : value.split(",", -1)) {
        String[] parts = element.split(";", -1);
        String range = parts[0].strip().toLowerCase(Locale.ROOT);
        if (types.contains(range)) {
          named = Math.max(named, quality(parts));
        } else if (range.equals("*/*")) {
          ofAny = Math.max(ofAny, quality(parts));
        } else if (range.endsWith("/*") && isTypeOfOne(range, types)) {
          ofType = Math.max(ofType, quality(parts));
        }
      }
    }
    return Math.max(0, named != NOT_NAMED ? named : ofType != NOT_NAMED ? ofType : ofAny);
  }

  /** Whether a type is named by itself, wanted or not. */
  public static boolean names(List<String> values, String type) {
    for (String value : values) {
      for (String element : value.split(",", -1)) {
        int end = element.indexOf(';');
        if ((end < 0 ? element : element.substring(0, end)).strip().equalsIgnoreCase(type)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isTypeOfOne(String range, List<String> types) {
    String prefix = range.substring(0, range.length() - 1);
    for (String type : types) {
      if (type.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static int quality(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
      if (parameter.startsWith("q=")) {
        String weight = parameter.substring(2).strip();
        return weight.matches("0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?")
            ? (int) Math.round(Double.parseDouble(weight) * MOST)
            : 0;
      }
    }
    return MOST;
  }
}
