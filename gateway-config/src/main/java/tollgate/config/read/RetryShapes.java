package tollgate.config.read;

import static tollgate.config.read.ValueTypes.integer;
import static tollgate.config.read.ValueTypes.listOf;
import static tollgate.config.read.ValueTypes.ordered;
import static tollgate.config.read.ValueTypes.percent;

import java.util.List;
import tollgate.config.model.RetryConfig;
import tollgate.config.model.RetryConfig.On;

/** The keys of {@code retry} of an upstream. */
final class RetryShapes {
  /** A number may stand there without quotes. */
  private static final ScalarType<On> ON =
      new ScalarType<>(
          "one of connect-failure, reset, timeout, 429, 500 to 599",
          "connect-failure",
          (scalar, _) -> On.parse(scalar.text()),
          On::word,
          ordered(
              "type",
              List.of("string", "integer"),
              "pattern",
              "^(?:connect-failure|reset|timeout|" + On.Status.PATTERN + ")$|\\$\\{",
              "minimum",
              429,
              "maximum",
              599));

  static final Shape<RetryConfig> RETRY =
      Shape.of(
          RetryConfig.class,
          "When a request is sent once more: only if it is safe to repeat, and to another target if"
              + " there is one.",
          keys -> {
            var attempts =
                keys.withDefault(
                    "attempts",
                    integer(1, RetryConfig.MAX_ATTEMPTS),
                    RetryConfig.DEFAULT_ATTEMPTS,
                    "Attempts for one request, the first included; 1 is never again.");
            var on =
                keys.withDefault(
                    "on",
                    listOf(ON),
                    List.of(),
                    "Reasons beside a reused connection that died before it answered.");
            var budget =
                keys.withDefault(
                    "budget",
                    percent(),
                    RetryConfig.DEFAULT_BUDGET,
                    "Most retries, of requests; beyond a reserve of 10 for each event loop.");
            return fields ->
                new RetryConfig(fields.get(attempts), fields.get(on), fields.get(budget));
          });

  private RetryShapes() {}
}
