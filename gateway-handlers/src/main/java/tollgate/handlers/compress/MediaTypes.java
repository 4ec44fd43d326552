package tollgate.handlers.compress;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** A set of media types and patterns of them. Immutable; any thread. */
final class MediaTypes {
  private static final String NAME = "[A-Za-z0-9!#$&^_.+-]+";

  /** {@code type/subtype}, {@code type/*} or {@code type/*+suffix}. */
  static final String PATTERN = NAME + "/(?:" + NAME + "|\\*|\\*\\+" + NAME + ")";

  private static final Pattern VALID = Pattern.compile(PATTERN);

  private final Set<String> exact = new HashSet<>();
  private final List<Wildcard> wildcards = new ArrayList<>();

  /**
   * @param prefix {@code type/}
   * @param suffix {@code +suffix} or empty
   */
  private record Wildcard(String prefix, String suffix) {
    boolean matches(String type) {
      return type.startsWith(prefix)
          && type.endsWith(suffix)
          && type.length() > prefix.length() + suffix.length();
    }
  }

  MediaTypes(List<String> types) {
    for (String type : types) {
      check(type);
      String lower = type.toLowerCase(Locale.ROOT);
      int star = lower.indexOf('*');
      if (star < 0) {
        exact.add(lower);
      } else {
        wildcards.add(new Wildcard(lower.substring(0, star), lower.substring(star + 1)));
      }
    }
  }

  static void check(String type) {
    if (!VALID.matcher(type).matches()) {
      throw new IllegalArgumentException(
          "types: " + type + " (expected e.g. application/json, text/* or application/*+json)");
    }
  }

  /**
   * The media type of a Content-Type value without its parameters, in lower case (RFC 9110 section
   * 8.3.1).
   */
  static String essence(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
  }

  /**
   * @param essence see {@link #essence}
   */
  boolean contains(String essence) {
    if (exact.contains(essence)) {
      return true;
    }
    for (Wildcard wildcard : wildcards) {
      if (wildcard.matches(essence)) {
        return true;
      }
    }
    return false;
  }
}
