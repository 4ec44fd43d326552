package tollgate.config.read;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All steps that policies may use, by name. Immutable. */
public final class StepShapes {
  private static final StepShapes NONE = new StepShapes(Map.of());

  private final Map<String, StepShape<?>> byName;

  private StepShapes(Map<String, StepShape<?>> byName) {
    this.byName = Collections.unmodifiableMap(new TreeMap<>(byName));
  }

  /**
   * The registry of some steps.
   *
   * @throws IllegalArgumentException when two have the same name
   */
  public static StepShapes of(Collection<? extends StepShape<?>> steps) {
    Map<String, StepShape<?>> byName = new TreeMap<>();
    for (StepShape<?> step : steps) {
      if (byName.put(step.name(), step) != null) {
        throw new IllegalArgumentException("steps: " + step.name() + " is there twice");
      }
    }
    return new StepShapes(byName);
  }

  /** As the other {@code of}. */
  public static StepShapes of(StepShape<?>... steps) {
    return of(List.of(steps));
  }

  /** A registry without steps. */
  public static StepShapes none() {
    return NONE;
  }

  /** The step of a name, or null when there is none. */
  public @Nullable StepShape<?> step(String name) {
    return byName.get(name);
  }

  /** All steps in order of their names. */
  public Collection<StepShape<?>> all() {
    return byName.values();
  }

  /** The steps of one list in order of their names. */
  List<StepShape<?>> in(StepPlace place) {
    return byName.values().stream()
        .<StepShape<?>>map(step -> step)
        .filter(step -> step.places().contains(place))
        .toList();
  }
}
