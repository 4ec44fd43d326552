package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.Location;
import tollgate.config.text.MapNode;
import tollgate.config.text.Nearest;
import tollgate.config.text.Quoted;

/**
 * A map with known keys that becomes a record. Immutable. Any other key is a problem, with the
 * nearest known one.
 *
 * <pre>{@code
 * static final Shape<ReloadConfig> RELOAD =
 *     Shape.of(ReloadConfig.class, "How changed files are noticed.", keys -> {
 *       var watch = keys.withDefault("watch", bool(), ReloadConfig.DEFAULT_WATCH, "Whether changes are looked for.");
 *       var poll = keys.withDefault("poll", duration(), ReloadConfig.DEFAULT_POLL, "Time between two looks.");
 *       return fields -> new ReloadConfig(fields.get(watch), fields.get(poll));
 *     });
 * }</pre>
 *
 * The function runs only when every key was read without a problem. An IllegalArgumentException
 * from a record's constructor becomes a problem of the whole map; {@link Keys#check} and {@link
 * LocatedException} place it better.
 */
public final class Shape<T> implements ValueType<T> {
  private final Class<T> type;
  private final String doc;
  private final List<Keys.Entry> entries;
  private final Map<String, Integer> indexes;
  private final Map<String, String> removed;
  private final List<Keys.Check> checks;
  private final Function<Fields, T> constructor;
  private final @Nullable String kind;

