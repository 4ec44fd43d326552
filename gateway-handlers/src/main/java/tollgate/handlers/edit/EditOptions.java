package tollgate.handlers.edit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.expression.Face;
import tollgate.core.expression.Source;
import tollgate.core.expression.Sources;
import tollgate.core.expression.TextTemplate;
import tollgate.core.handler.FieldOptions;
import tollgate.core.http.FieldName;

/**
 * What is changed of a message. Immutable.
 *
 * @param body changes of the body, in order
 * @param headers fields that have this value alone afterwards
 * @param query parameters of a request that have this value alone afterwards
 * @param sources all that the values ask for
 */
public record EditOptions(
    List<BodyEdit> body,
    Map<FieldName, TextTemplate> headers,
    Map<String, TextTemplate> query,
    Sources sources) {
  public EditOptions {
    body = List.copyOf(body);
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    headers.keySet().forEach(FieldOptions::checkName);
    query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    if (body.isEmpty() && headers.isEmpty() && query.isEmpty()) {
      throw new IllegalArgumentException(
          "edits nothing (expected: remove, rename, move, set, merge, headers or query)");
    }
  }

  /**
   * @throws IllegalArgumentException if nothing is changed, or some of it needs JSON and some XML
   */
  static EditOptions of(
      List<BodyEdit> body, Map<FieldName, TextTemplate> headers, Map<String, TextTemplate> query) {
    List<Source> sources = new ArrayList<>();
    body.forEach(edit -> sources.addAll(edit.sources()));
    headers.values().forEach(value -> sources.addAll(value.sources()));
    query.values().forEach(value -> sources.addAll(value.sources()));
    List<Face> forms = new ArrayList<>();
    body.forEach(edit -> forms.add(edit instanceof BodyEdit.OfJson ? Face.JSON : Face.XML));
    return new EditOptions(body, headers, query, new Sources(sources, forms));
  }

  /** The form that bodies must have; null if they are not looked into. */
  @Nullable Face face() {
    return sources.face();
  }
}
