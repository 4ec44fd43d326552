package tollgate.analytics.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The counted families, and the labels of each at every detail. Any thread; the loops share it and
 * come here only for label sets that are new to them.
 */
final class Families {
  static final String ALL = "_all";

  /** A family of histograms and its bounds. */
  record Histogram(Family<HistogramCell> family, Buckets buckets) {}

  final Family<CounterCell> requests;
  final Family<HistogramCell> requestDuration;
  final Family<HistogramCell> overhead;
  final Family<HistogramCell> upstreamDuration;
  final Family<CounterCell> requestBytes;
  final Family<CounterCell> responseBytes;
  final Family<CounterCell> inFlight;
  final Family<CounterCell> connections;
  final Family<CounterCell> connectionsClosed;
  final Family<CounterCell> handshakes;
  final Family<CounterCell> attempts;
  final Family<CounterCell> retries;
  final Family<CounterCell> validationFailures;
  final Family<HistogramCell> connect;
  final Family<HistogramCell> loopLag;
  private final Map<Metric, Family<CounterCell>> counters = new EnumMap<>(Metric.class);
  private final Map<Metric, Histogram> histograms = new EnumMap<>(Metric.class);
  private final int loops;
  private final MetricsOptions options;

  private volatile Retained retained = Retained.EVERYTHING;
  private volatile int epoch;

  Families(MetricsOptions options, int loops) {
    Buckets buckets = Buckets.of(options.buckets());
    Buckets fineBuckets = Buckets.of(options.fineBuckets());
    this.options = options;
    this.loops = loops;
    requests = counter(Metric.REQUESTS, Retained::apiCount);
    requestDuration = histogram(Metric.REQUEST_DURATION, buckets, Retained::apiCount);
    overhead = histogram(Metric.OVERHEAD, fineBuckets, Retained::apiCount);
    upstreamDuration = histogram(Metric.UPSTREAM_DURATION, buckets, Retained::apiCount);
    requestBytes = counter(Metric.REQUEST_BODY_BYTES, Retained::apiCount);
    responseBytes = counter(Metric.RESPONSE_BODY_BYTES, Retained::apiCount);
    inFlight = counter(Metric.REQUESTS_IN_FLIGHT, Families::none);
    connections = counter(Metric.CONNECTIONS, Families::none);
    connectionsClosed = counter(Metric.CONNECTIONS_TOTAL, Families::none);
    handshakes = counter(Metric.TLS_HANDSHAKES, Families::none);
    attempts = counter(Metric.UPSTREAM_REQUESTS, Retained::upstreamCount);
    retries = counter(Metric.UPSTREAM_RETRIES, Retained::upstreamCount);
    validationFailures = counter(Metric.VALIDATION_FAILURES, Retained::apiCount);
    connect = histogram(Metric.UPSTREAM_CONNECT, fineBuckets, Retained::upstreamCount);
    loopLag = histogram(Metric.EVENT_LOOP_LAG, fineBuckets, Families::none);
  }

  /** Counters, and gauges counted up and down; null for other metrics. */
  @Nullable Family<CounterCell> counter(Metric metric) {
    return counters.get(metric);
  }

  /** Null for other metrics. */
  @Nullable Histogram histogram(Metric metric) {
    return histograms.get(metric);
  }

  /** Changes whenever a loop must look up its cells anew. */
  int epoch() {
    return epoch;
  }

  Retained retained() {
    return retained;
  }

  synchronized void retain(Retained now) {
    retained = now;
    for (Family<CounterCell> family : counters.values()) {
      family.retain(now);
    }
    for (Histogram histogram : histograms.values()) {
      histogram.family().retain(now);
    }
    renew();
  }

  synchronized void renew() {
    epoch++;
  }

  CounterCell requests(
      int loop,
      String listener,
      ApiName api,
      String operation,
      String method,
      int code,
      String outcome) {
    String status = Integer.toString(code);
    String name = api.api();
    String version = api.version();
    Subject whole = new Subject(api, null, null);
    return requests.cell(
        loop,
        api,
        requests.candidate(
            Subject.of(api, operation),
            listener,
            name,
            version,
            operation,
            method,
            status,
            outcome),
        requests.candidate(whole, listener, name, version, ALL, method, status, outcome),
        requests.candidate(whole, ALL, name, version, ALL, ALL, CodeClass.text(code), ALL),
        requests.candidate(whole, ALL, name, version, ALL, ALL, ALL, ALL));
  }

  HistogramCell duration(
      Family<HistogramCell> family, int loop, ApiName api, String operation, String codeClass) {
    String name = api.api();
    String version = api.version();
    Subject whole = new Subject(api, null, null);
    return family.cell(
        loop,
        api,
        family.candidate(Subject.of(api, operation), name, version, operation, codeClass),
        family.candidate(whole, name, version, ALL, codeClass),
        family.candidate(whole, name, version, ALL, ALL));
  }

  HistogramCell upstreamDuration(
      int loop, ApiName api, String operation, String upstream, String codeClass) {
    String name = api.api();
    String version = api.version();
    Subject whole = new Subject(api, null, null);
    return upstreamDuration.cell(
        loop,
        api,
        upstreamDuration.candidate(
            new Subject(api, operation, upstream), name, version, operation, upstream, codeClass),
        upstreamDuration.candidate(
            new Subject(api, null, upstream), name, version, ALL, upstream, codeClass),
        upstreamDuration.candidate(whole, name, version, ALL, ALL, ALL));
  }

  CounterCell bytes(Family<CounterCell> family, int loop, ApiName api) {
    return family.cell(
        loop, api, family.candidate(new Subject(api, null, null), api.api(), api.version()));
  }

  CounterCell attempts(int loop, String upstream, int code, String outcome) {
    Subject subject = Subject.of(upstream);
    return attempts.cell(
        loop,
        upstream,
        attempts.candidate(subject, upstream, Integer.toString(code), outcome),
        attempts.candidate(subject, upstream, CodeClass.text(code), ALL),
        attempts.candidate(subject, upstream, ALL, ALL));
  }

  CounterCell retries(int loop, String upstream, String reason) {
    return retries.cell(loop, upstream, retries.candidate(Subject.of(upstream), upstream, reason));
  }

  CounterCell validationFailures(int loop, ApiName api, String kind, String direction) {
    String name = api.api();
    String version = api.version();
    Subject whole = new Subject(api, null, null);
    return validationFailures.cell(
        loop,
        api,
        validationFailures.candidate(whole, name, version, kind, direction),
        validationFailures.candidate(whole, name, version, ALL, ALL));
  }

  HistogramCell connect(int loop, String upstream) {
    return connect.cell(loop, upstream, connect.candidate(Subject.of(upstream), upstream));
  }

  /** A family of what lasts as long as the process: labels that begin with its owner. */
  static <C> C lasting(Family<C> family, int loop, String... values) {
    return family.cell(loop, values[0], family.candidate(Subject.LASTING, values));
  }

  private Family<CounterCell> counter(Metric metric, ToIntFunction<Retained> owners) {
    Family<CounterCell> family = new Family<>(metric, options, loops, CounterCell::new, owners);
    counters.put(metric, family);
    return family;
  }

  private Family<HistogramCell> histogram(
      Metric metric, Buckets buckets, ToIntFunction<Retained> owners) {
    Family<HistogramCell> family =
        new Family<>(metric, options, loops, () -> new HistogramCell(buckets), owners);
    histograms.put(metric, new Histogram(family, buckets));
    return family;
  }

  /** Listeners and loop groups are not counted by the configuration that is reloaded. */
  private static int none(Retained retained) {
    return 0;
  }
}
