package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.Location;
import tollgate.config.text.MapNode;
import tollgate.config.text.ScalarNode;

/**
 * A map whose keys are the user's own. Immutable. The value is an unmodifiable map in file order.
 */
public final class MapType<K, V> implements ValueType<Map<K, V>> {
  private final ScalarType<K> key;
  private final ValueType<V> value;

  MapType(ScalarType<K> key, ValueType<V> value) {
    this.key = requireNonNull(key, "key");
    this.value = requireNonNull(value, "value");
  }

  /** The type of the keys. */
  public ScalarType<K> key() {
    return key;
  }

  /** The type of the values. */
  public ValueType<V> value() {
    return value;
  }

  @Override
  public @Nullable Map<K, V> read(ConfigNode node, Reading reading) {
    if (!(node instanceof MapNode map)) {
      reading.refuse(node, "(expected: " + describe() + ")");
      return null;
    }
    Map<K, V> values = new LinkedHashMap<>();
    Map<K, Location> seen = new LinkedHashMap<>();
    boolean good = true;
    for (MapNode.Entry entry : map.entries()) {
      Reading position = reading.key(entry.key());
      K name = key.read(keyNode(entry), position);
      V element = value.read(entry.value(), position);
      if (name == null || element == null) {
        good = false;
        continue;
      }
      Location first = seen.putIfAbsent(name, entry.location());
      if (first != null) {
        position.problem(entry.location(), "is there twice (first at " + first + ")");
        good = false;
      }
      values.put(name, element);
    }
    return good ? Collections.unmodifiableMap(values) : null;
  }

  private static ScalarNode keyNode(MapNode.Entry entry) {
    return new ScalarNode(entry.location(), entry.key(), entry.key(), ScalarNode.Form.QUOTED);
  }

  @Override
  public String describe() {
    return "map of " + key.describe() + " to " + value.describe();
  }

  @Override
  public Map<String, Object> schema() {
    return ValueTypes.ordered("type", "object", "additionalProperties", value.schema());
  }

  @Override
  public @Nullable Object json(Map<K, V> values) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (Map.Entry<K, V> entry : values.entrySet()) {
      Object element = value.json(entry.getValue());
      if (element == null) {
        return null;
      }
      object.put(String.valueOf(key.json(entry.getKey())), element);
    }
    return object;
  }
}
