package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;

/**
 * A step of policies as its module declares it. Immutable.
 *
 * @param name as written: letters and digits, beginning with a small letter
 * @param optionsType what the options become; {@code StepConfig.options(optionsType)} gives them
 *     back
 * @param options how they are written
 * @param places at least one
 * @param doc one or two sentences
 */
public record StepShape<O>(
    String name, Class<O> optionsType, ValueType<O> options, Set<StepPlace> places, String doc) {
  public StepShape {
    if (!name.matches("[a-z][A-Za-z0-9]*")) {
      throw new IllegalArgumentException("name: " + name + " (expected e.g. structuralLimits)");
    }
    requireNonNull(optionsType, "optionsType");
    requireNonNull(options, "options");
    places = Set.copyOf(places);
    if (places.isEmpty()) {
      throw new IllegalArgumentException("places: is empty (expected: at least one)");
    }
    requireNonNull(doc, "doc");
  }

  /** A step whose options are a map. */
  public static <O> StepShape<O> of(String name, Shape<O> options, StepPlace... places) {
    return new StepShape<>(
        name, options.type(), options, Set.copyOf(List.of(places)), options.doc());
  }
}
