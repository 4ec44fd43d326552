package tollgate.core.testkit;

import java.util.ArrayList;
import java.util.List;
import tollgate.core.http.FieldName;
import tollgate.core.http.ReceivedFields;

/** Received fields from name and value pairs. Immutable. */
public final class ListedFields implements ReceivedFields {
  private final List<String> lines;

  private ListedFields(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /**
   * @param namesAndValues name, value, name, value ...
   */
  public static ListedFields of(String... namesAndValues) {
    return of(List.of(namesAndValues));
  }

  static ListedFields of(List<String> namesAndValues) {
    if (namesAndValues.size() % 2 != 0) {
      throw new IllegalArgumentException("a name without a value: " + namesAndValues);
    }
    return new ListedFields(new ArrayList<>(namesAndValues));
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
}
