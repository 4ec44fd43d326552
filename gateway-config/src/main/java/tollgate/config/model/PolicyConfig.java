package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * {@code kind: Policy}: steps that several APIs share. Immutable. Both lists run top to bottom.
 *
 * @param request steps on the way to the upstream
 * @param response steps on the way back
 */
public record PolicyConfig(String name, List<StepConfig> request, List<StepConfig> response) {
  public PolicyConfig {
    requireNonNull(name, "name");
    request = List.copyOf(request);
    response = List.copyOf(response);
  }
}