  private Shape(
      Class<T> type,
      String doc,
      Keys keys,
      Function<Fields, T> constructor,
      @Nullable String kind) {
    this.type = type;
    this.doc = doc;
    this.entries = List.copyOf(keys.entries);
    this.removed = Collections.unmodifiableMap(new LinkedHashMap<>(keys.removed));
    this.checks = List.copyOf(keys.checks);
    this.constructor = constructor;
    this.kind = kind;
    Map<String, Integer> byName = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      if (byName.put(entries.get(i).name(), i) != null) {
        throw new IllegalArgumentException(
            entries.get(i).name() + " is defined twice in " + type.getSimpleName());
      }
    }
    this.indexes = Map.copyOf(byName);
  }

  /**
   * Defines a shape.
   *
   * @param type what it makes
   * @param doc one or two sentences
   * @param definition names the keys, and gives the function that makes the record of their values
   */
  public static <T> Shape<T> of(
      Class<T> type, String doc, Function<Keys, Function<Fields, T>> definition) {
    return define(type, doc, definition, null);
  }

  /** Defines the shape of a whole document, which also has the key {@code kind}. */
  static <T> Shape<T> ofKind(
      String kind, Class<T> type, String doc, Function<Keys, Function<Fields, T>> definition) {
    return define(type, doc, definition, kind);
  }

  private static <T> Shape<T> define(
      Class<T> type,
      String doc,
      Function<Keys, Function<Fields, T>> definition,
      @Nullable String kind) {
    Keys keys = new Keys();
    Function<Fields, T> constructor = definition.apply(keys);
    return new Shape<>(
        requireNonNull(type, "type"),
        requireNonNull(doc, "doc"),
        keys,
        requireNonNull(constructor, "constructor"),
        kind);
  }

  /** What the shape makes. */
  public Class<T> type() {
    return type;
  }

  /** One or two sentences on what the map is for. */
  public String doc() {
    return doc;
  }

  /** The keys in the order of their definition. */
  List<Keys.Entry> entries() {
    return entries;
  }

  @Override
  public @Nullable T read(ConfigNode node, Reading reading) {
    if (!(node instanceof MapNode map)) {
      reading.refuse(node, "(expected: " + describe() + ")");
      return null;
    }
    @Nullable ConfigNode[] nodes = new @Nullable ConfigNode[entries.size()];
    Set<String> meant = new HashSet<>();
    boolean good = assign(map, nodes, meant, reading);
    @Nullable Object[] values = new @Nullable Object[entries.size()];
    for (int i = 0; i < values.length; i++) {
      Keys.Entry entry = entries.get(i);
      ConfigNode child = nodes[i];
      if (child != null) {
        values[i] = entry.type().read(child, reading.key(entry.name()));
        good &= values[i] != null;
      } else if (meant.contains(entry.name())) {
        good = false; // the misspelt key was reported, that is enough
      } else {
        good &= absent(entry, i, values, map, reading);
      }
    }
    return good ? make(new Fields(values, reading), map, nodes, reading) : null;
  }

  /** Sorts the entries of a map to the keys of the shape; reports those that belong to none. */
  private boolean assign(
      MapNode map, @Nullable ConfigNode[] nodes, Set<String> meant, Reading reading) {
    List<MapNode.Entry> unknown = new ArrayList<>();
    for (MapNode.Entry entry : map.entries()) {
      Integer index = indexes.get(entry.key());
      if (index != null) {
        nodes[index] = entry.value();
      } else if (kind == null || !entry.key().equals("kind")) {
        unknown.add(entry);
      }
    }
    if (unknown.isEmpty()) {
      return true;
    }
    List<String> free = new ArrayList<>();
    for (int i = 0; i < nodes.length; i++) {
      if (nodes[i] == null) {
        free.add(entries.get(i).name());
      }
    }
    for (MapNode.Entry entry : unknown) {
      if (!reading.isFull()) {
        unknown(entry, free, meant, reading.key(entry.key()));
      }
    }
    return false;
  }

  /**
   * Reports one unknown key; a key that is free and near to it is meant by it, and not missed as
   * well.
   */
  private void unknown(MapNode.Entry entry, List<String> free, Set<String> meant, Reading reading) {
    String replacement = removed.get(entry.key());
    String nearest = Nearest.of(entry.key(), free);
    if (replacement != null) {
      reading.problem(entry.location(), replacement);
    } else if (nearest != null) {
      meant.add(nearest);
      reading.problem(entry.location(), "unknown key (did you mean " + Quoted.of(nearest) + "?)");
    } else {
      reading.problem(entry.location(), "unknown key (expected one of: " + keyList() + ")");
    }
  }

  private boolean absent(
      Keys.Entry entry, int index, @Nullable Object[] values, MapNode map, Reading reading) {
    switch (entry.absence()) {
      case Keys.Absence.Refused refused -> {
        reading.key(entry.name()).problem(map.location(), refused.message());
        return false;
      }
      case Keys.Absence.Default preset -> values[index] = preset.value();
      case Keys.Absence.Section _ -> {
        values[index] =
            entry.type().read(new MapNode(map.location(), List.of()), reading.key(entry.name()));
        return values[index] != null;
      }
      case Keys.Absence.Nothing _ -> {}
    }
    return true;
  }

  private @Nullable T make(
      Fields fields, MapNode map, @Nullable ConfigNode[] nodes, Reading reading) {
    boolean good = true;
    for (Keys.Check check : checks) {
      String problem = check.rule().apply(fields);
      if (problem != null) {
        ConfigNode at = nodes[check.index()];
        Reading position = reading.key(entries.get(check.index()).name());
        Location place = (at == null ? map : at).location();
        if (check.isWarning()) {
          position.warning(place, problem);
        } else {
          position.problem(place, problem);
          good = false;
        }
      }
    }
    if (!good) {
      return null;
    }
    try {
      return constructor.apply(fields);
    } catch (LocatedException e) {
      reading.problem(e.location(), String.valueOf(e.getMessage()));
      return null;
    } catch (IllegalArgumentException e) {
      reading.problem(map.location(), String.valueOf(e.getMessage()));
      return null;
    }
  }

  private String keyList() {
    StringBuilder list = new StringBuilder(kind == null ? "" : "kind");
    for (Keys.Entry entry : entries) {
      list.append(list.isEmpty() ? "" : ", ").append(entry.name());
    }
    return list.isEmpty() ? "no keys" : list.toString();
  }

  @Override
  public String describe() {
    return "map with " + keyList();
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<Object> required = new ArrayList<>();
    if (kind != null) {
      properties.put("kind", Map.of("const", kind));
      required.add("kind");
    }
    for (Keys.Entry entry : entries) {
      Map<String, Object> property = new LinkedHashMap<>();
      property.put("description", entry.doc());
      if (entry.absence() instanceof Keys.Absence.Default preset && preset.json() != null) {
        property.put("default", preset.json());
      } else if (entry.absence() instanceof Keys.Absence.Refused) {
        required.add(entry.name());
      }
      property.putAll(entry.type().schema());
      properties.put(entry.name(), property);
    }
    Map<String, Object> schema =
        ValueTypes.ordered("type", "object", "description", doc, "properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  /** Left out: the inner keys have their own defaults. */
  @Override
  public @Nullable Object json(T value) {
    return null;
  }
}
