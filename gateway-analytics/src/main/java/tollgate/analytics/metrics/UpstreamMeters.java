package tollgate.analytics.metrics;

import java.util.HashMap;
import java.util.Map;
import tollgate.core.fault.Outcome;

/** One loop's cells of one upstream. Event loop only. */
final class UpstreamMeters {
  private static final int OUTCOME_BITS = 6;

  private final Families families;
  private final int loop;
  private final String name;
  private final HistogramCell connect;
  private final CounterTable attempts = new CounterTable();
  private final Map<String, CounterCell> retries = new HashMap<>();

  UpstreamMeters(Families families, int loop, String name) {
    this.families = families;
    this.loop = loop;
    this.name = name;
    this.connect = families.connect(loop, name);
  }

  @SuppressWarnings("EnumOrdinal") // packed into a key that never leaves this object
  void attempted(int status, Outcome outcome) {
    int code = CodeClass.checked(status);
    long key = (long) code << OUTCOME_BITS | outcome.ordinal();
    CounterCell cell = attempts.find(key);
    if (cell == null) {
      cell = families.attempts(loop, name, code, outcome.word());
      attempts.put(key, cell);
    }
    cell.add(1);
  }

  void retried(String reason) {
    CounterCell cell = retries.get(reason);
    if (cell == null) {
      cell = families.retries(loop, name, reason);
      retries.put(reason, cell);
    }
    cell.add(1);
  }

  void connected(long nanos) {
    connect.observe(nanos);
  }
}
