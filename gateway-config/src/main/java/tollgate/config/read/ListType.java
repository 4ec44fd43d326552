package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ListNode;
import tollgate.config.text.Location;
import tollgate.config.text.MapNode;

/** A list of values of one type. Immutable. The value is an unmodifiable list. */
public final class ListType<T> implements ValueType<List<T>> {
  private final ValueType<T> item;
  private final int min;
  private final List<Unique<T>> unique;

  /**
   * What no two items may have in common; an item for which {@code of} gives null has nothing in
   * common with any.
   */
  private record Unique<T>(String key, Function<T, @Nullable Object> of) {}

  private ListType(ValueType<T> item, int min, List<Unique<T>> unique) {
    this.item = requireNonNull(item, "item");
    this.min = min;
    this.unique = List.copyOf(unique);
  }

  static <T> ListType<T> of(ValueType<T> item) {
    return new ListType<>(item, 0, List.of());
  }

  /** The same list with at least one item. */
  public ListType<T> nonEmpty() {
    return new ListType<>(item, 1, unique);
  }

  /**
   * The same list in which no two items are equal in one respect.
   *
   * @param key the key of an item that it comes from, for the place of the problem; empty for the
   *     item itself
   * @param of what must differ, or null for an item that is free
   */
  public ListType<T> unique(String key, Function<T, @Nullable Object> of) {
    List<Unique<T>> all = new ArrayList<>(unique);
    all.add(new Unique<>(key, of));
    return new ListType<>(item, min, all);
  }

  /** Whether at least one item is needed. */
  boolean isNonEmpty() {
    return min > 0;
  }

  /** The type of the items. */
  public ValueType<T> item() {
    return item;
  }

  @Override
  public @Nullable List<T> read(ConfigNode node, Reading reading) {
    if (!(node instanceof ListNode list)) {
      reading.refuse(node, "(expected: " + describe() + ")");
      return null;
    }
    if (list.items().size() < min) {
      reading.problem(list.location(), "is empty (expected: at least one)");
      return null;
    }
    List<T> values = new ArrayList<>(list.items().size());
    List<Map<Object, Location>> seen = new ArrayList<>();
    unique.forEach(_ -> seen.add(new HashMap<>()));
    boolean good = true;
    for (int i = 0; i < list.items().size(); i++) {
      ConfigNode child = list.items().get(i);
      Reading position = reading.item(i);
      T value = item.read(child, position);
      if (value == null || !isUnique(value, child, position, seen)) {
        good = false;
      } else {
        values.add(value);
      }
    }
    return good ? List.copyOf(values) : null;
  }

  private boolean isUnique(
      T value, ConfigNode node, Reading reading, List<Map<Object, Location>> seen) {
    boolean good = true;
    for (int i = 0; i < unique.size(); i++) {
      Unique<T> rule = unique.get(i);
      Object property = rule.of().apply(value);
      if (property == null) {
        continue;
      }
      ConfigNode child = node instanceof MapNode map ? map.value(rule.key()) : null;
      ConfigNode place = child == null ? node : child;
      Location first = seen.get(i).putIfAbsent(property, place.location());
      if (first != null) {
        Reading position = child == null ? reading : reading.key(rule.key());
        position.refuse(place, "is there twice (first at " + first + ")");
        good = false;
      }
    }
    return good;
  }

  @Override
  public String describe() {
    return "list of " + item.describe();
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> schema = ValueTypes.ordered("type", "array", "items", item.schema());
    if (min > 0) {
      schema.put("minItems", min);
    }
    return schema;
  }

  @Override
  public @Nullable Object json(List<T> value) {
    List<Object> items = new ArrayList<>(value.size());
    for (T element : value) {
      Object json = item.json(element);
      if (json == null) {
        return null;
      }
      items.add(json);
    }
    return items;
  }
}
