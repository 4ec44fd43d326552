package tollgate.handlers;

import static java.util.Objects.requireNonNull;

import tollgate.config.model.StepConfig;

/**
 * The code of a step failed where its handler was made or its fitness asked for: a plug-in's bug.
 */
public final class StepFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient StepConfig step;

  StepFailedException(StepConfig step, Throwable cause) {
    super(step.name() + ": " + cause, cause);
    this.step = requireNonNull(step, "step");
  }

  public StepConfig step() {
    return step;
  }
}
