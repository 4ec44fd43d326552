package tollgate.analytics.metrics;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.telemetry.ExchangeRecord;

/** One loop's cells of one operation. Event loop only. */
final class RouteMeters {
  /** The histograms of one class of status. */
  private record Durations(HistogramCell duration, HistogramCell overhead) {}

  private static final int OUTCOME_BITS = 6;
  private static final int CODE_BITS = 10;

  private final Families families;
  private final int loop;
  private final ApiName api;
  private final String operation;
  private final CounterCell requestBytes;
  private final CounterCell responseBytes;
  private final CounterTable requests = new CounterTable();
  private final @Nullable Durations[] durations = new @Nullable Durations[CodeClass.COUNT];

  /** By kind and direction. */
  private final Map<String, CounterCell> validationFailures = new HashMap<>(0);

  // An operation has one upstream nearly always, so the last one is found by comparing references.
  private @Nullable String upstream;
  private @Nullable HistogramCell[] upstreamDurations =
      new @Nullable HistogramCell[CodeClass.COUNT];

  RouteMeters(Families families, int loop, RouteHandle route) {
    this.families = families;
    this.loop = loop;
    this.api = ApiName.of(route);
    this.operation = families.retained().collapses(api) ? Families.ALL : route.operation();
    this.requestBytes = families.bytes(families.requestBytes, loop, api);
    this.responseBytes = families.bytes(families.responseBytes, loop, api);
  }

  void ended(ExchangeRecord ended, ListenerMeters listener, MethodIndex methods) {
    int code = CodeClass.checked(ended.status());
    count(ended, listener, methods, code);
    requestBytes.add(ended.requestBytes());
    responseBytes.add(ended.responseBytes());
    Durations cells = durations(code);
    cells.duration.observe(ended.durationNanos(), ended.trace(), ended.epochMillis());
    cells.overhead.observe(ended.overheadNanos());
    String name = ended.upstream();
    if (name != null && ended.upstreamNanos() >= 0) {
      upstreamDuration(name, code).observe(ended.upstreamNanos());
    }
  }

  void violated(String kind, String direction) {
    validationFailures
        .computeIfAbsent(
            kind + ' ' + direction, _ -> families.validationFailures(loop, api, kind, direction))
        .add(1);
  }

  @SuppressWarnings("EnumOrdinal") // packed into a key that never leaves this object
  private void count(ExchangeRecord ended, ListenerMeters listener, MethodIndex methods, int code) {
    int method = methods.of(ended.request().method());
    long key = listener.index();
    key = key << MethodIndex.BITS | method;
    key = key << CODE_BITS | code;
    key = key << OUTCOME_BITS | ended.outcome().ordinal();
    CounterCell cell = requests.find(key);
    if (cell == null) {
      cell =
          families.requests(
              loop,
              listener.name(),
              api,
              operation,
              methods.label(method),
              code,
              ended.outcome().word());
      requests.put(key, cell);
    }
    cell.add(1);
  }

  private Durations durations(int code) {
    int codeClass = CodeClass.of(code);
    Durations cells = durations[codeClass];
    if (cells == null) {
      String text = CodeClass.text(code);
      cells =
          new Durations(
              families.duration(families.requestDuration, loop, api, operation, text),
              families.duration(families.overhead, loop, api, operation, text));
      durations[codeClass] = cells;
    }
    return cells;
  }

  private HistogramCell upstreamDuration(String name, int code) {
    if (!name.equals(upstream)) {
      upstream = name;
      upstreamDurations = new @Nullable HistogramCell[CodeClass.COUNT];
    }
    int codeClass = CodeClass.of(code);
    HistogramCell cell = upstreamDurations[codeClass];
    if (cell == null) {
      cell = families.upstreamDuration(loop, api, operation, name, CodeClass.text(code));
      upstreamDurations[codeClass] = cell;
    }
    return cell;
  }
}
