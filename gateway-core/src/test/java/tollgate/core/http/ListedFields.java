package tollgate.core.http;

import java.util.ArrayList;
import java.util.List;

/** Received fields from a list of names and values. */
final class ListedFields implements ReceivedFields {
  private final List<String> lines;

  private ListedFields(List<String> lines) {
    this.lines = lines;
  }

  /** Name, value, name, value ... */
  static ListedFields of(String... namesAndValues) {
    return new ListedFields(List.of(namesAndValues));
  }

  @Override
  public int count() {
    return lines.size() / 2;
  }

  @Override
  public String name(int index) {
    return lines.get(2 * index);
  }

  @Override
  public String value(int index) {
    return lines.get(2 * index + 1);
  }

  @Override
  public int indexOf(FieldName name, int from) {
    for (int i = from; i < count(); i++) {
      if (name(i).equalsIgnoreCase(name.text())) {
        return i;
      }
    }
    return -1;
  }

  /** What a writer would send, {@code name: value} each. */
  static List<String> sent(Fields fields) {
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
