package tollgate.dist.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Reads the JSON that the gateway itself wrote. Every JSON text is a YAML 1.2 one, so the YAML
 * reader does.
 */
final class JsonValues {
  private JsonValues() {}

  static Map<?, ?> object(String json) {
    return (Map<?, ?>) read(json);
  }

  /** The objects of {@code /v1/config} and {@code last-good.json}: {@code Kind/name} to hash. */
  static Map<String, String> hashes(String json) {
    Map<String, String> hashes = new LinkedHashMap<>();
    for (Object item : (List<?>) read(json)) {
      Map<?, ?> object = (Map<?, ?>) item;
      hashes.put(object.get("kind") + "/" + object.get("name"), String.valueOf(object.get("hash")));
    }
    return hashes;
  }

  /** The strings of a list; none if it is absent. */
  static List<String> strings(@Nullable Object list) {
    return list instanceof List<?> items ? items.stream().map(String::valueOf).toList() : List.of();
  }

  private static Object read(String json) {
    return Objects.requireNonNull(
        new Load(LoadSettings.builder().build()).loadFromString(json), "an empty text is no JSON");
  }
}
