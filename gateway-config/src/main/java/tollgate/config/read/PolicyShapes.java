package tollgate.config.read;

import static tollgate.config.read.ValueTypes.name;

import java.util.List;
import tollgate.config.model.PolicyConfig;
import tollgate.config.model.StepConfig;

/** The keys of {@code kind: Policy}. */
final class PolicyShapes {
  private PolicyShapes() {}

  static Shape<PolicyConfig> policy(StepShapes steps) {
    return Shape.ofKind(
        "Policy",
        PolicyConfig.class,
        "Steps that several APIs share.",
        keys -> {
          var name = keys.required("name", name(), "Name that APIs use; unique.");
          var request =
              keys.withDefault(
                  "request",
                  new StepListType(steps, StepPlace.REQUEST),
                  List.<StepConfig>of(),
                  "Steps on the way to the upstream, run top to bottom.");
          var response =
              keys.withDefault(
                  "response",
                  new StepListType(steps, StepPlace.RESPONSE),
                  List.<StepConfig>of(),
                  "Steps on the way back, run top to bottom.");
          return fields ->
              new PolicyConfig(fields.get(name), fields.get(request), fields.get(response));
        });
  }
}
