package tollgate.analytics.telemetry;

import org.jspecify.annotations.Nullable;
import tollgate.analytics.accesslog.AccessLog;
import tollgate.analytics.metrics.GatewayMetrics;
import tollgate.analytics.metrics.Metric;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.Outcome;
import tollgate.core.telemetry.ExchangeRecord;
import tollgate.core.telemetry.Telemetry;
import tollgate.core.upstream.Target;

/** Metrics and access log as one object for the core. On the event loop each call names. */
public final class RecordingTelemetry implements Telemetry {
  private static final String SINK = "access_log";

  private final GatewayMetrics metrics;
  private final AccessLog log;

  private RecordingTelemetry(GatewayMetrics metrics, AccessLog log) {
    this.metrics = metrics;
    this.log = log;
  }

  /**
   * Feeds both, and has the metrics tell what the log drops.
   *
   * @param log null where there is no access log
   */
  public static Telemetry of(GatewayMetrics metrics, @Nullable AccessLog log) {
    if (log == null) {
      return metrics;
    }
    metrics.supply(Metric.LOG_DROPPED, sink -> sink.put(log.dropped(), SINK));
    return new RecordingTelemetry(metrics, log);
  }

  @Override
  public void started(int loop, String listener) {
    metrics.started(loop, listener);
  }

  @Override
  public void ended(int loop, ExchangeRecord ended) {
    metrics.ended(loop, ended);
    log.offer(loop, ended);
  }

  @Override
  public void attempted(int loop, String upstream, Target target, int status, Outcome outcome) {
    metrics.attempted(loop, upstream, target, status, outcome);
  }

  @Override
  public void retried(int loop, String upstream, String reason) {
    metrics.retried(loop, upstream, reason);
  }

  @Override
  public void violated(int loop, RouteHandle route, String kind, String direction) {
    metrics.violated(loop, route, kind, direction);
  }
}
