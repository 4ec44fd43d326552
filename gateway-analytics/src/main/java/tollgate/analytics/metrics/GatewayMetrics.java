package tollgate.analytics.metrics;

import static io.netty.buffer.ByteBufAllocator.DEFAULT;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.Outcome;
import tollgate.core.telemetry.CloseReason;
import tollgate.core.telemetry.ConnectionProtocol;
import tollgate.core.telemetry.ConnectionTelemetry;
import tollgate.core.telemetry.ExchangeRecord;
import tollgate.core.telemetry.HandshakeResult;
import tollgate.core.telemetry.Telemetry;
import tollgate.core.upstream.Target;

/**
 * All metrics of the gateway. What is told by {@link Telemetry} and {@link ConnectionTelemetry} is
 * counted per event loop, without a lock and without allocating once the loop has met the label
 * set; {@link #render} sums it up on the thread that calls it, which is never an event loop. The
 * rest is asked from {@link SampleSource}s.
 *
 * <p>Telemetry methods on the event loop they name; all others on any thread.
 */
public final class GatewayMetrics implements Telemetry, ConnectionTelemetry, AutoCloseable {
  private final Families families;
  private final LoopMeters[] loops;
  private final Map<Metric, Supplied> supplied = new EnumMap<>(Metric.class);
  private final ConfigMetrics config = new ConfigMetrics();

  /** Made when somebody first asks: a start has no time for it. Guarded by this. */
  private @Nullable JvmMetrics jvm;

  /** How much the next scrape will probably be. Guarded by this. */
  private int expectedBytes = 1 << 16;

  /**
   * @param loops number of event loops, whose indices are 0 and up
   */
  public GatewayMetrics(MetricsOptions options, int loops) {
    this.families = new Families(options, loops);
    this.loops = new LoopMeters[loops];
    for (int i = 0; i < loops; i++) {
      this.loops[i] = new LoopMeters(families, i);
    }
    for (Metric metric : Metric.values()) {
      if (metric.isSupplied()) {
        supplied.put(metric, new Supplied(metric, options.seriesCap()));
      }
    }
    config.supplyTo(this);
    supply(Metric.BUILD_INFO, sink -> sink.put(1, options.version(), options.revision()));
    supply(Metric.DIRECT_MEMORY, GatewayMetrics::directMemory);
    supply(Metric.METRICS_SERIES, this::series);
    supply(Metric.METRICS_OVERFLOW, this::overflow);
  }

  /** Where loads of the configuration are told. */
  public ConfigMetrics config() {
    return config;
  }

  /** For plug-ins; its meters are rendered with ours. */
  public MeterRegistry registry() {
    return jvm().registry();
  }

  private synchronized JvmMetrics jvm() {
    JvmMetrics made = jvm;
    if (made == null) {
      made = new JvmMetrics();
      jvm = made;
    }
    return made;
  }

  /**
   * Adds a source of samples; several may feed one family.
   *
   * @throws IllegalArgumentException if the family is counted here
   */
  public void supply(Metric metric, SampleSource source) {
    Supplied family = supplied.get(metric);
    if (family == null) {
      throw new IllegalArgumentException(
          "metric: " + metric.familyName() + " (expected: a supplied one)");
    }
    family.add(source);
  }

  /**
   * Tells what the configuration holds that serves from now on. Series of other APIs, operations
   * and upstreams are rendered once more and then no more. Counters of what stays go on.
   */
  public void retain(Collection<RouteHandle> routes, Collection<String> upstreams) {
    families.retain(Retained.of(routes, upstreams));
  }

  /**
   * Renders everything. Takes a while: never on an event loop. One scrape at a time.
   *
   * @param accept value of the Accept field, null if there was none
   */
  public synchronized Scrape render(@Nullable String accept) {
    ExpositionFormat format = ExpositionFormat.preferred(accept);
    Exposition out = new Exposition(format, expectedBytes);
    boolean dropped = false;
    for (Metric metric : Metric.values()) {
      Supplied source = supplied.get(metric);
      Family<CounterCell> counter = families.counter(metric);
      Families.Histogram histogram = families.histogram(metric);
      if (source != null) {
        source.print(out);
      } else if (counter != null) {
        dropped |= print(counter, out);
      } else if (histogram != null) {
        dropped |= print(histogram, out);
      }
    }
    if (dropped) {
      families.renew();
    }
    out.foreign(jvm().scrape(format));
    ByteBuf body = out.take();
    // Grown at most by an eighth until the next scrape, it needs no copying then.
    expectedBytes = body.readableBytes() + (body.readableBytes() >> 3);
    return new Scrape(format.contentType(), body);
  }

