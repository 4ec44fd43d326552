package tollgate.handlers.validate;

import tools.jackson.databind.JsonNode;

/** Compares JSON values with one schema. Immutable; any thread. */
interface JsonChecker {
  /** Adds what is wrong with a value; adds nothing if it is good. */
  void check(JsonNode value, Violations into);
}
