package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.StepConfig;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ListNode;
import tollgate.config.text.MapNode;
import tollgate.config.text.Nearest;
import tollgate.config.text.Quoted;
import tollgate.config.text.ScalarNode;

/** A list of steps, each a map with one key: the name of the step. Immutable. */
final class StepListType implements ValueType<List<StepConfig>> {
  private final StepShapes steps;
  private final StepPlace place;

  StepListType(StepShapes steps, StepPlace place) {
    this.steps = requireNonNull(steps, "steps");
    this.place = requireNonNull(place, "place");
  }

  @Override
  public @Nullable List<StepConfig> read(ConfigNode node, Reading reading) {
    if (!(node instanceof ListNode list)) {
      reading.refuse(node, "(expected: " + describe() + ")");
      return null;
    }
    List<StepConfig> read = new ArrayList<>(list.items().size());
    for (int i = 0; i < list.items().size(); i++) {
      StepConfig step = readItem(list.items().get(i), reading.item(i));
      if (step != null) {
        read.add(step);
      }
    }
    return read.size() == list.items().size() ? read : null;
  }

  private @Nullable StepConfig readItem(ConfigNode node, Reading reading) {
    if (!(node instanceof MapNode map) || map.entries().size() != 1) {
      reading.refuse(node, "(expected: a map with one key, the name of a step)");
      return null;
    }
    MapNode.Entry entry = map.entries().getFirst();
    Reading position = reading.key(entry.key());
    StepShape<?> shape = steps.step(entry.key());
    if (shape == null) {
      position.problem(entry.location(), "unknown step" + known(entry.key()));
      return null;
    }
    if (!shape.places().contains(place)) {
      position.problem(
          entry.location(),
          "cannot stand in " + place.word() + " (expected: in " + otherPlaces(shape) + ")");
      return null;
    }
    Object options = readOptions(shape, entry, position);
    return options == null ? null : new StepConfig(entry.key(), options, entry.location());
  }

  private static @Nullable Object readOptions(
      StepShape<?> shape, MapNode.Entry entry, Reading reading) {
    boolean bare =
        shape.options() instanceof Shape<?>
            && entry.value() instanceof ScalarNode scalar
            && scalar.isNull();
    ConfigNode node = bare ? new MapNode(entry.location(), List.of()) : entry.value();
    return shape.options().read(node, reading);
  }

  private String known(String name) {
    List<String> names = names();
    String nearest = Nearest.of(name, names);
    if (nearest != null) {
      return " (did you mean " + Quoted.of(nearest) + "?)";
    }
    return names.isEmpty()
        ? " (expected: none, no step is known)"
        : " (expected one of: " + String.join(", ", names) + ")";
  }

  private List<String> names() {
    return steps.in(place).stream().map(StepShape::name).toList();
  }

  private static String otherPlaces(StepShape<?> shape) {
    return String.join(" or ", shape.places().stream().map(StepPlace::word).sorted().toList());
  }

  @Override
  public String describe() {
    return "list of steps";
  }

  @Override
  public Map<String, Object> schema() {
    List<Object> items = new ArrayList<>();
    for (StepShape<?> step : steps.in(place)) {
      items.add(
          ValueTypes.ordered(
              "type",
              "object",
              "properties",
              Map.of(step.name(), optionsSchema(step)),
              "required",
              List.of(step.name()),
              "additionalProperties",
              false));
    }
    return items.isEmpty()
        ? ValueTypes.ordered("type", "array", "maxItems", 0)
        : ValueTypes.ordered("type", "array", "items", Map.of("oneOf", items));
  }

  private static Map<String, Object> optionsSchema(StepShape<?> step) {
    Map<String, Object> schema = ValueTypes.ordered("description", step.doc());
    schema.putAll(step.options().schema());
    if (step.options() instanceof Shape<?> && !schema.containsKey("required")) {
      schema.put("type", List.of("object", "null")); // "- step:" alone
    }
    return schema;
  }

  @Override
  public Object json(List<StepConfig> value) {
    return List.of();
  }
}
