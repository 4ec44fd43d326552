package tollgate.handlers.headers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tollgate.core.handler.FieldOptions;
import tollgate.core.http.FieldName;

/**
 * Which header fields are edited: first {@code remove}, then {@code set}, then {@code add}.
 * Immutable.
 *
 * @param set fields that have this value alone afterwards
 * @param add fields that get one more line
 * @param remove fields of which nothing is left
 */
public record HeadersOptions(
    Map<FieldName, String> set, Map<FieldName, String> add, List<FieldName> remove) {
  public static final Map<FieldName, String> DEFAULT_SET = Map.of();
  public static final Map<FieldName, String> DEFAULT_ADD = Map.of();
  public static final List<FieldName> DEFAULT_REMOVE = List.of();

  public HeadersOptions {
    set = checked(set);
    add = checked(add);
    remove = List.copyOf(remove);
    remove.forEach(HeadersOptions::check);
    if (set.isEmpty() && add.isEmpty() && remove.isEmpty()) {
      throw new IllegalArgumentException("edits nothing (expected: set, add or remove)");
    }
  }

  private static Map<FieldName, String> checked(Map<FieldName, String> fields) {
    fields.forEach((name, value) -> {
      check(name);
      FieldOptions.checkValue(name, value);
    });
    return Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  private static void check(FieldName name) {
    FieldOptions.checkName(name);
  }
}
