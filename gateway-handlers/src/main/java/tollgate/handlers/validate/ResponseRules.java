package tollgate.handlers.validate;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What responses are compared with. Immutable; any thread.
 *
 * @param byStatus by {@code 200}, {@code 2XX} or {@code default}; empty if any status is good
 * @param any for every status, where a schema alone is given; else null
 */
record ResponseRules(Map<String, Rule> byStatus, @Nullable Rule any) {
  ResponseRules {
    byStatus = Map.copyOf(byStatus);
  }

  /** What is declared for some statuses. */
  record Rule(BodyRules body, ParameterChecks headers) {}

  /** Whether nothing is declared, so that everything is good. */
  boolean isEmpty() {
    return any == null && byStatus.isEmpty();
  }

  /** What is declared for a status; null if nothing is. */
  @Nullable Rule of(int status) {
    Rule common = any;
    if (common != null) {
      return common;
    }
    Rule exact = byStatus.get(Integer.toString(status));
    if (exact != null) {
      return exact;
    }
    Rule range = byStatus.get(status / 100 + "XX");
    return range != null ? range : byStatus.get("default");
  }
}
