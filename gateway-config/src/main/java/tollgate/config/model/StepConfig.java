package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import tollgate.config.text.Location;

/**
 * One step of a policy. Immutable.
 *
 * @param name as written; decides the type of the options
 * @param options the options record that the step's own shape read
 * @param location of the step, for problems that are found later
 */
public record StepConfig(String name, Object options, Location location) {
  public StepConfig {
    requireNonNull(name, "name");
    requireNonNull(options, "options");
    requireNonNull(location, "location");
  }

  /**
   * The options as their own type.
   *
   * @throws ClassCastException when the step of this name was declared with another options type
   */
  public <O> O options(Class<O> type) {
    return type.cast(options);
  }
}
