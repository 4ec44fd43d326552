package tollgate.handlers.compress;

import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;

/** RFC 9110 section 12.5.5. */
final class Vary {
  private Vary() {}

  /** Adds a field name unless it, or the asterisk, is there already. */
  static void add(Fields fields, String name) {
    for (String line : fields.all(FieldName.VARY)) {
      for (String member : line.split(",", -1)) {
        String word = member.trim();
        if (word.equals("*") || word.equalsIgnoreCase(name)) {
          return;
        }
      }
    }
    fields.add(FieldName.VARY, name);
  }
}
