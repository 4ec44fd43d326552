package tollgate.core.http;

import java.util.ArrayList;
import java.util.List;

/** What a writer would send of some fields. */
final class SentFields {
  private SentFields() {}

  /** {@code name: value} each, in order. */
  static List<String> of(Fields fields) {
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < fields.received().count(); i++) {
      if (!fields.isRemoved(i)) {
        sent.add(fields.received().name(i) + ": " + fields.received().value(i));
      }
    }
    for (int i = 0; i < fields.addedCount(); i++) {
      sent.add(fields.addedName(i) + ": " + fields.addedValue(i));
    }
    return sent;
  }
}
