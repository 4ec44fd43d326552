package tollgate.core.telemetry;

import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.Outcome;
import tollgate.core.upstream.Target;

/**
 * Is told what happens, on the event loop it happens on; counts in what belongs to that loop and
 * never blocks.
 */
public interface Telemetry {
  Telemetry NONE =
      new Telemetry() {
        @Override
        public void started(int loop, String listener) {}

        @Override
        public void ended(int loop, ExchangeRecord ended) {}

        @Override
        public void attempted(
            int loop, String upstream, Target target, int status, Outcome outcome) {}

        @Override
        public void retried(int loop, String upstream, String reason) {}
      };

  void started(int loop, String listener);

  void ended(int loop, ExchangeRecord ended);

  /** One attempt is over: its status, or 0 and why. */
  void attempted(int loop, String upstream, Target target, int status, Outcome outcome);

  void retried(int loop, String upstream, String reason);

  /**
   * A message violated its schema.
   *
   * @param kind {@code openapi}, {@code json_schema} or {@code xsd}
   * @param direction {@code request} or {@code response}
   */
  default void violated(int loop, RouteHandle route, String kind, String direction) {}
}
