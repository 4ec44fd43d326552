package tollgate.handlers.convert;

import java.util.List;
import tollgate.core.media.Accept;

/** Which of the two formats a caller prefers by its Accept fields. */
enum Preference {
  JSON,
  XML,
  /** Both alike: whichever came. */
  EITHER,
  NEITHER;

  private static final List<String> JSON_TYPES = List.of("application/json", "text/json");
  private static final List<String> XML_TYPES = List.of("application/xml", "text/xml");

  /**
   * @param values of all Accept fields; empty for a caller who takes anything
   */
  static Preference of(List<String> values) {
    int json = Accept.quality(values, JSON_TYPES);
    int xml = Accept.quality(values, XML_TYPES);
    if (json == xml) {
      return json == 0 ? NEITHER : EITHER;
    }
    return json > xml ? JSON : XML;
  }
}
