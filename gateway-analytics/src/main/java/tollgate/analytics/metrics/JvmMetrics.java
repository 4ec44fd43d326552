package tollgate.analytics.metrics;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** {@code jvm_*} and {@code process_*} by Micrometer, and what plug-ins register. Any thread. */
final class JvmMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  JvmMetrics() {
    ManagementFactory.getGarbageCollectorMXBeans().forEach(this::collector);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
  }

  MeterRegistry registry() {
    return registry;
  }

  String scrape(ExpositionFormat format) {
    return registry.scrape(format.contentType());
  }

  /**
   * By what the collector itself counts: Micrometer's own binder has each collection told to it,
   * which wakes a thread and costs more than many a collection does.
   */
  private void collector(GarbageCollectorMXBean collector) {
    FunctionTimer.builder(
            "jvm.gc.collection",
            collector,
            GarbageCollectorMXBean::getCollectionCount,
            GarbageCollectorMXBean::getCollectionTime,
            TimeUnit.MILLISECONDS)
        .description("Collections and the time they took.")
        .tag("gc", collector.getName())
        .register(registry);
  }

  @Override
  public void close() {
    registry.close();
  }
}
