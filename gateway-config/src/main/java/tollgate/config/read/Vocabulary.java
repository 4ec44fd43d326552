package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What configurations may name that is not the configuration's own. Immutable.
 *
 * @param steps of policies
 * @param formats of messages that {@code messages.builders} may name beside the built-in ones
 */
public record Vocabulary(StepShapes steps, List<String> formats) {
  public Vocabulary {
    requireNonNull(steps, "steps");
    formats = List.copyOf(formats);
  }

  /** These steps, and the formats that are built in. */
  public static Vocabulary of(StepShapes steps) {
    return new Vocabulary(steps, List.of());
  }
}
