package tollgate.config.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the JSON Schema (draft 2020-12) of one configuration document, from the definitions the
 * reader uses. Any thread.
 */
public final class SchemaWriter {
  private SchemaWriter() {}

  /**
   * The schema as JSON text. A document it refuses may still be good where YAML is more lenient
   * than JSON: numbers without quotes where text is expected.
   *
   * @param vocabulary the steps that policies may use, and the formats of messages
   */
  public static String write(Vocabulary vocabulary) {
    Map<String, Object> definitions = new LinkedHashMap<>();
    List<Object> alternatives = new ArrayList<>();
    for (Kind<?> kind : Kind.all(vocabulary)) {
      definitions.put(kind.name(), kind.shape().schema());
      alternatives.add(Map.of("$ref", "#/$defs/" + kind.name()));
    }
    return JsonText.print(
        ValueTypes.ordered(
            "$schema", "https://json-schema.org/draft/2020-12/schema",
            "title", "Tollgate configuration",
            "description", "One document of gateway.yaml or of a file in conf.d.",
            "oneOf", alternatives,
            "$defs", definitions));
  }
}
