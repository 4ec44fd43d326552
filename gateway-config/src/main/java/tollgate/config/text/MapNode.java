package tollgate.config.text;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys and their values in file order; every key occurs once. Immutable. */
public record MapNode(Location location, List<Entry> entries) implements ConfigNode {

  /** One key with its own place. */
  public record Entry(String key, Location location, ConfigNode value) {
    public Entry {
      requireNonNull(key, "key");
      requireNonNull(location, "location");
      requireNonNull(value, "value");
    }
  }

  public MapNode {
    requireNonNull(location, "location");
    entries = List.copyOf(entries);
  }

  /** The value of a key, or null when the key is absent. */
  public @Nullable ConfigNode value(String key) {
    Entry entry = entry(key);
    return entry == null ? null : entry.value();
  }

  /** The entry of a key, or null when the key is absent. */
  public @Nullable Entry entry(String key) {
    for (Entry entry : entries) {
      if (entry.key().equals(key)) {
        return entry;
      }
    }
    return null;
  }
}