  @Override
  public void started(int loop, String listener) {
    loops[loop].started(listener);
  }

  @Override
  public void ended(int loop, ExchangeRecord ended) {
    loops[loop].ended(ended);
  }

  @Override
  public void attempted(int loop, String upstream, Target target, int status, Outcome outcome) {
    loops[loop].attempted(upstream, status, outcome);
  }

  @Override
  public void retried(int loop, String upstream, String reason) {
    loops[loop].retried(upstream, reason);
  }

  @Override
  public void violated(int loop, RouteHandle route, String kind, String direction) {
    loops[loop].violated(route, kind, direction);
  }

  @Override
  public void opened(int loop, String listener, ConnectionProtocol protocol) {
    loops[loop].opened(listener, protocol);
  }

  @Override
  public void agreed(
      int loop, String listener, ConnectionProtocol from, ConnectionProtocol protocol) {
    loops[loop].agreed(listener, from, protocol);
  }

  @Override
  public void closed(int loop, String listener, ConnectionProtocol protocol, CloseReason reason) {
    loops[loop].closed(listener, protocol, reason);
  }

  @Override
  public void handshake(int loop, String listener, HandshakeResult result, String version) {
    loops[loop].handshake(listener, result, version);
  }

  /** A task waited for its loop. On that loop. */
  void lagged(int loop, String group, long nanos) {
    loops[loop].lagged(group, nanos);
  }

  @Override
  public synchronized void close() {
    JvmMetrics made = jvm;
    if (made != null) {
      made.close();
    }
  }

  private static boolean print(Family<CounterCell> family, Exposition out) {
    Family.Printed<CounterCell> printed = family.print();
    if (!printed.series().isEmpty()) {
      out.family(family.metric());
    }
    for (Series<CounterCell> series : printed.series()) {
      out.sample(series);
    }
    return family.drop(printed.leaving());
  }

  private static boolean print(Families.Histogram histogram, Exposition out) {
    Family.Printed<HistogramCell> printed = histogram.family().print();
    if (!printed.series().isEmpty()) {
      out.family(histogram.family().metric());
    }
    for (Series<HistogramCell> series : printed.series()) {
      out.histogram(series, histogram.buckets());
    }
    return histogram.family().drop(printed.leaving());
  }

  private static void directMemory(SampleSink sink) {
    if (DEFAULT instanceof ByteBufAllocatorMetricProvider provider) {
      sink.put(provider.metric().usedDirectMemory());
    }
  }

  private void series(SampleSink sink) {
    for (Metric metric : Metric.values()) {
      Supplied source = supplied.get(metric);
      Family<CounterCell> counter = families.counter(metric);
      Families.Histogram histogram = families.histogram(metric);
      int size = 0;
      if (source != null && metric != Metric.METRICS_SERIES && metric != Metric.METRICS_OVERFLOW) {
        size = source.printed();
      } else if (counter != null) {
        size = counter.size();
      } else if (histogram != null) {
        size = histogram.family().size();
      }
      if (size > 0) {
        sink.put(size, metric.familyName());
      }
    }
  }

  private void overflow(SampleSink sink) {
    for (Metric metric : Metric.values()) {
      Supplied source = supplied.get(metric);
      Family<CounterCell> counter = families.counter(metric);
      Families.Histogram histogram = families.histogram(metric);
      if (source != null && !metric.labels().isEmpty()) {
        sink.put(source.leftOut(), metric.familyName());
      } else if (counter != null) {
        sink.put(Exposition.total(counter.overflow()), metric.familyName());
      } else if (histogram != null) {
        sink.put(
            Exposition.observations(histogram.family().overflow(), histogram.buckets()),
            metric.familyName());
      }
    }
  }
}
